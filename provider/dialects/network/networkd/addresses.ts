import type { Setting } from "../../../facts/files/unit-file";
import { familyOf } from "../../../model/network/address";
import { takesBack } from "./network-files";
import { type AddressValue, isLabel, isUnclear, readAddressValue } from "./value";

/** An address that networkd reads in a .network file or a drop-in of it. */
export interface NetworkdAddress extends AddressValue {
  readonly setting: Setting;
  readonly label?: string;
  /** Why we cannot say what becomes of it. */
  readonly unclear?: string;
}

/** What lines `Address=` make of this address. Of several that are one to the kernel, networkd takes the last. */
export function addressesOf(ip: string, settings: readonly Setting[]): NetworkdAddress[] {
  const resetLines = new Set(settings.slice(0, settings.findLastIndex(takesBack) + 1));
  const later = new Map<string, NetworkdAddress>();
  const contested = new Set<NetworkdAddress>();
  const kept: NetworkdAddress[] = [];
  for (const lines of entriesOf(settings).reverse()) {
    const one = addressOf(ip, lines, resetLines);
    if (one === undefined) continue;
    // The kernel has an IPv6 address of a device once, and an IPv4 address once with each prefix and peer.
    const key = ip.includes(":") ? ip : String(one.prefix);
    const winner = lines.some((line) => line.key === "Peer") ? undefined : later.get(key);
    if (winner === undefined) kept.push(one);
    else if (!isSame(one, winner)) contested.add(winner);
    if (one.unclear === undefined && winner === undefined) later.set(key, one);
  }
  return kept.reverse().map((one) => (contested.has(one) ? { ...one, unclear: CONTESTED } : one));
}

const CONTESTED =
  "a line above says something else of it, and which of the two counts depends on the version of systemd";

function isSame(one: NetworkdAddress, other: NetworkdAddress): boolean {
  return one.prefix === other.prefix && (one.ip.includes(":") || one.label === other.label);
}

/** A line of [Network], or all lines of a section [Address]. */
function entriesOf(settings: readonly Setting[]): (readonly Setting[])[] {
  const sections = new Map<number, Setting[]>();
  for (const setting of settings) {
    const { sectionNumber, section } = setting;
    if (section !== "Address" && section !== "Network") continue;
    const lines = sections.get(sectionNumber) ?? [];
    sections.set(sectionNumber, lines);
    lines.push(setting);
  }
  return [...sections.values()].flatMap((lines) =>
    lines[0]?.section === "Address" ? [lines] : lines.map((one) => [one]),
  );
}

/** undefined: it is another address, or networkd drops it. One value that it cannot read makes it drop a section. */
function addressOf(
  ip: string,
  lines: readonly Setting[],
  resetLines: ReadonlySet<Setting>,
): NetworkdAddress | undefined {
  const all = lines.filter(({ key }) => key === "Address");
  const labels = lines.filter(({ section, key }) => section === "Address" && key === "Label").map(({ value }) => value);
  const setting = all.at(-1);
  if (setting === undefined || setting.value === "" || !labels.every(isLabel)) return undefined;
  const read = all.flatMap(({ value }) => (value === "" ? [] : [readAddressValue(value)]));
  if (!read.some((one) => one?.ip === ip)) return undefined;
  if (read.length < all.length) {
    const unclear = "its section has an empty Address= too, which each version of systemd reads in its own way";
    return { ip, prefix: undefined, setting, unclear };
  }
  const last = read.at(-1);
  if (last?.ip !== ip || !read.every((one) => one !== undefined && familyOf(one.ip) === familyOf(ip))) return undefined;
  const label = labels.at(-1);
  const unclear = unclearBy(last, lines, resetLines);
  return {
    ...last,
    setting,
    ...(label !== undefined && label !== "" && { label }),
    ...(unclear !== undefined && { unclear }),
  };
}

function unclearBy(
  { ip, prefix }: AddressValue,
  lines: readonly Setting[],
  resetLines: ReadonlySet<Setting>,
): string | undefined {
  if (prefix === undefined) return "it has no prefix length, which each version of systemd adds in its own way";
  if (lines.some((line) => resetLines.has(line))) {
    return "a line below has an empty Address= in [Network], which takes it back on newer versions of systemd only";
  }
  const inSection = lines.filter(({ section }) => section === "Address");
  if (inSection.some(({ key, value }) => key === "Label" && value === "")) {
    return "its section has an empty Label=, which older versions of systemd do not read";
  }
  const other = inSection.find(({ key, value }) => isUnclear(key, value, ip));
  if (other?.key === "Peer") return "it has a peer";
  return other && `line ${other.line} has ${other.key}=${other.value.slice(0, 40)}, which we do not know`;
}
