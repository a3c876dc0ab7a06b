import type { Files } from "../../facts/files/lines";
import type { Addresses } from "../../facts/network/addresses";
import { pathOf, type SysctlValues } from "../../facts/sysctl/values";
import { isSilent } from "../../model/network/device";
import type { Step } from "../../step";
import { drop, keep, LEDGER, ledgerOf } from "./ledger";
import type { Entry } from "./ledger-text";
import { othersSetting } from "./precedence";

/** What has to be known to give a setting back. */
export interface TuningSeen {
  readonly values: SysctlValues;
  readonly files: Files;
  readonly addresses: Addresses;
}

/** Settings that nobody owns any more: they go back to what they were, or stay and say why. */
export type Restore =
  | { readonly op: "restore"; readonly keys: readonly string[] }
  | { readonly op: "keepSetting"; readonly keys: readonly string[]; readonly why: string };

/**
 * What is left in the ledger without an owner, once `leaving` has given up what `isOurs`. ARP settings stay for as long as an
 * address is up that must not be answered for: a host that starts to answer takes the director's traffic.
 */
export function planRestore(seen: TuningSeen, isOurs: (key: string) => boolean, leaving?: string): readonly Restore[] {
  const orphans = ledgerOf(seen.files).filter(
    ({ key, owners }) => owners.every(({ name }) => name === leaving) && isOurs(key),
  );
  const silent = silentAddresses(seen.addresses);
  const guarded = orphans.filter(({ key }) => silent.length > 0 && isArpSetting(key));
  const why = `${silent.join(", ")} must not be answered for, and is still up`;
  const unsaid = guarded.filter(({ kept }) => kept !== why).map(({ key }) => key);
  const free = orphans.filter((entry) => !guarded.includes(entry)).map(({ key }) => key);
  return [
    ...(unsaid.length > 0 ? [{ op: "keepSetting", keys: unsaid, why } as const] : []),
    ...(free.length > 0 ? [{ op: "restore", keys: free } as const] : []),
  ];
}

export function renderRestore(change: Restore, seen: TuningSeen): readonly Step[] {
  const { keys } = change;
  if (change.op === "keepSetting") {
    return [
      { file: LEDGER, edit: (text) => keep(text, keys, change.why), summary: `keep ${keys.join(", ")}: ${change.why}` },
    ];
  }
  const back = ledgerOf(seen.files).filter((entry) => keys.includes(entry.key) && goesBack(entry, seen));
  return [
    ...writeValues(back.flatMap((entry) => [[entry.key, entry.was ?? ""] as const, ...goesAlong(entry, seen)])),
    { file: LEDGER, edit: (text) => drop(text, keys), summary: `drop ${keys.join(", ")}` },
  ];
}

/** Kernel settings, live: one process for all. Slashes throughout, so that a dot in a device's name is one. */
export function writeValues(settings: readonly (readonly [key: string, value: string])[]): Step[] {
  if (settings.length === 0) return [];
  const words = settings.map(([key, value]) => `${pathOf(key)}=${value}`);
  return [{ command: { run: ["sysctl", "-w", ...words] } }];
}

/** Only what we set, and only where nobody else sets it: another file's word is how the host is meant to be. */
function goesBack({ key, given, was }: Entry, { values, files }: TuningSeen): boolean {
  if (was === undefined || was === given || values.get(key) !== given) return false;
  const other = othersSetting(files, key).at(-1);
  return other === undefined || other.value === was;
}

/** A device that is gone has no settings any more. */
function goesAlong({ along = [] }: Entry, { values }: TuningSeen) {
  return along.flatMap((setting): (readonly [string, string])[] => {
    const [key = "", value = ""] = setting.split(" = ");
    return values.has(key) ? [[key, value]] : [];
  });
}

/** What keeps a host silent about an address. */
export function isArpSetting(key: string): boolean {
  return /\.arp_(?:ignore|announce)$/.test(key);
}

/** Addresses of a real server for a VIP: IPv4, for IPv6 neighbours are not answered from lo in any case. */
function silentAddresses({ addresses }: Addresses): string[] {
  return addresses
    .filter(({ device, label, ip }) => isSilent(device) && label !== undefined && !ip.startsWith("127."))
    .map(({ ip, device }) => `${ip} on ${device}`);
}
