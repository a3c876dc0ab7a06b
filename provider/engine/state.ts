import { createHash } from "node:crypto";
import type { AnyKind } from "../kinds/kind";
import type { Host } from "./inventory";

/** A resource's properties as Pulumi stores them: the user's record, and what we add to it. */
export interface Properties extends Record<string, unknown> {
  readonly host: Host;
  /** What the host is told, for people: a line, or several. */
  readonly rule?: string | readonly string[];
  /** Who this is on its host. */
  readonly key?: string;
  /** Outputs only: which inputs the host was last brought in line with, see `wantedOf`. */
  readonly __wanted?: string;
}

/** Properties of ours that are in no schema. */
const OURS = ["__provider", "host", "rule", "key", "__wanted"] as const;

/** The user's part of the properties, with the places that Pulumi seeds with undefined taken out. */
export function recordOf(properties: Properties): Record<string, unknown> {
  const ours: readonly string[] = OURS;
  return Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => !ours.includes(name) && value !== undefined && value !== null),
  );
}

/**
 * The record in a state as this version of the package would have written it: an earlier one did not know of defaults that are
 * new. What no user could have written, because a host was found so, stays as it is.
 */
export function currentRecordOf(kind: AnyKind, outputs: Properties): Record<string, unknown> {
  const record = recordOf(outputs);
  const read = kind.schema.safeParse(record);
  return read.success ? (read.data as Record<string, unknown>) : record;
}

/**
 * What a look is about: the record in the state, with `boot` as it was wanted. What a host says of the next boot is measured by
 * that, and the state has what it said last time: measured by its own answer, a drift would be gone at the second look.
 */
export function aboutOf(kind: AnyKind, outputs: Properties): Record<string, unknown> {
  const record = currentRecordOf(kind, outputs);
  const { __wanted: wanted = "" } = outputs;
  return wanted === "" || record["boot"] === undefined ? record : { ...record, boot: !wanted.endsWith(UNTIL_REBOOT) };
}

/** The part of the outputs that a host told us. */
export function haveOf(kind: AnyKind, outputs: Properties): object {
  return pick(currentRecordOf(kind, outputs), (name) => kind.observedProperties.includes(name));
}

/** Inputs, canonical: every preview shows from them what the host will be told. */
export function inputsOf(kind: AnyKind, host: unknown, want: object): Properties {
  // The engine shows a list line by line, and a change of it line by line; of a long string it shows the beginning.
  const lines = kind.commands(want).split("\n");
  return { host: host as Host, ...want, key: kind.key(want), rule: lines.length === 1 ? kind.commands(want) : lines };
}

/** Outputs: what the host said, our settings, and what we had wanted. */
export function outputsOf(kind: AnyKind, host: Host, settings: object, have: object, wanted: string): Properties {
  const record = { ...pick(settings, (name) => !kind.observedProperties.includes(name)), ...have };
  return { ...inputsOf(kind, host, record), __wanted: wanted };
}

/**
 * A digest of what was wanted, without the host, which may hold secrets. It tells a change of the inputs, which the engine can
 * show property by property, from drift of the outputs. A word says that it was not wanted for the next boot.
 */
export function wantedOf(want: object): string {
  const digest = createHash("sha256")
    .update(JSON.stringify(sorted(want)))
    .digest("hex")
    .slice(0, 16);
  return "boot" in want && want.boot === false ? `${digest}${UNTIL_REBOOT}` : digest;
}

const UNTIL_REBOOT = " until reboot";

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)]));
}

function pick(record: object, keep: (name: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name, value]) => value !== undefined && keep(name)));
}
