import { isArpSetting, planRestore, type Restore } from "../../dialects/sysctl/restore";
import { isDummy } from "../../model/network/device";
import type { Vip } from "../../model/network/vip";
import { unusedFiles } from "./boot-config";
import type { VipSeen } from "./observation";
import type { WantedVip } from "./schema";

export type VipChange =
  | { readonly op: "bringUp" | "persist" | "unpersist"; readonly vip: WantedVip }
  | { readonly op: "remove"; readonly vip: Vip }
  | { readonly op: "removeLink"; readonly device: string }
  | { readonly op: "removeFiles"; readonly paths: readonly string[] }
  | Restore;

export function planVip(want: WantedVip | undefined, have: Vip | undefined): readonly VipChange[] {
  if (want === undefined) return have === undefined ? [] : [{ op: "remove", vip: have }];
  return [
    ...(isUp(want, have) ? [] : [{ op: "bringUp", vip: want } as const]),
    ...(bootIsCurrent(want, have) ? [] : [{ op: want.boot ? "persist" : "unpersist", vip: want } as const]),
  ];
}

function isUp(want: WantedVip, have: Vip | undefined): boolean {
  return have?.live === true && hasSameForm(want, have);
}

function bootIsCurrent(want: WantedVip, have: Vip | undefined): boolean {
  if (have === undefined) return !want.boot;
  if (have.boot !== want.boot || have.bootFile !== undefined) return false;
  return !want.boot || (hasSameForm(want, have) && have.role === want.role);
}

function hasSameForm(want: WantedVip, have: Vip): boolean {
  return have.address === want.address && have.label === want.label;
}

/** Removes what no VIP of the device needs any more: our files, our dummy, and ARP settings that were kept for this VIP. */
export function planCleanup(seen: VipSeen, { device }: WantedVip): readonly VipChange[] {
  const { values, files } = seen;
  const paths = unusedFiles(device, seen.networkConfig);
  const madeByUs = seen.addresses.markedDevices.includes(device) || (paths.length > 0 && isDummy(device));
  return [
    ...(paths.length > 0 ? [{ op: "removeFiles", paths } as const] : []),
    ...(madeByUs && hasNoAddress(device, seen) ? [{ op: "removeLink", device } as const] : []),
    ...(values && files ? planRestore({ ...seen, values, files }, isArpSetting) : []),
  ];
}

/** Whether the device exists without an address. Its link-local one does not count: the kernel adds it to every interface that is up. */
function hasNoAddress(device: string, { addresses: { addresses, devices } }: VipSeen): boolean {
  return devices.includes(device) && addresses.every((one) => one.device !== device || one.ip.startsWith("fe80:"));
}
