import { hasBootConfig, unusedFiles } from "../../dialects/network/forget";
import type { Address } from "../../facts/network/addresses";
import { splitPrefix } from "../../model/network/interface-address";
import { defaultLabel } from "../../model/network/label";
import type { Vip } from "../../model/network/vip";
import { isContradicted, isPersisted, keepsLabel } from "./boot-config";
import { formsOf, hasEnd, textOf } from "./forms";
import { earlierOwner, isRightLabel, withLabel } from "./label";
import { linkProblem, type VipSeen } from "./observation";
import type { WantedVip } from "./schema";

/**
 * The VIP as the host has it; undefined if neither its interface nor its boot configuration has the address. Of several prefix lengths one
 * is shown that has to go, then the desired one, then one that is the host's own.
 */
export function observeVip(seen: VipSeen, want: WantedVip, lastApplied?: Vip): Vip | undefined {
  const { wanted, strays, kept } = formsOf(seen, want, lastApplied);
  const own = wanted !== undefined && kept.includes(wanted) ? undefined : wanted;
  const found = strays[0] ?? own ?? wanted ?? kept[0];
  if (found === undefined && !hasBootConfig(want, seen.networkConfig)) return undefined;
  const adopted = found !== undefined && kept.includes(found);
  const label = adopted ? found.label : labelOf(found, want, seen, lastApplied);
  return {
    role: want.role,
    address: found === undefined ? want.address : textOf({ ...found, ip: splitPrefix(want.address).ip }),
    device: want.device,
    ...(label !== undefined && { label }),
    ...bootState(want, seen, adopted),
    live: found !== undefined && stays(found, adopted) && linkProblem(want, seen.addresses) === undefined,
    ...(adopted && { adopted }),
    otherForms: otherForms(found, kept, lastApplied),
  };
}

/** The host's own may come from a DHCP client, which renews it. */
function stays(found: Address, adopted: boolean): boolean {
  return !found.dadFailed && (adopted || !hasEnd(found));
}

/** One that is gone for now stays known: when it is back, it is no stranger's. */
function otherForms(found: Address | undefined, kept: readonly Address[], lastApplied: Vip | undefined): string[] {
  const all = new Set([...(lastApplied?.otherForms ?? []), ...kept.map(textOf)]);
  if (found !== undefined) all.delete(textOf(found));
  return [...all].sort();
}

/**
 * A manager that cannot write labels leaves the device's name in their place, and the host's own configuration may have the address without
 * the default label, or with another. That is no drift.
 */
function labelOf(
  found: Address | undefined,
  want: WantedVip,
  seen: VipSeen,
  lastApplied: Vip | undefined,
): string | undefined {
  const { label, device } = want;
  if (label === undefined) return undefined;
  if (found?.label === undefined || (found.label === device && !keepsLabel(want, seen.networkConfig))) {
    const last = lastApplied?.label;
    return isRightLabel(last, want) ? last : label;
  }
  const owner = found.label === device ? undefined : earlierOwner(found.label, want, seen);
  if (owner !== undefined) return `${found.label}, of ${owner} too`;
  return isRightLabel(found.label, want) || found.label !== (withLabel(want, seen).label ?? device)
    ? found.label
    : label;
}

function bootState(want: WantedVip, seen: VipSeen, adopted: boolean): Pick<Vip, "boot" | "bootFile"> {
  const { networkConfig } = seen;
  // An adopted address keeps its label, so the one of its boot configuration is that of the program or that of the host.
  const labels = adopted ? [want.label, defaultLabel(want.device), want.device] : [want.label];
  const vips = labels.map((label) => withLabel({ ...want, ...(label !== undefined && { label }) }, seen));
  const boot = vips.some((vip) => isPersisted(vip, networkConfig, want.networkManager));
  const differs =
    !boot &&
    (hasBootConfig(want, networkConfig) ||
      unusedFiles(want.device, networkConfig).length > 0 ||
      vips.every((vip) => isContradicted(vip, networkConfig)));
  return { boot, ...(differs && { bootFile: "differs" }) };
}
