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
