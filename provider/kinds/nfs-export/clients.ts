import { isIP, isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";
import type { KnownHost } from "./facts";

/** What a client of exports(5) is. exportfs prefers an entry of an earlier sort, whatever the order in the files. */
type Sort = "host" | "network" | "pattern" | "netgroup" | "everybody" | "flavour";

/** The sort of a client, found as nfs-utils does: by the first character that means something. */
export function sortOf(client: string): Sort {
  if (client === "" || client === "*") return "everybody";
  if (client.startsWith("gss/")) return "flavour";
  if (client.startsWith("@")) return "netgroup";
  for (const [sign] of client.matchAll(/\\.|[*?[/]/gs)) {
    if (sign === "/") return "network";
    if (sign.length === 1) return "pattern";
  }
  return "host";
}

/**
 * Whether a host can be both of these clients, so that exportfs uses only the entry that it reads first. Undefined where nobody can tell:
 * a name that the host cannot resolve now, or two netgroups.
 */
export function overlap(one: string, other: string, hosts: ReadonlyMap<string, KnownHost>): boolean | undefined {
  const sort = sortOf(one);
  if (sort !== sortOf(other)) return isEverybody(one) && isEverybody(other);
  if (sort === "everybody" || one.toLowerCase() === other.toLowerCase()) return true;
  switch (sort) {
    case "host":
      return sharesAddress(addressesOf(one, hosts), addressesOf(other, hosts));
    case "network":
      return networksOverlap(networkOf(one), networkOf(other));
    case "pattern":
      return patternsOverlap(signsOf(one), signsOf(other));
    case "netgroup":
      return undefined;
    case "flavour":
      return false;
  }
}

/** Two sorts, and the same hosts in other words: for `*` exportfs uses the entry of `0.0.0.0/0`. */
function isEverybody(client: string): boolean {
  if (sortOf(client) === "everybody") return true;
  return sortOf(client) === "network" && networkOf(client)?.mask.every((byte) => byte === 0) === true;
}

function addressesOf(client: string, hosts: ReadonlyMap<string, KnownHost>): readonly string[] | undefined {
  if (isIP(client) !== 0) return [canonical(client)];
  return hosts.get(client)?.addresses.map(canonical);
}

function canonical(address: string): string {
  return isIP(address) === 6 ? ipaddr.IPv6.parse(address).toNormalizedString() : address;
}

function sharesAddress(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean | undefined {
  return one && other && one.some((address) => other.includes(address));
}

interface Network {
  readonly address: readonly number[];
  readonly mask: readonly number[];
}

/** `192.168.2.0/24`, `192.168.2.0/255.255.255.0`; undefined for one that exportfs refuses. */
function networkOf(client: string): Network | undefined {
  const at = client.indexOf("/");
  const [address, mask] = [client.slice(0, at), client.slice(at + 1)];
  if (isIP(address) === 0) return undefined;
  const bytes = ipaddr.parse(address).toByteArray();
  if (isIP(mask) !== 0) {
    const given = ipaddr.parse(mask).toByteArray();
    return given.length === bytes.length ? { address: bytes, mask: given } : undefined;
  }
  const length = Number(mask);
  if (!/^\d*$/.test(mask) || length > bytes.length * 8) return undefined;
  const family = isIPv4(address) ? ipaddr.IPv4 : ipaddr.IPv6;
  return { address: bytes, mask: family.subnetMaskFromPrefixLength(length).toByteArray() };
}

function networksOverlap(one: Network | undefined, other: Network | undefined): boolean {
  if (one === undefined || other?.address.length !== one.address.length) return false;
  return one.address.every((byte, index) => {
    const common = (one.mask[index] ?? 0) & (other.mask[index] ?? 0);
    return ((byte ^ (other.address[index] ?? 0)) & common) === 0;
  });
}

/** The parts of a pattern: a character, `?` for any one (also for a set, which is more than it matches), `*` for any number. */
function signsOf(pattern: string): readonly string[] {
  const signs = pattern.toLowerCase().match(/\\.|\[\]?[^\]]*\]|[^]/gs) ?? [];
  return signs.map((sign) => (sign.startsWith("[") ? "?" : sign));
}

/** Whether some name matches both. */
function patternsOverlap(one: readonly string[], other: readonly string[]): boolean {
  // The answer for what is left of `one` from an index on, with what is left of `other` from each of its indexes on.
  let after: readonly boolean[] = [];
  for (let from = one.length; from >= 0; from--) {
    const answers: boolean[] = [];
    for (let at = other.length; at >= 0; at--) {
      const [left, right] = [one[from], other[at]];
      const [withoutLeft, withoutRight] = [left !== undefined && after[at], right !== undefined && answers[at + 1]];
      const isSame = left === right || left === "?" || right === "?";
      answers[at] =
        left === "*" || right === "*"
          ? withoutLeft === true || withoutRight === true
          : left === undefined || right === undefined
            ? left === right
            : isSame && after[at + 1] === true;
    }
    after = answers;
  }
  return after[0] === true;
}
