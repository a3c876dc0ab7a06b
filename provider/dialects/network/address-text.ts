import ipaddr from "ipaddr.js";
import { canonicalAddress, type Family } from "../../model/network/address";
import { HOST_PREFIX } from "../../model/network/interface-address";

/** The canonical spelling of an address in a file; undefined for any other text. */
export function canonicalOrUndefined(text: string): string | undefined {
  try {
    return canonicalAddress(text);
  } catch {
    return undefined;
  }
}

/** The length of a prefix that is written as a number, or as a netmask of IPv4; undefined for any other text. */
export function prefixOf(text: string, family: Family): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= HOST_PREFIX[family] ? Number(text) : undefined;
  if (family === "ipv6" || !ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  return ipaddr.IPv4.parse(text).prefixLengthFromSubnetMask() ?? undefined;
}

/** The prefix length of the class of an IPv4 address; undefined where it has none. */
export function classOf(ip: string): number | undefined {
  const first = Number(ip.split(".")[0]);
  return first <= 127 ? 8 : first <= 191 ? 16 : first <= 223 ? 24 : undefined;
}

/** Whether a text names this address, in any spelling. A longer number or address that contains its digits does not. */
export function mentions(text: string, ip: string): boolean {
  return [...new Set(text.split(/[^0-9A-Za-z.:]+/))].some((word) =>
    spellings(word).some((one) => canonicalOrUndefined(one) === ip),
  );
}

/** A word may end in punctuation, as in `192.168.4.5:` or `192.168.4.5.`. Most are no addresses: to find that out costs an exception each. */
function spellings(word: string): string[] {
  if (word.length > 60) return [];
  return [word, word.replace(/[.:]$/, ""), word.replace(/:.*$/, "")].filter(
    (text) => /^\d+(?:\.\d+){3}$/.test(text) || /^[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f.:]*$/.test(text),
  );
}
