import ipaddr from "ipaddr.js";
import type { Names } from "./names";

/** An address with a port, as ipvsadm reads it; `port` undefined: the text has none. */
export interface HostAndPort {
  /** More than one: a name with several addresses. */
  readonly addresses: readonly string[];
  readonly family: "ipv4" | "ipv6";
  readonly port: number | undefined;
}

/** `192.168.4.5:http`, `web1:80`, `[2001:db8::1]:80`, `127.1`, `010.0.0.8`. Undefined: ipvsadm gives up. */
export function readHostAndPort(text: string, protocol: string | undefined, names: Names): HostAndPort | undefined {
  if (/^\d*$/.test(text)) return undefined;
  const bracketed = /^\[([^\]]*)\]:(.*)$/s.exec(text);
  if (text.startsWith("[") && bracketed === null) return undefined;
  const [, inside, after] = bracketed ?? [];
  const six = ipv6(inside ?? text);
  if (six !== undefined) return withPort({ addresses: [six], family: "ipv6" }, after, protocol, names);
  // ipvsadm forgets the port behind brackets around anything else.
  const whole = inside ?? text;
  const at = whole.lastIndexOf(":");
  const host = at < 0 ? whole : whole.slice(0, at);
  const four = ipv4(host);
  const addresses = four === undefined ? (names.hosts.get(host) ?? []) : [four];
  if (addresses.length === 0) return undefined;
  return withPort({ addresses, family: "ipv4" }, at < 0 ? undefined : whole.slice(at + 1), protocol, names);
}

function withPort(
  host: Omit<HostAndPort, "port">,
  text: string | undefined,
  protocol: string | undefined,
  names: Names,
): HostAndPort | undefined {
  if (text === undefined) return { ...host, port: undefined };
  const port = readNumber(text, 0, 65535) ?? names.ports.get(`${text}/${protocol}`);
  return port === undefined ? undefined : { ...host, port };
}

/** strtol(3) of a whole text, in a range. */
export function readNumber(text: string, min: number, max: number): number | undefined {
  const value = /^[\f\v]*[+-]?\d+$/.test(text) ? Number(text.trim()) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

/** inet_aton(3): one to four numbers, decimal, octal (`010`) or hexadecimal, of which the last fills the rest. */
export function ipv4(text: string): string | undefined {
  const parts = text.replace(/[\f\v].*$/s, "").split(".");
  if (parts.length > 4 || !parts.every((part) => /^(?:0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(part)))
    return undefined;
  const numbers = parts.map((part) => (/^0\d/.test(part) ? Number.parseInt(part, 8) : Number(part)));
  const last = numbers.pop() ?? 0;
  if (numbers.some((part) => part > 255) || last >= 256 ** (4 - numbers.length)) return undefined;
  const value = numbers.reduce((sum, part, index) => sum + part * 256 ** (3 - index), last);
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** inet_pton(3): no zone, and no leading zeros in a dotted end. */
function ipv6(text: string): string | undefined {
  if (!text.includes(":") || !/^[\da-fA-F:.]+$/.test(text) || /:[\da-fA-F]{5}/.test(text)) return undefined;
  const dotted = /(?:^|:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  if (
    text.includes(".") &&
    (dotted === undefined ||
      !dotted.split(".").every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
  )
    return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = (dotted ?? "").split(".").map(Number);
  const groups = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  const plain = dotted === undefined ? text : text.slice(0, -dotted.length) + groups;
  return ipaddr.IPv6.isValid(plain) ? ipaddr.IPv6.parse(plain).toRFC5952String() : undefined;
}
