import { z } from "zod";

/**
 * A network interface: `eth0`, `eth0.5`. The kernel allows more characters; these are safe in the name of a file, in a sysctl
 * and in a text that a root shell reads.
 */
export const device = z
  .string({ error: 'must be the name of a network interface, such as "eth0"' })
  .refine((name) => !name.includes(":"), {
    error: 'names an alias; give the interface itself, such as "eth0", without the colon and what follows',
    abort: true,
  })
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/, {
    error: 'must be the name of a network interface, such as "eth0": at most 15 of A-Z a-z 0-9 _ . -',
  });

/** Interfaces that never answer ARP, made for addresses. */
export function isDummy(name: string): boolean {
  return /^dummy\d+$/.test(name);
}

/** The devices that the kernel's tunnel modules bring along: they answer no ARP, and take what is sent to this host in a tunnel. */
export function isTunnel(name: string): boolean {
  return /^(?:tunl|gre)0$/.test(name);
}

/** Interfaces for the VIP of a real server: no neighbour can ask them. */
export function isSilent(name: string): boolean {
  return name === "lo" || isDummy(name) || isTunnel(name);
}
