import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { device } from "../network/device";

/** One kernel setting that we need, and why. */
export interface Setting {
  /** As sysctl(8) says it, with a dot in a device's name as a slash: `net.ipv4.conf.eth0/5.arp_ignore`. */
  readonly key: string;
  /** Text where the kernel wants several numbers. */
  readonly value: number | string;
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

/** What every tuning has, beside what is its own. */
export const tuningFields = {
  boot: z.boolean({ error: "must be true or false" }).default(true),
  settings: z.record(z.string(), z.number()).optional(),
};

/** What the user says: NICs by name, and whether it shall outlast a reboot. `settings` is filled in from `table`. */
export function tuningSchema(table: (tuning: Pick<Tuning, "devices">) => readonly Setting[]) {
  return z
    .strictObject({ devices: devicesOf(namedDevice).default([]), ...tuningFields })
    .transform((said, ctx): Tuning => {
      const devices = inOrder(said.devices);
      return { devices, settings: settled(table({ devices }), said.settings, ctx, "devices"), boot: said.boot };
    });
}

/** A list of NICs. */
export function devicesOf(one: z.ZodType<string>) {
  return z.array(one, { error: 'must be a list of NICs, such as ["eth0"]' });
}

/** In one order, each once. */
export function inOrder(devices: readonly string[]): string[] {
  return [...new Set(devices)].sort();
}

/** The settings of a table as an output. Said by the user, they may only say the same. */
export function settled(
  table: readonly Setting[],
  said: Readonly<Record<string, number>> | undefined,
  ctx: z.RefinementCtx,
  from: string,
): Record<string, number> {
  const settings = Object.fromEntries(table.map(({ key, value }) => [key, Number(value)]));
  if (said !== undefined && !isDeepStrictEqual(said, settings)) {
    const message = `is an output: it follows from ${from}`;
    ctx.addIssue({ code: "custom", path: ["settings"], message, input: said });
  }
  return settings;
}

/** A setting of one interface, or of `all` or `default`. */
export function interfaceKey(device: string, name: string): string {
  return `net.ipv4.conf.${device.replaceAll(".", "/")}.${name}`;
}

export function interfaceKey6(device: string, name: string): string {
  return interfaceKey(device, name).replace("net.ipv4.", "net.ipv6.");
}

export const namedDevice = device.refine((name) => !["all", "default", "lo"].includes(name), {
  error:
    '"all" and "lo" are set anyway, and "default" would reach NICs that nobody named; name NICs only, such as "eth0"',
});
