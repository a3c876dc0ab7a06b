import { z } from "zod";

/**
 * The name of a network interface: `eth0`, `eth0.5`. The kernel allows more characters; these are safe in a file name, in a
 * sysctl and in text that a root shell reads.
 */
export const device = z
  .string({ error: 'must be the name of a network interface, such as "eth0"' })
  .refine((name) => !name.includes(":"), {
    error: 'names an alias; give the interface itself, such as "eth0", without the colon and what follows',
    abort: true,
  })
  .refine((name) => !name.includes("@"), {
    error: 'is as `ip addr` prints it; give the name before the @, such as "eth0.100" for eth0.100@eth0',
    abort: true,
  })
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/, {
    error: 'must be the name of a network interface, such as "eth0": at most 15 of A-Z a-z 0-9 _ . -',
  });

/** Interfaces of the `dummy` module: they hold addresses and answer no ARP. */
export function isDummy(name: string): boolean {
  return /^dummy\d+$/.test(name);
}

/** The interfaces that the IPIP and GRE modules create when they load. They answer no ARP, and receive tunneled packets for this host. */
export function isTunnel(name: string): boolean {
  return /^(?:tunl|gre)0$/.test(name);
}

/** Interfaces that can hold the VIP of a real server, because no neighbour gets an ARP or ND answer from them. */
export function isSilent(name: string): boolean {
  return name === "lo" || isDummy(name) || isTunnel(name);
}
