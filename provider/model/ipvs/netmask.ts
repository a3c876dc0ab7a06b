import ipaddr from "ipaddr.js";
import type { Family } from "../network/address";
import { netmaskOf } from "../network/subnet";

/**
 * The netmask of persistence as ipvsadm prints it: clients in one such network count as one client. Undefined for a mask of a
 * single address, which ipvsadm does not print. Throws an error that says what is wrong.
 */
export function canonicalNetmask(netmask: string, family: Family): string | undefined {
  if (family === "ipv6") {
    if (/^[1-9]\d{0,2}$/.test(netmask) && Number(netmask) <= 128) return netmask === "128" ? undefined : netmask;
    throw new Error(`"${netmask}" is not a prefix length: write a number from 1 to 128, as in "64"`);
  }
  if (/^\d{1,2}$/.test(netmask) && Number(netmask) <= 32)
    throw new Error(
      `"${netmask}" would mean 0.0.0.${Number(netmask)} to ipvsadm: write "${netmaskOf(Number(netmask))}"`,
    );
  if (!isNetmask(netmask)) throw new Error(`"${netmask}" is not a netmask, as in "255.255.255.0"`);
  return netmask === netmaskOf(32) ? undefined : netmask;
}

/** Whether the text is a dotted netmask in its canonical spelling. */
function isNetmask(text: string): boolean {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return false;
  const prefix = ipaddr.IPv4.parse(text).prefixLengthFromSubnetMask();
  return prefix !== null && netmaskOf(prefix) === text;
}
