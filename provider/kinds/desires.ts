import { isDeepStrictEqual } from "node:util";
import { jsonIn } from "../facts/files/json";
import { type Desire, OWNERS_FILE } from "../facts/files/owners";
import { isMap, ownValue, pick } from "../model/own-value";
import type { Keepers, Others, RuntimeKind } from "./runtime-kind";

type DesiringKind = Pick<
  RuntimeKind,
  "observedProperties" | "identity" | "partialBy" | "keptBy" | "wholeMaps" | "confidential" | "parse" | "differs"
>;

/** What a resource wants of an object that others need, for the host's record. */
export function desireOf(kind: DesiringKind, want: object): Desire {
  return asJson(pick(want, (name) => name !== "live" && (name === kind.keptBy || isDesired(kind, name))));
}

/**
 * What those want who made an object as it is, and have said nothing: what it is like. Of parts that they may have beside it nothing is known.
 */
export function desireSeen(kind: DesiringKind, want: object, have: object, keepers?: Keepers): Desire | undefined {
  const partial = kind.partialBy === undefined ? {} : { [kind.partialBy]: false };
  const kept = keptAsSeen(kind, { ...want }, keepers);
  const seen = asJson({ ...pick(have, (name) => name !== "live" && isDesired(kind, name)), ...partial, ...kept });
  // What a host has, no user may be able to say: then what this resource says anything of.
  const narrow = pick(seen, (name) => [want, partial, kept].some((one) => Object.hasOwn(one, name)));
  // Where it has something that nobody can have in part, they have all of it.
  const whole = pick(seen, (name) => name !== kind.partialBy);
  return [seen, whole, narrow].find((one) => kind.parse({ ...identityOf(kind, want), ...one }).success);
}

/** One that another program keeps for the next boot is not absent there, although this resource does not find it where it looks. */
function keptAsSeen({ keptBy }: DesiringKind, want: Desire, { usual, found }: Partial<Keepers> = {}): Desire {
  if (keptBy === undefined || found === undefined) return {};
  const isElsewhere = found !== (ownValue(want, keptBy) ?? usual);
  return { ...(found !== usual && { [keptBy]: found }), ...(isElsewhere && { boot: true }) };
}

function isDesired({ observedProperties, identity, partialBy }: DesiringKind, name: string): boolean {
  return (observedProperties.includes(name) && !identity.includes(name)) || name === partialBy;
}

function identityOf({ identity }: DesiringKind, want: object): Desire {
  return pick(want, (name) => identity.includes(name));
}

/** Without what JSON does not have. */
function asJson(desire: Desire): Desire {
  const read = jsonIn(JSON.stringify(desire));
  return isMap(read) ? read : {};
}

/**
 * Who wants another state of the object, and which, for the operator. No refusal: of two that have to change both, one is the first, and a
 * stack must be able to change a weight while nobody is there who could change the other.
 */
export function contradiction(
  kind: DesiringKind,
  want: object,
  others: Others,
  keepers?: () => Keepers,
): string | undefined {
  const mine = desireOf(kind, want);
  const rivals = [...others].flatMap(([name, theirs]) => {
    const differing =
      theirs === undefined
        ? []
        : [...differences(kind, want, mine, theirs), ...otherKeeper(kind, mine, theirs, keepers?.().usual)];
    return differing.length === 0 ? [] : [`${name} also declares it, and wants ${differing.join(", ")}`];
  });
  if (rivals.length === 0) return undefined;
  return (
    `${rivals.join("; ")}, as ${OWNERS_FILE} of this host says. The last one to run has its way, and the other shows that as drift. ` +
    "Declare the same in both"
  );
}

/** `label "eth0:9", not "eth0:1"`, for each property in which the kind itself sees a difference. */
function differences(kind: DesiringKind, want: object, mine: Desire, theirs: Desire): readonly string[] {
  const { partialBy, keptBy } = kind;
  const isCompared = (name: string) => name !== keptBy;
  const [isPartial, areTheirs] = [mine, theirs].map((desire) => ownValue(desire, partialBy ?? "") === false);
  const alike = Object.fromEntries(
    Object.entries(pick(theirs, isCompared)).map(([name, value]) => [
      name,
      comparable(ownValue(mine, name), value, { isPartial: isPartial === true, areTheirs: areTheirs === true }),
    ]),
  );
  const isUnsaid = (name: string) => isMap(ownValue(mine, name)) && !kind.wholeMaps.includes(name);
  const unsaid = pick(mine, (name) => isUnsaid(name) && !Object.hasOwn(theirs, name));
  const read = kind.parse({ ...identityOf(kind, want), ...unsaid, ...alike });
  if (!read.success || !kind.differs(pick(want, isCompared), { ...read.data, live: true })) return [];
  const others = desireOf(kind, read.data);
  const names = [...new Set([...Object.keys(mine), ...Object.keys(others)])].filter(
    (name) => name !== partialBy && isCompared(name),
  );
  return names.flatMap((name) => {
    const described = describe(name, ownValue(mine, name), ownValue(others, name));
    return kind.confidential.includes(name) && described.length > 0 ? [`another ${name}`] : described;
  });
}

/** The other's value as far as it says something of ours: of a map that others have entries in, each knows its own alone. */
function comparable(
  mine: unknown,
  theirs: unknown,
  { isPartial, areTheirs }: { readonly isPartial: boolean; readonly areTheirs: boolean },
): unknown {
  if (!isMap(theirs)) return theirs;
  if (!isMap(mine)) return undefined;
  const own = isPartial ? pick(theirs, (name) => Object.hasOwn(mine, name)) : theirs;
  return areTheirs ? { ...mine, ...own } : own;
}

/** Where both have it outlast a boot, by different programs. One that names none means the usual one. */
function otherKeeper(
  { keptBy }: DesiringKind,
  mine: Desire,
  theirs: Desire,
  usual: string | undefined,
): readonly string[] {
  if (keptBy === undefined || [mine, theirs].some((desire) => ownValue(desire, "boot") === false)) return [];
  const [own, other] = [mine, theirs].map((desire) => ownValue(desire, keptBy) ?? usual);
  return own === undefined || other === undefined ? [] : describe(keptBy, own, other);
}

function describe(name: string, mine: unknown, theirs: unknown): readonly string[] {
  if (isDeepStrictEqual(mine, theirs)) return [];
  if (isMap(mine) && isMap(theirs)) {
    const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
    return names.flatMap((one) =>
      describe(`${name}[${JSON.stringify(one)}]`, ownValue(mine, one), ownValue(theirs, one)),
    );
  }
  return [`${name} ${shown(theirs)}, not ${shown(mine)}`];
}

function shown(value: unknown): string {
  return value === undefined ? "unset" : JSON.stringify(value);
}
