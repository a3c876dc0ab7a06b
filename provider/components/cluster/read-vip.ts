import { isIP } from "node:net";
import { fail } from "../fail";
import type { Vip } from "./plan";

/** Reads a VIP, and writes IPv6 as RFC 5952 does. Not with ipaddr.js, which reads `::192.0.2.1` as `::ffff:192.0.2.1`. */
export function readVip(cluster: string, text: string): Vip {
  const version = isIP(text);
  if (version === 0 || text.includes("%")) {
    fail(cluster, `"${text}" is not a VIP: write an address alone, such as "192.168.4.5" or "2001:db8::5"`);
  }
  if (version === 4) return { ip: text, family: "ipv4", word: text };
  const ip = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  return { ip, family: "ipv6", word: ip.replaceAll(":", "-") };
}
