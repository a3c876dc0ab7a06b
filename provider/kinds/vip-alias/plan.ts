import { hasBootConfig, unusedFiles } from "../../dialects/network/forget";
import { isArpSetting, planRestore, type Restore } from "../../dialects/sysctl/restore";
import { isDummy } from "../../model/network/device";
import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";
import { isRightLabel } from "./label";
import type { VipSeen } from "./observation";
import type { WantedVip } from "./schema";

export type VipChange =
  | { readonly op: "bringUp"; readonly vip: WantedVip; readonly have: Vip | undefined }
  | { readonly op: "persist" | "unpersist"; readonly vip: WantedVip }
  | { readonly op: "remove"; readonly vip: Vip }
  | { readonly op: "removeLink"; readonly device: string }
  | { readonly op: "removeFiles"; readonly paths: readonly string[] }
  | Restore;

export function planVip(want: WantedVip | undefined, have: Vip | undefined): readonly VipChange[] {
  // The host's own address stays. Our boot configuration of it goes in the cleanup: `have` does not tell it from the host's.
  if (want === undefined) return have === undefined || have.adopted === true ? [] : [{ op: "remove", vip: have }];
  return [
    ...(isUp(want, have) ? [] : [{ op: "bringUp", vip: want, have } as const]),
    ...(bootIsCurrent(want, have) ? [] : [{ op: want.boot ? "persist" : "unpersist", vip: want } as const]),
  ];
}

function isUp(want: WantedVip, have: Vip | undefined): boolean {
  return have?.live === true && hasRightForm(want, have);
}

function bootIsCurrent(want: WantedVip, have: Vip | undefined): boolean {
  // Of what is not there, it is not known yet whether a boot has anything left of it.
  if (have === undefined) return false;
  if (have.boot !== want.boot || have.bootFile !== undefined) return false;
  return !want.boot || (hasRightForm(want, have) && have.role === want.role);
}

/** An address that the host's routes depend on keeps its label, and an IPv6 one its prefix length: they are changed by deleting it. */
function hasRightForm(want: WantedVip, { address, label, adopted }: Vip): boolean {
  if (adopted === true && splitPrefix(want.address).family === "ipv6") return true;
  return address === want.address && (adopted === true || isRightLabel(label, want));
}

/** Removes what no VIP of the device needs any more: our files, our dummy, and ARP settings that were kept for this VIP. */
export function planCleanup(seen: VipSeen, gone: WantedVip): readonly VipChange[] {
  const { values, files } = seen;
  const { device } = gone;
  const paths = unusedFiles(device, seen.networkConfig);
  return [
    ...(hasBootConfig(gone, seen.networkConfig) ? [{ op: "unpersist", vip: gone } as const] : []),
    ...(paths.length > 0 ? [{ op: "removeFiles", paths } as const] : []),
    ...(isEmptyLinkOfOurs(device, seen, paths) ? [{ op: "removeLink", device } as const] : []),
    ...(values && files ? planRestore({ ...seen, values, files }, isArpSetting) : []),
  ];
}

/** Whether we have made the device, as it says or our files for it do, and nobody needs it. */
export function isEmptyLinkOfOurs(device: string, seen: VipSeen, files: readonly string[]): boolean {
  const isOurs = seen.addresses.markedDevices.includes(device) || (files.length > 0 && isDummy(device));
  return isOurs && isUnused(device, seen);
}

/**
 * Whether the device exists without an address, and without a route of somebody's, which the kernel would remove with it. Its link-local
 * address does not count: the kernel adds it to every interface that is up.
 */
function isUnused(device: string, { addresses: { addresses, devices }, routes }: VipSeen): boolean {
  const hasAddress = addresses.some((one) => one.device === device && !one.ip.startsWith("fe80:"));
  const hasRoute = routes.some((route) => route.devices.includes(device) && !route.byKernel);
  return devices.includes(device) && !hasAddress && !hasRoute;
}
