import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { yesNo } from "../fields";
import { device } from "../network/device";

/** One kernel setting with its desired value and the reason for it. */
export interface Setting {
  /** As sysctl(8) writes it, with a slash for each dot in a device's name: `net.ipv4.conf.eth0/5.arp_ignore`. */
  readonly key: string;
  /** A string where the kernel takes several numbers. */
  readonly value: number | string;
  /** Shown in the preview, in the ledger on the host and in the docs. */
  readonly reason: string;
  /** The first Linux that has it, where a host may well have an earlier one. */
  readonly since?: string;
}

/** The settings that one resource wants. */
export interface Claim {
  readonly owner: string;
  readonly boot: boolean;
  readonly settings: readonly Setting[];
}

/** Kernel settings of one resource, desired or observed. */
export interface Tuning {
  readonly devices: readonly string[];
  /** Sysctl key → value. */
  readonly settings: Readonly<Record<string, number>>;
  /** Persisted: the host sets the same values at boot. */
  readonly boot: boolean;
}

const OUTPUT = { error: "is an output: it follows from the other arguments" };

/** The inputs of every tuning. */
export const tuningFields = {
  boot: yesNo.default(true),
  settings: z.record(z.string(), z.number(OUTPUT), OUTPUT).optional(),
};

/** The schema of a tuning whose only input is a list of NICs. Its `settings` follow from `table`. */
export function tuningSchema(table: (tuning: Pick<Tuning, "devices">) => readonly Setting[]) {
  return z
    .strictObject({ devices: deviceList(namedDevice).default([]), ...tuningFields })
    .transform((args, ctx): Tuning => {
      const devices = sortedUnique(args.devices);
      return { devices, settings: settingsOutput(table({ devices }), args.settings, ctx, "devices"), boot: args.boot };
    });
}

export function deviceList(one: z.ZodType<string>) {
  return z.array(one, { error: 'must be a list of NICs, such as ["eth0"]' });
}

export function sortedUnique(devices: readonly string[]): string[] {
  return [...new Set(devices)].sort();
}

/** The output `settings`. A state hands it back as an input, so an input is accepted when it is equal. */
export function settingsOutput(
  table: readonly Setting[],
  input: Readonly<Record<string, number>> | undefined,
  ctx: z.RefinementCtx,
  from: string,
): Record<string, number> {
  const settings = Object.fromEntries(table.map(({ key, value }) => [key, Number(value)]));
  if (input !== undefined && !isDeepStrictEqual(input, settings)) {
    const message = `is an output: it follows from ${from}`;
    ctx.addIssue({ code: "custom", path: ["settings"], message, input });
  }
  return settings;
}

/** The key of an IPv4 setting of one interface, or of `all` or `default`. */
export function interfaceKey(device: string, name: string): string {
  return `net.ipv4.conf.${device.replaceAll(".", "/")}.${name}`;
}

/** The key of an IPv6 setting of one interface, or of `all` or `default`. */
export function interfaceKey6(device: string, name: string): string {
  return interfaceKey(device, name).replace("net.ipv4.", "net.ipv6.");
}

/** The name of a NIC, and none of the kernel's pseudo-interfaces. */
export const namedDevice = device.refine((name) => !["all", "default", "lo"].includes(name), {
  error:
    'must be a NIC, such as "eth0": "all" and "lo" are always set, and "default" would affect NICs that are not listed',
});
