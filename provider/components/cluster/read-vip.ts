import { isIP } from "node:net";
import { refuse } from "../refuse";
import type { Vip } from "./plan";

/** An address in the one spelling that counts. */
export function readVip(cluster: string, text: string): Vip {
  const version = isIP(text);
  if (version === 0 || text.includes("%")) {
    refuse(cluster, `"${text}" is not a VIP: write an address alone, such as "192.168.4.5" or "2001:db8::5"`);
  }
  if (version === 4) return { ip: text, family: "ipv4", word: text };
  const ip = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  return { ip, family: "ipv6", word: ip.replaceAll(":", "-") };
}
