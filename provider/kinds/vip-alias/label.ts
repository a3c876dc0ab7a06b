import { declarationsOf, networkDialects } from "../../dialects/network/choose";
import { linesAt, type NetworkConfig } from "../../facts/network/managers";
import { splitPrefix } from "../../model/network/interface-address";
import { defaultLabel, freeLabel, isNumbered } from "../../model/network/label";
import type { Vip } from "../../model/network/vip";
import { addressesOf, type VipSeen } from "./observation";

type Seen = Pick<VipSeen, "addresses" | "networkConfig">;
type Labelled = Pick<Vip, "address" | "device"> & { readonly label?: string | undefined };

/**
 * A VIP with the label that it gets on this host, and without one where it gets none. The default label stands for any number, and
 * for what the host's own configuration says: it is that, else the one that the address has already, live or at boot, else the first free.
 */
export function withLabel<V extends Vip>(vip: V, seen: Seen): V {
  const { label: _, ...rest } = vip;
  const label = labelFor(vip, seen);
  return { ...rest, ...(label !== undefined && { label }) } as V;
}

/** Whether a label is as desired. An address without one has the name of its device. */
export function isRightLabel(found: string | undefined, { label, device }: Labelled): boolean {
  if (found === label) return true;
  return found !== undefined && label === defaultLabel(device) && isNumbered(found, device);
}

/**
 * Another address with this label, if that one may keep it: of two VIPs of one run that both took the first free label, the one that
 * sorts first has it.
 */
export function earlierOwner(label: string, { address, device }: Labelled, seen: Seen): string | undefined {
  const { ip } = splitPrefix(address);
  const all = seen.addresses.addresses;
  return all.find((one) => one.device === device && one.label === label && one.ip < ip)?.ip;
}

function labelFor(vip: Vip, seen: Seen): string | undefined {
  const { label, device } = vip;
  if (label === undefined || label === device) return undefined;
  if (label !== defaultLabel(device)) return label;
  // On another device it is no label of this one; what is wrong then is said where the boot configuration is written.
  const here = vip.boot ? declarationsOf(vip, seen.networkConfig).filter((one) => one.device === device) : [];
  const [declared] = here.flatMap((one) => one.label ?? []);
  if (declared !== undefined) return declared === device ? undefined : declared;
  const others = labelsOfOthers(vip, seen);
  const { prefix } = splitPrefix(vip.address);
  // Of several forms that of ours: another one goes, and its label with it.
  const forms = addressesOf(seen.addresses, vip);
  const live = [...forms.filter((one) => one.prefix === prefix), ...forms].flatMap((one) => one.label ?? []);
  const own = live.find((one) => isNumbered(one, device) && earlierOwner(one, vip, seen) === undefined);
  const kept = own ?? ownBootLabels(vip, seen.networkConfig).find((one) => isNumbered(one, device) && !others.has(one));
  return kept ?? freeLabel(device, (one) => others.has(one));
}

/** Labels of this device that another address has, or another file mentions. */
function labelsOfOthers(vip: Labelled, { addresses: { addresses }, networkConfig }: Seen): ReadonlySet<string> {
  const { ip } = splitPrefix(vip.address);
  const own = filesOf(vip, networkConfig);
  const files = [...networkConfig.files.keys()].filter((path) => !own.includes(path));
  return new Set([
    ...addresses.filter((one) => one.ip !== ip).flatMap((one) => one.label ?? []),
    ...files.flatMap((path) => labelsIn(path, vip.device, networkConfig)),
  ]);
}

function ownBootLabels(vip: Labelled, config: NetworkConfig): string[] {
  return filesOf(vip, config).flatMap((path) => labelsIn(path, vip.device, config));
}

function filesOf({ address, device }: Labelled, config: NetworkConfig): string[] {
  const vip = { role: "director", address, device, boot: true, live: true } as const;
  return networkDialects.flatMap(({ filesFor }) => filesFor(vip, config));
}

/** Every label of the device in a file or its name, whatever it means there. */
function labelsIn(path: string, device: string, config: NetworkConfig): string[] {
  const lines = [path, ...(linesAt(config, path) ?? [])];
  return lines.flatMap((line) =>
    line
      .split(/[^\w.:-]+/)
      .flatMap((word) => word.split("ifcfg-"))
      .filter((word) => word.startsWith(`${device}:`)),
  );
}
