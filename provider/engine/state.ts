import { createHash } from "node:crypto";
import type { RuntimeKind } from "../kinds/define-kind";
import type { Host } from "./inventory";
import { type Place, placeIn } from "./place";

/** A resource's properties as Pulumi stores them: the user's record, and what we add to it. */
export interface Properties extends Record<string, unknown> {
  readonly host: Host;
}

type Values = Readonly<Record<string, unknown>>;

/** Checked inputs, with the names and the defaults of this version. In a preview, a value may be unknown. */
export interface Inputs {
  readonly host: Host;
  readonly desired: Values;
  /** Of the desired state, see `digestOf`. */
  readonly digest: string;
}

/** A stored resource, with the names and the defaults of this version: an earlier one may have written it. */
export interface State {
  readonly host: Host;
  /** Where the object was last seen. */
  readonly place: Place | undefined;
  /** The identity on the host. */
  readonly key: unknown;
  /** Settings and observed state. Where the host had values that no user could have written, they stand as they are. */
  readonly record: Values;
  /** The part of the record that was observed on the host. */
  readonly observed: Values;
  /**
   * The record, with `boot` as last requested. The stored `boot` is what the host had then; comparing against that would hide
   * drift on the second refresh.
   */
  readonly lastRequested: Values;
  /** Of the desired state that the host was last brought in line with, see `digestOf`. */
  readonly digest: string;
}

/** Properties of ours that are in no schema. `rule` is what 0.1.0 called `commands`. */
const OURS: readonly string[] = ["__provider", "host", "commands", "rule", "key", "__wanted", "__place"];

/** Outputs, as Pulumi stored them. */
export function readState(kind: RuntimeKind, outputs: Properties): State {
  const record = current(kind, recordOf(outputs));
  const digest = typeof outputs["__wanted"] === "string" ? outputs["__wanted"] : "";
  return {
    host: outputs.host,
    place: placeIn(outputs["__place"]),
    key: outputs["key"],
    record,
    observed: pick(record, (name) => kind.observedProperties.includes(name)),
    lastRequested:
      digest === "" || record["boot"] === undefined ? record : { ...record, boot: !digest.endsWith(UNTIL_REBOOT) },
    digest,
  };
}

/** Inputs, as `check` answered them: this version's, or in a refresh that of an earlier one. */
export function readInputs(kind: RuntimeKind, inputs: Properties): Inputs {
  const record = recordOf(inputs);
  return { host: inputs.host, desired: current(kind, record), digest: digestOf(kind, record) };
}

/** Canonical inputs. A preview shows `commands` from them, line by line. */
export function writeInputs(kind: RuntimeKind, host: Host, want: object): Properties {
  return { host, ...want, key: kind.key(want), commands: [...kind.commands(want)] };
}

/** What is stored beside the observed state: where it was observed, our settings, and the digest of the desired state. */
interface Written {
  readonly host: Host;
  readonly place: Place;
  readonly settings: object;
  readonly digest: string;
}

export function writeState(
  kind: RuntimeKind,
  { host, place, settings, digest }: Written,
  observed: object,
): Properties {
  const record = { ...pick(settings, (name) => !kind.observedProperties.includes(name)), ...observed };
  return { ...writeInputs(kind, host, record), __wanted: digest, __place: place };
}

/**
 * A digest of the desired state, without the host, which may hold secrets. It tells a change of the program, which the engine can
 * show property by property, from drift. A suffix says that `boot` was false. A property keeps its oldest name in it, so that
 * a new name is no change.
 */
function digestOf(kind: RuntimeKind, desired: object): string {
  const digest = createHash("sha256")
    .update(JSON.stringify(sorted(withOldNames(kind, desired))))
    .digest("hex")
    .slice(0, 16);
  return "boot" in desired && desired.boot === false ? `${digest}${UNTIL_REBOOT}` : digest;
}

const UNTIL_REBOOT = " until reboot";

/** The user's part of the properties, without those that Pulumi seeds with undefined. */
export function recordOf(properties: Values): Values {
  return pick(properties, (name) => !OURS.includes(name));
}

/** A record as this version would have written it. One that no user could have written stays as it is. */
function current(kind: RuntimeKind, stored: Values): Values {
  const record = withNewNames(kind, stored);
  const read = kind.parse(record);
  return read.success ? { ...read.data } : record;
}

function withNewNames(kind: RuntimeKind, stored: Values): Values {
  const renamed = new Map(Object.entries(kind.renamed));
  const entries = Object.entries(stored).map(([name, value]): [string, unknown] => [renamed.get(name) ?? name, value]);
  return { ...Object.fromEntries(entries), ...pick(stored, (name) => !renamed.has(name)) };
}

function withOldNames(kind: RuntimeKind, record: object): Values {
  const oldest = new Map(Object.entries(kind.renamed).map(([old, name]) => [name, old]));
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [oldest.get(name) ?? name, value]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)]));
}

function pick(record: object, keep: (name: string) => boolean): Values {
  return Object.fromEntries(
    Object.entries(record).filter(([name, value]) => value !== undefined && value !== null && keep(name)),
  );
}
