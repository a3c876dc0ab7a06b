import type { Files } from "../../facts/files/lines";
import type { Addresses } from "../../facts/network/addresses";
import type { BootSetting } from "../../facts/sysctl/boot-settings";
import { isKernelValue } from "../../facts/sysctl/kernel-value";
import type { SysctlValues } from "../../facts/sysctl/values";
import { isSilent } from "../../model/network/device";
import type { Step } from "../../step";
import { dropUnowned, keepUnowned, ledgerEntries } from "./ledger";
import { LEDGER, type LedgerEntry } from "./ledger-text";
import { otherSetting } from "./precedence";
import { writeValues } from "./write";

/** The observation from which settings are claimed and restored. */
export interface SysctlSeen {
  readonly values: SysctlValues;
  readonly files: Files;
  readonly addresses: Addresses;
  /** What other commands of the boot set. */
  readonly commands?: readonly BootSetting[];
}

/** Settings without an owner: their original values are restored, or they stay and the ledger says why. */
export type Restore =
  | { readonly op: "restore"; readonly keys: readonly string[] }
  | { readonly op: "keepSetting"; readonly keys: readonly string[]; readonly why: string };

/**
 * What to do with entries of the ledger that have no owner, or none but `leaving`, and whose key `isOurs`. ARP settings stay as
 * long as a VIP is up on a device that must not answer for it: a host that starts to answer ARP takes the director's traffic.
 */
export function planRestore(seen: SysctlSeen, isOurs: (key: string) => boolean, leaving?: string): readonly Restore[] {
  const unowned = ledgerEntries(seen.files).filter(
    ({ key, owners }) => owners.every(({ name }) => name === leaving) && isOurs(key),
  );
  const vips = silentVips(seen.addresses);
  const isNeeded = ({ key }: LedgerEntry) => vips.length > 0 && isArpSetting(key);
  const why = `${vips.join(", ")} is still up, and this host must not answer ARP for it`;
  const keep = unowned.filter((entry) => isNeeded(entry) && entry.keptBecause !== why).map(({ key }) => key);
  const restore = unowned.filter((entry) => !isNeeded(entry)).map(({ key }) => key);
  return [
    ...(keep.length > 0 ? [{ op: "keepSetting", keys: keep, why } as const] : []),
    ...(restore.length > 0 ? [{ op: "restore", keys: restore } as const] : []),
  ];
}

export function renderRestore(change: Restore, seen: SysctlSeen): readonly Step[] {
  return [
    ...writeValues(restoredValues(change, seen)),
    { file: LEDGER, record: true, edit: (text) => withoutRestored(text, change), summary: describeRestore(change) },
  ];
}

/** The values to be written live. */
export function restoredValues(change: Restore, seen: SysctlSeen): readonly (readonly [key: string, value: string])[] {
  if (change.op === "keepSetting") return [];
  const entries = ledgerEntries(seen.files).filter(({ key }) => change.keys.includes(key));
  return entries
    .filter((entry) => mayRestore(entry, seen))
    .flatMap((entry) => [[entry.key, entry.original ?? ""] as const, ...alsoToRestore(entry, seen)]);
}

/** The ledger after that. */
export function withoutRestored(text: string | undefined, change: Restore): string | undefined {
  return change.op === "keepSetting" ? keepUnowned(text, change.keys, change.why) : dropUnowned(text, change.keys);
}

export function describeRestore(change: Restore): string {
  const keys = change.keys.join(", ");
  return change.op === "keepSetting" ? `keep ${keys}: ${change.why}` : `drop ${keys}`;
}

/** The live value is restored only if it is still the one we set, and if no other file sets it to something else. */
function mayRestore({ key, desired, replaced, original }: LedgerEntry, { values, files }: SysctlSeen): boolean {
  const live = values.get(key);
  if (original === undefined || live === undefined || live === original) return false;
  if (live !== desired && live !== replaced) return false;
  const other = otherSetting(files, key);
  return other === undefined || isKernelValue(other.value, original);
}

/** What the kernel changed together with the setting. The settings of a device that has gone are left out. */
function alsoToRestore({ alsoChanged = [] }: LedgerEntry, { values }: SysctlSeen): (readonly [string, string])[] {
  return alsoChanged.flatMap((setting): (readonly [string, string])[] => {
    const [key = "", value = ""] = setting.split(" = ");
    return values.has(key) ? [[key, value]] : [];
  });
}

/** Whether a setting decides for which addresses a host answers ARP. */
export function isArpSetting(key: string): boolean {
  return /\.arp_(?:ignore|announce)$/.test(key);
}

/** VIPs of a real server, `192.0.2.10 on lo`. IPv4 alone: neighbour discovery never answers for an IPv6 address on lo. */
function silentVips({ addresses }: Addresses): string[] {
  return addresses
    .filter(({ device, label, ip }) => isSilent(device) && label !== undefined && !ip.startsWith("127."))
    .map(({ ip, device }) => `${ip} on ${device}`);
}
