import { trimStart } from "../../../facts/files/blanks";
import { familyOf } from "../../../model/network/address";
import { HOST_PREFIX } from "../../../model/network/interface-address";
import { ownValue } from "../../../model/own-value";
import { canonicalOrUndefined } from "../address-text";

/** The value of a line `Address=`. Without a prefix, systemd 252 takes the class of an IPv4 address, and 257 the single address. */
export interface AddressValue {
  readonly ip: string;
  readonly prefix: number | undefined;
}

/** undefined: networkd cannot read it. It knows no netmask, no quotes, and one address a line. */
export function readAddressValue(value: string): AddressValue | undefined {
  const slash = value.indexOf("/");
  const ip = canonicalOrUndefined(slash < 0 ? value : value.slice(0, slash));
  if (ip === undefined || slash < 0) return ip === undefined ? undefined : { ip, prefix: undefined };
  const prefix = numberIn(value.slice(slash + 1));
  return prefix === undefined || prefix > HOST_PREFIX[familyOf(ip)] ? undefined : { ip, prefix };
}

/** A number as C writes it: 024 is 20, and 0x18 is 24. */
function numberIn(text: string): number | undefined {
  const digits = trimStart(text);
  if (/^0(?:[xX][\dA-Fa-f]+|[bB][01]+|[oO][0-7]+)$/.test(digits)) return Number(digits);
  if (!/^(?:\+?(?:0[0-7]*|[1-9]\d*)|-0+)$/.test(digits)) return undefined;
  return Math.abs(Number.parseInt(digits, /^\+?0/.test(digits) ? 8 : 10));
}

/** An empty one takes the label away, on newer versions. One that is too long, or is not of printable ASCII, makes networkd drop the section. */
export function isLabel(text: string): boolean {
  return /^[ -~]{0,15}$/.test(text);
}

const BOOLEAN = /^(?:yes|no|true|false|on|off|1|0)$/;

/** Settings of [Address] that change nothing about the address, its prefix and its label, with the values that networkd reads. */
const HARMLESS: Readonly<Record<string, RegExp>> = {
  AddPrefixRoute: BOOLEAN,
  DuplicateAddressDetection: /^(?:none|ipv4|ipv6|both)$/,
  PreferredLifetime: /^(?:forever|infinity|0)$/,
  RouteMetric: /^\d{1,9}$/,
  Scope: /^(?:global|link|host)$/,
};

/** Others that networkd knows. What it does not know it passes over. */
const OTHERS = [
  "AutoJoin",
  "Broadcast",
  "HomeAddress",
  "ManageTemporaryAddress",
  "NetLabel",
  "NFTSet",
  "Peer",
  "PrefixRoute",
];

/** Whether this setting of the section of an address may change it, or make networkd drop it. */
export function isUnclear(key: string, value: string, ip: string): boolean {
  // Debian 11 knows no "yes" here.
  if (key === "Broadcast" && !ip.includes(":") && value !== "0.0.0.0" && isIPv4(value)) return false;
  const harmless = ownValue(HARMLESS, key);
  return harmless === undefined ? OTHERS.includes(key) : !harmless.test(value);
}

function isIPv4(text: string): boolean {
  return !text.includes(":") && canonicalOrUndefined(text) !== undefined;
}
