import type { Family } from "../network/address";

/**
 * Which clients are one client for persistence, as ipvsadm prints it; undefined for a mask that means every client by itself,
 * which it does not print. Throws what is wrong with it.
 */
export function canonicalNetmask(netmask: string, family: Family): string | undefined {
  if (family === "ipv6") {
    if (/^[1-9]\d{0,2}$/.test(netmask) && Number(netmask) <= 128) return netmask === "128" ? undefined : netmask;
    throw new Error(`"${netmask}" is not a prefix length: write a number from 1 to 128, as in "64"`);
  }
  if (/^\d{1,2}$/.test(netmask) && Number(netmask) <= 32)
    throw new Error(`"${netmask}" would mean 0.0.0.${Number(netmask)} to ipvsadm: write "${dotted(Number(netmask))}"`);
  const prefix = Array.from({ length: 33 }, (_, length) => length).find((length) => dotted(length) === netmask);
  if (prefix === undefined) throw new Error(`"${netmask}" is not a netmask, as in "255.255.255.0"`);
  return prefix === 32 ? undefined : netmask;
}

/** `24` is `255.255.255.0`. */
function dotted(prefix: number): string {
  return [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefix - start)))).join(".");
}
