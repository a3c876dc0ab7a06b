import { isDeepStrictEqual } from "node:util";
import type { RuntimeKind } from "../kinds/runtime-kind";
import { hasUnknown } from "../model/input/unknowns";
import { ownValue, pick } from "../model/own-value";
import { digestOf, UNTIL_REBOOT } from "./digest";
import { withoutControls } from "./host-words";
import { type Place, placeIn } from "./hosts/place";
import type { Host } from "./inventory";
import { inWords } from "./words";

/** A resource's properties as Pulumi stores them: the user's record, and what we add to it. */
export interface Properties extends Record<string, unknown> {
  readonly host: Host;
}

type Values = Readonly<Record<string, unknown>>;

/** Checked inputs, with the names and the defaults of this version. In a preview, a value may be unknown. */
export interface Inputs {
  readonly host: Host;
  readonly desired: Values;
  /** The resource that declares it, as the records of a host name it. */
  readonly resource: string | undefined;
  /** The desired state in the words of the program. */
  readonly words: Values;
  /** A value is not known yet. */
  readonly isUnknown: boolean;
  /** They are what a refresh found, and not what a program says. */
  readonly isRefreshed: boolean;
}

/** A stored resource, with the names and the defaults of this version: an earlier one may have written it. */
export interface State {
  readonly host: Host;
  /** Where the object was last seen. */
  readonly place: Place | undefined;
  /** The resource that made it, as the records of a host name it. Undefined in states of earlier versions. Another name of it later is the same owner. */
  readonly resource: string | undefined;
  /** The identity on the host. */
  readonly key: unknown;
  /** Settings and observed state. Where the host had values that no user could have written, they stand as they are. */
  readonly record: Values;
  /** The part of the record that was observed on the host. */
  readonly observed: Values;
  /** The desired state that the host was last brought in line with. A refresh judges by it: the record is what the host had the last time. */
  readonly lastRequested: Values;
  readonly wanted: Wanted;
  /** False of states of earlier versions. */
  readonly isWantedKnown: boolean;
  /** The object is gone and has left something, or a record of the host has a change that was begun and maybe not ended. */
  readonly isUnfinished: boolean;
  /** Whether the host was last brought in line with this desired state. */
  readonly isFor: (inputs: Inputs) => boolean;
}

/** As the outputs hold it: the words of the program, or of an earlier version a digest of what they meant. */
type Wanted = Values | string;

/** Properties of ours that are in no schema. `rule` is what 0.1.0 called `commands`. */
const OURS: readonly string[] = [
  "__provider",
  "host",
  "commands",
  "rule",
  "key",
  "__wanted",
  "__place",
  "__resource",
  "__leftovers",
  "__begun",
  "__refreshed",
];

/** Outputs, as Pulumi stored them. */
export function readState(kind: RuntimeKind, outputs: Properties): State {
  const record = current(kind, recordOf(outputs));
  const { wanted, lastRequested } = readWanted(kind, outputs["__wanted"], record);
  return {
    host: outputs.host,
    resource: resourceIn(outputs),
    place: placeIn(outputs["__place"]),
    key: outputs["key"],
    record,
    observed: pick(record, (name) => kind.observedProperties.includes(name)),
    lastRequested,
    wanted,
    isWantedKnown: typeof wanted !== "string",
    isUnfinished: outputs["__leftovers"] === true || outputs["__begun"] === true,
    isFor: ({ desired, words }) =>
      typeof wanted === "string"
        ? [words, desired].some((each) => digestOf(kind, each) === wanted)
        : isDeepStrictEqual(lastRequested, desired),
  };
}

function readWanted(kind: RuntimeKind, stored: unknown, record: Values): Pick<State, "wanted" | "lastRequested"> {
  if (typeof stored === "object" && stored !== null) {
    const words = withNewNames(kind, { ...stored });
    return { wanted: words, lastRequested: current(kind, words) };
  }
  if (typeof stored !== "string") return { wanted: "", lastRequested: record };
  const lastRequested = record["boot"] === undefined ? record : { ...record, boot: !stored.endsWith(UNTIL_REBOOT) };
  // Nothing has drifted since: what the host has is what was wanted.
  const isWanted = digestOf(kind, lastRequested) === stored;
  return { wanted: isWanted ? lastRequested : stored, lastRequested };
}

/** Inputs, as `check` answered them: this version's, or in a refresh that of an earlier one. */
export function readInputs(kind: RuntimeKind, inputs: Properties): Inputs {
  const words = withNewNames(kind, recordOf(inputs));
  const desired = current(kind, words);
  const given = { isUnknown: hasUnknown(inputs), isRefreshed: inputs["__refreshed"] === true };
  return { host: inputs.host, desired, resource: resourceIn(inputs), words, ...given };
}

export function resourceIn({ __resource: name }: Properties): string | undefined {
  return typeof name === "string" ? name : undefined;
}

/** Inputs in the words of the program, with the defaults filled in. A preview shows `commands` from them, line by line. */
export function writeInputs(kind: RuntimeKind, host: Host, words: Values, desired: Values): Properties {
  return withOurs(kind, host, inWords(kind, words, desired, desired), desired);
}

/**
 * The properties of a resource of which this was observed now: outputs, and inputs in which the words of the program stand where they hold.
 * Of one that is gone and has left something, they are the last ones, so that a destroy finds what is left.
 */
export function writeRefreshed(
  kind: RuntimeKind,
  { host, place, resource, lastRequested, wanted, observed: last }: State & { readonly place: Place },
  { observed, isBegun }: { readonly observed: object | undefined; readonly isBegun: boolean },
): { readonly props: Properties; readonly inputs: Properties } {
  const written = { host, place, resource, settings: lastRequested, wanted };
  const seen = observed ?? { ...last, ...off(last, ["live", "boot"]) };
  const props = { ...writeState(kind, written, seen), ...(isBegun && { __begun: true }) };
  const record = recordOf(props);
  const given = typeof wanted === "string" ? record : inWords(kind, wanted, lastRequested, record);
  const mark = isDeepStrictEqual(current(kind, given), lastRequested) ? {} : { __refreshed: true };
  const inputs = { ...withOurs(kind, host, given, record), ...named(resource), ...mark };
  if (observed !== undefined) return { props, inputs };
  return { props: { ...props, ...NOTHING, __leftovers: true }, inputs: { ...inputs, ...NOTHING } };
}

/** What an object amounts to that is gone: where it has no switch that is off, a refresh shows its drift by this. */
const NOTHING = { commands: [] };

/** What is stored beside the observed state: where it was observed, our settings, and what is wanted. */
interface Written {
  readonly host: Host;
  readonly place: Place;
  readonly resource: string | undefined;
  readonly settings: object;
  readonly wanted: Wanted;
}

/** Outputs. */
export function writeState(
  kind: RuntimeKind,
  { host, place, resource, settings, wanted }: Written,
  observed: object,
): Properties {
  const seen = withoutControls(observed, [settings, wanted]);
  const record = { ...pick(settings, (name) => !kind.observedProperties.includes(name)), ...seen };
  return { ...withOurs(kind, host, record, record), __wanted: wanted, __place: place, ...named(resource) };
}

/** The name of the resource, as inputs and outputs hold it. */
export function named(resource: string | undefined): Values {
  return resource === undefined ? {} : { __resource: resource };
}

function withOurs(kind: RuntimeKind, host: Host, given: Values, record: Values): Properties {
  return { host, ...given, key: kind.key(record), commands: [...kind.commands(record)] };
}

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

/** The same switches, all off. */
function off(record: Values, switches: readonly string[]): Values {
  return Object.fromEntries(
    switches.filter((name) => ownValue(record, name) !== undefined).map((name) => [name, false]),
  );
}
