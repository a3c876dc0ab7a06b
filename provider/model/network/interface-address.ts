import ipaddr from "ipaddr.js";
import { z } from "zod";
import { canonicalAddress, type Family, familyOf, refuseUnusable } from "./address";

/** An address with its prefix, as `ip addr` says it. */
export interface Interface {
  readonly ip: string;
  readonly prefix: number;
  readonly family: Family;
}

/** The longest prefix of a family: an address alone in its network. */
export const ALONE: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 };

/** Reads canonical text, `192.168.4.5/32`. */
export function splitAddress(text: string): Interface {
  const [ip = "", prefix] = text.split("/");
  const family = familyOf(ip);
  return { ip, family, prefix: prefix === undefined ? ALONE[family] : Number(prefix) };
}

/** `192.168.4.5`, `192.168.4.5/24`, `2001:db8::5`: becomes canonical, always with its prefix. */
export const vipAddress = z
  .string({ error: 'must be an IP address, with or without a prefix, such as "192.168.4.5" or "2001:db8::5"' })
  .transform((text, ctx) => {
    try {
      return canonicalInterface(text);
    } catch (error) {
      ctx.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error), input: text });
      return z.NEVER;
    }
  });

function canonicalInterface(text: string): string {
  const [said = "", prefix, ...more] = text.split("/");
  const ip = canonicalAddress(said);
  refuseUnusable(ip);
  const range = UNREACHABLE[ipaddr.parse(ip).range()];
  if (range !== undefined) throw new Error(`"${ip}" is a ${range} address: no client could reach it`);
  const longest = ALONE[familyOf(ip)];
  if (prefix === undefined) return `${ip}/${longest}`;
  if (more.length > 0 || !/^[1-9]\d{0,2}$/.test(prefix) || Number(prefix) > longest) {
    throw new Error(`"${text}" has no valid prefix: write a number from 1 to ${longest} after the slash`);
  }
  return `${ip}/${prefix}`;
}

const UNREACHABLE: Readonly<Record<string, string>> = { loopback: "loopback", linkLocal: "link-local" };
