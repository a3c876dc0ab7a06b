import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { device } from "./device";

/** One kernel setting that we need, and why. */
export interface Setting {
  /** As sysctl(8) says it, with a dot in a device's name as a slash: `net.ipv4.conf.eth0/5.arp_ignore`. */
  readonly key: string;
  readonly value: number;
  /** For people: in the preview, in the file on the host, in the docs. */
  readonly reason: string;
}

/** A set of kernel settings on a host: the same shape whether wanted or found. */
export interface Tuning {
  readonly devices: readonly string[];
  /** Each sysctl with its value. */
  readonly settings: Readonly<Record<string, number>>;
  /** The host sets them again at boot. */
  readonly boot: boolean;
}

/** What the user says: NICs by name, and whether it shall outlast a reboot. `settings` is filled in from `table`. */
export function tuningSchema(table: (devices: readonly string[]) => readonly Setting[]) {
  return z
    .strictObject({
      devices: z.array(namedDevice, { error: 'must be a list of NICs, such as ["eth0"]' }).default([]),
      boot: z.boolean({ error: "must be true or false" }).default(true),
      settings: z.record(z.string(), z.number()).optional(),
    })
    .transform((said, ctx): Tuning => {
      const devices = [...new Set(said.devices)].sort();
      const settings = Object.fromEntries(table(devices).map(({ key, value }) => [key, value]));
      if (said.settings !== undefined && !isDeepStrictEqual(said.settings, settings)) {
        ctx.addIssue({
          code: "custom",
          path: ["settings"],
          message: "is an output: it follows from devices",
          input: said.settings,
        });
      }
      return { devices, settings, boot: said.boot };
    });
}

const namedDevice = device.refine((name) => !["all", "default", "lo"].includes(name), {
  error:
    '"all" and "lo" are set anyway, and "default" would reach NICs that nobody named; name NICs only, such as "eth0"',
});
