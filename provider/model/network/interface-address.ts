import ipaddr from "ipaddr.js";
import { z } from "zod";
import { checkedBy } from "../fields";
import { canonicalAddress, type Family, familyOf, refuseUnusable } from "./address";

/** An address of an interface with its prefix length, as in the output of `ip addr`. */
export interface InterfaceAddress {
  readonly ip: string;
  readonly prefix: number;
  readonly family: Family;
}

/** The prefix length of a single address. */
export const HOST_PREFIX: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 };

/** Splits canonical text, `192.168.4.5/32`. */
export function splitPrefix(text: string): InterfaceAddress {
  const [ip = "", prefix] = text.split("/");
  const family = familyOf(ip);
  return { ip, family, prefix: prefix === undefined ? HOST_PREFIX[family] : Number(prefix) };
}

/** Reads `192.168.4.5`, `192.168.4.5/24` or `2001:db8::5`, and returns the canonical text, always with a prefix length. */
export const vipAddress = z
  .string({ error: 'must be an IP address, with or without a prefix, such as "192.168.4.5" or "2001:db8::5"' })
  .transform(checkedBy(canonicalInterfaceAddress));

function canonicalInterfaceAddress(text: string): string {
  const [address = "", prefix, ...more] = text.split("/");
  const ip = canonicalAddress(address);
  refuseUnusable(ip);
  const range = UNREACHABLE_RANGES[ipaddr.parse(ip).range()];
  if (range !== undefined) throw new Error(`"${ip}" is a ${range} address: no client could reach it`);
  const longest = HOST_PREFIX[familyOf(ip)];
  if (prefix === undefined) return `${ip}/${longest}`;
  if (more.length > 0 || !/^[1-9]\d{0,2}$/.test(prefix) || Number(prefix) > longest) {
    throw new Error(`"${text}" has no valid prefix: write a number from 1 to ${longest} after the slash`);
  }
  return `${ip}/${prefix}`;
}

const UNREACHABLE_RANGES: Readonly<Record<string, string>> = { loopback: "loopback", linkLocal: "link-local" };
