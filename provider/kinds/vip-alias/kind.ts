import { networkFact } from "../../dialects/network/choose";
import { isArpSetting, planRestore, type Restore, renderRestore } from "../../dialects/sysctl/restore";
import { addresses } from "../../facts/network/addresses";
import { sysctlFiles, sysctlValues } from "../../facts/sysctl/values";
import { isDummy } from "../../model/network/device";
import { splitAddress } from "../../model/network/interface-address";
import { type Vip } from "../../model/network/vip";
import { DR_PATTERNS } from "../../model/sysctl/dr-settings";
import type { Step } from "../../step";
import type { Kind } from "../kind";
import { hasBootConfig, isPersisted, keepsLabel, persist, remove, unpersist, unusedFiles } from "./boot";
import { advice, bringDown, bringUp, removeLink, ruleOf } from "./live";
import { vip, type WantedVip } from "./schema";
import { formsOf, type VipSeen } from "./seen";

export type VipChange =
  | { readonly op: "up" | "keep"; readonly vip: WantedVip }
  | { readonly op: "forget" | "remove"; readonly vip: Vip }
  | { readonly op: "unlink"; readonly device: string }
  | { readonly op: "clear"; readonly paths: readonly string[] }
  | Restore;

/** A VIP on one interface of one host: live, and at boot by the host's own network configuration. */
export const vipAlias: Kind<WantedVip, Vip, VipSeen, VipChange> = {
  name: "VipAlias",
  schema: vip,
  identity: ["role", "address", "device"],
  observedProperties: ["role", "address", "device", "label", "boot", "bootFile", "live"],
  renamed: { network: "networkManager" },
  key: ({ address, device }) => `${splitAddress(address).ip} on ${device}`,
  commands: ruleOf,
  facts: ({ role }) => ({
    addresses,
    network: networkFact,
    ...(role === "realServer" && { values: sysctlValues(...DR_PATTERNS), files: sysctlFiles }),
  }),
  observe: find,
  plan,
  render,
  cleanup: sweep,
  lockoutProblem: ({ address }, reachedAt) => {
    const { ip } = splitAddress(address);
    if (ip !== reachedAt.address.replace(/^::ffff:(?=\d+\.)/i, "")) return undefined;
    return {
      property: "address",
      reason: `${ip} is where we reach this host by SSH, so removing the VIP would cut us off. Reach the host at an address of its own`,
    };
  },
  // One label is one file of network-scripts, and one name in ifupdown.
  conflictsWith: (olds, news) => olds.label !== undefined && olds.label === news.label,
  advice,
};

function find({ addresses: seen, network }: VipSeen, want: WantedVip): Vip | undefined {
  const forms = formsOf(seen, want);
  if (forms.length === 0 && !hasBootConfig(want, network)) return undefined;
  const [form] = forms;
  const { ip } = splitAddress(want.address);
  // The kernel says the device where there is no label, and that is all that some managers can do.
  const unlabelled = form === undefined || (form.label === want.device && !keepsLabel(want, network));
  const label = unlabelled ? want.label : form.label;
  return {
    role: want.role,
    address: form === undefined ? want.address : `${ip}/${form.prefix}`,
    device: want.device,
    ...(label !== undefined && { label }),
    ...bootOf(want, network),
    live: form !== undefined && !form.failed,
  };
}

function bootOf(want: WantedVip, network: VipSeen["network"]): Pick<Vip, "boot" | "bootFile"> {
  const boot = isPersisted(want, network, want.networkManager);
  return { boot, ...(!boot && hasBootConfig(want, network) && { bootFile: "differs" }) };
}

export function plan(want: WantedVip | undefined, have: Vip | undefined): readonly VipChange[] {
  if (!want) return have ? [{ op: "remove", vip: have }] : [];
  const up = { op: "up", vip: want } as const;
  const kept = { op: "keep", vip: want } as const;
  const forgotten = { op: "forget", vip: want } as const;
  if (!have) return want.boot ? [up, kept] : [up];
  const sameForm = have.address === want.address && have.label === want.label;
  const asWanted = have.boot === want.boot && have.bootFile === undefined;
  const boot = asWanted && (!want.boot || (sameForm && have.role === want.role)) ? [] : [want.boot ? kept : forgotten];
  return [...(sameForm && have.live ? [] : [up]), ...boot];
}

function render(change: VipChange, seen: VipSeen): readonly Step[] {
  switch (change.op) {
    case "up":
      return bringUp(change.vip, seen.addresses);
    case "keep":
      return persist(change.vip, seen.network);
    case "forget":
      return unpersist(change.vip, seen.network);
    case "remove":
      return [...bringDown(change.vip, seen.addresses), ...unpersist(change.vip, seen.network)];
    case "unlink":
      return [removeLink(change.device)];
    case "clear":
      return change.paths.flatMap(remove);
    case "keepSetting":
    case "restore":
      return renderRestore(change, { values: new Map(), files: new Map(), ...seen });
  }
}

/** A dummy of ours with no VIP left, and ARP settings that were kept only because this VIP was still up. */
function sweep(seen: VipSeen, { device }: WantedVip): readonly VipChange[] {
  const paths = unusedFiles(device, seen.network);
  const { values, files } = seen;
  return [
    ...(paths.length > 0 ? [{ op: "clear", paths } as const] : []),
    ...(isIdleLink(device, seen, paths.length > 0 && isDummy(device)) ? [{ op: "unlink", device } as const] : []),
    ...(values && files ? planRestore({ ...seen, values, files }, isArpSetting) : []),
  ];
}

/** The kernel gives every interface that is up a link-local address: that one is nobody's. */
function isIdleLink(
  device: string,
  { addresses: { addresses: all, devices, ours } }: VipSeen,
  wrote: boolean,
): boolean {
  if (!devices.includes(device) || !(ours.includes(device) || wrote)) return false;
  return all.every((one) => one.device !== device || one.ip.startsWith("fe80:"));
}
