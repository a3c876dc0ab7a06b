import { isIP } from "node:net";
import type { Vip } from "./plan";

/** Reads a VIP, and writes IPv6 as RFC 5952 does. Not with ipaddr.js, which reads `::192.0.2.1` as `::ffff:192.0.2.1`. */
export function readVip(text: string): Vip {
  if (isIP(text) === 4) return { ip: text, family: "ipv4", word: text };
  const ip = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  return { ip, family: "ipv6", word: ip.replaceAll(":", "-") };
}
