import ipaddr from "ipaddr.js";

export type Family = "ipv4" | "ipv6";

/** An address and a port. The port is undefined if the text has none. */
export interface AddressAndPort {
  readonly address: string;
  readonly port: number | undefined;
}

/**
 * An IP address in its canonical spelling (RFC 5952 for IPv6). Throws an error that says what is wrong. Stricter than ipvsadm, which
 * reads 010.0.0.8 as 8.0.0.8, 127.1 as 127.0.0.1, and looks anything else up in DNS.
 */
export function canonicalAddress(text: string): string {
  if (CANONICAL.test(text)) return text;
  if (/^0\d|\.0\d/.test(text) && ipaddr.IPv4.isValidFourPartDecimal(decimal(text)))
    throw new Error(`"${text}" is ambiguous: leading zeros mean octal to some programs; write "${decimal(text)}"`);
  if (text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text))
    return ipaddr.IPv6.parse(withoutDots(text)).toRFC5952String();
  if (/^[\d.]+$/.test(text))
    throw new Error(`"${text}" is not an IPv4 address: write four decimal numbers, as in "192.0.2.10"`);
  if (text.includes(":")) throw new Error(`"${text}" is not an IPv6 address, as in "2001:db8::1"`);
  throw new Error(
    `"${text}" is not an IP address: names are not looked up, because the answer of DNS may change; write the address`,
  );
}

/**
 * Whether a text is this canonical address in any spelling, IPv4-mapped IPv6 (`::ffff:192.0.2.1`) included. A host name is none,
 * whatever it resolves to.
 */
export function isSpellingOf(text: string, address: string): boolean {
  try {
    return canonicalAddress(ipaddr.process(text).toString()) === address;
  } catch {
    return false;
  }
}

/** Reads `10.0.0.11:80`, `10.0.0.11`, `[2001:db8::11]:80` or `2001:db8::11`. Throws an error that says what is wrong. */
export function parseAddressAndPort(text: string): AddressAndPort {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed !== null) {
    const [, inside = "", port] = bracketed;
    if (!inside.includes(":"))
      throw new Error(`"${text}" is not an IPv6 address with a port, as in "[2001:db8::1]:80"`);
    return { address: canonicalAddress(inside), port: port === undefined ? undefined : parsePort(port, text) };
  }
  const colons = text.split(":").length - 1;
  if (colons > 1) return { address: canonicalAddress(text), port: undefined };
  const [address = "", port] = text.split(":");
  return { address: canonicalAddress(address), port: port === undefined ? undefined : parsePort(port, text) };
}

/** `10.0.0.11:80`, or `[2001:db8::11]:80`. */
export function formatAddressAndPort(address: string, port: number): string {
  return familyOf(address) === "ipv6" ? `[${address}]:${port}` : `${address}:${port}`;
}

export function familyOf(address: string): Family {
  return address.includes(":") ? "ipv6" : "ipv4";
}

/**
 * All of IPv4, read over and over where there are many rules: the library takes twenty times as long, and more to say that a text is none,
 * for which it catches an error.
 */
const CANONICAL = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** 1.0.0.0 to 223.255.255.255. */
const USABLE = /^(?:22[0-3]|2[01]\d|1\d\d|[1-9]\d?)\.\d/;

/** Throws for an address that cannot belong to a single host. */
export function refuseUnusable(address: string): void {
  if (USABLE.test(address)) return;
  const range = ipaddr.parse(address).range();
  if (range === "unspecified")
    throw new Error(`"${address}" means any address; a director needs the one address that clients use`);
  if (range === "multicast") throw new Error(`"${address}" is a multicast address; LVS balances unicast traffic only`);
  if (range === "broadcast")
    throw new Error(`"${address}" is the broadcast address; LVS balances unicast traffic only`);
  if (range === "ipv4Mapped") throw new Error(`"${address}" is an IPv4-mapped IPv6 address; write it as IPv4`);
}

function parsePort(text: string, whole: string): number {
  const port = Number(text);
  if (/^(?:0|[1-9]\d{0,4})$/.test(text) && port <= 65535) return port;
  throw new Error(`"${whole}" has no valid port: write a number from 0 to 65535 after the colon`);
}

/** `::192.0.2.1` as `::c000:201`: ipaddr.js would read the former as the IPv4-mapped address `::ffff:192.0.2.1`. */
function withoutDots(text: string): string {
  return text.replace(/\d+\.\d+\.\d+\.\d+$/, (quad) => {
    const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(quad).octets;
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}

function decimal(text: string): string {
  return text
    .split(".")
    .map((part) => Number(part))
    .join(".");
}
