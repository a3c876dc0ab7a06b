import { isDeepStrictEqual } from "node:util";
import type { FactValues } from "../facts/fact";
import { ORIGINAL_STATE_FILE } from "../facts/files/original-state";
import { addOwner, dropOwners, OWNERS_FILE, type Owners, owners, releaseOwner } from "../facts/files/owners";
import { ownValue } from "../model/own-value";
import type { FileStep, Step } from "../step";
import { contradiction, desireOf, desireSeen } from "./desires";
import type { Assessment, Others, Phase, Reconcilable, RuntimeKind, Target } from "./runtime-kind";

/**
 * The same object with its owners on the host's record. Other resources may need it, of this stack or of another one: it is taken away
 * with the last of them. A resource without a name is in a state of an earlier version; kinds that share have a ledger of their own.
 */
export function withOwners(object: Reconcilable, kind: OwnedKind, target: Target): Reconcilable {
  if (target.resource === undefined || kind.isShared) return object;
  const owner = new Owner(object, kind, target, target.resource);
  return { ...object, facts: [...object.facts, owners], assess: (values, phase) => owner.assess(values, phase) };
}

type OwnedKind = Pick<
  RuntimeKind,
  | "name"
  | "key"
  | "isShared"
  | "partialBy"
  | "keptBy"
  | "wholeMaps"
  | "confidential"
  | "observedProperties"
  | "identity"
  | "parse"
  | "differs"
>;

class Owner {
  readonly #kind: OwnedKind;
  readonly #key: string;
  readonly #name: string;
  readonly #target: Target;
  readonly #object: Reconcilable;

  constructor(object: Reconcilable, kind: OwnedKind, target: Target, name: string) {
    this.#object = object;
    this.#kind = kind;
    this.#key = kind.key(target.subject);
    this.#name = name;
    this.#target = target;
  }

  assess(values: FactValues, phase: Phase): Assessment {
    const now = values.get(owners)(this.#kind.name, this.#key);
    const names = now?.names.filter((one) => one !== this.#name) ?? [];
    const others = new Map(names.map((one) => [one, ownValue(now?.desires, one)]));
    const elsewhere = new Map(this.#object.alsoOwnedBy(values).map((one) => [one, undefined]));
    const object = this.#object.assess(values, phase, new Map([...elsewhere, ...others]));
    const { desired } = this.#target;
    if (phase === "observe") return this.#observed(object, now);
    if (desired === undefined) return this.#removal(object, now, { others, elsewhere });
    return this.#change(object, desired, now, others);
  }

  #observed(object: Assessment, now: Owners | undefined): Assessment {
    const isOwner = now?.names.includes(this.#name) === true;
    const isLeft = isOwner || now?.last === this.#name;
    // Who deleted the line does not need to know: the next change writes it again.
    const isBegun = object.isBegun || (!isOwner && object.observed !== undefined);
    return { ...object, isBegun, hasLeftovers: () => isLeft || object.hasLeftovers() };
  }

  #change(object: Assessment, desired: object, now: Owners | undefined, others: Others): Assessment {
    const known = this.#observed(object, now);
    const all = [contradiction(this.#kind, desired, others, object.keepers), object.why];
    const why = all.filter((one) => one !== undefined).join(". ");
    const answer = why === "" ? known : { ...known, why };
    const add = this.#addition(object, desired, now, others);
    const isOwner = now?.names.includes(this.#name) === true;
    // Last: where a step before it fails, an object that is not there has no owner either. Of two that come in the same moment, the first one
    // does not know yet that it has to say what it wants: that is written when it can be, and nobody waits for it.
    const steps = () => (add === undefined ? object.steps() : [...object.steps(), add]);
    return { ...answer, isConverged: object.isConverged && isOwner, steps };
  }

  /** Writes down this owner, and where there are others, what each wants. */
  #addition(object: Assessment, desired: object, now: Owners | undefined, others: Others): FileStep | undefined {
    const isOwner = now?.names.includes(this.#name) === true;
    const desire = desireOf(this.#kind, desired);
    const isOnRecord = others.size === 0 || isDeepStrictEqual(ownValue(now?.desires, this.#name), desire);
    if (isOwner && isOnRecord) return undefined;
    // Of one who was alone and has said nothing, the object is as it wants it, until this run changes it.
    const unsaid = isOwner ? [] : [...others.keys()].filter((name) => others.get(name) === undefined);
    const theirs = unsaid.flatMap((name) => {
      const made = object.madeBy?.(name) ?? object.observed;
      const seen = made === undefined ? undefined : desireSeen(this.#kind, desired, made, object.keepers?.());
      return seen === undefined ? [] : [[name, seen] as const];
    });
    return addOwner(this.#kind.name, this.#key, this.#name, Object.fromEntries([...theirs, [this.#name, desire]]));
  }

  /** `elsewhere`: those that have the object in another way, and are not in its line. */
  #removal(
    object: Assessment,
    now: Owners | undefined,
    { others, elsewhere }: Readonly<Record<"others" | "elsewhere", Others>>,
  ): Assessment {
    const isOwner = now?.names.includes(this.#name) === true;
    const isOurs = isOwner || now?.last === this.#name;
    const drop = dropOwners(this.#kind.name, this.#key, this.#name);
    if (this.#target.hasSuccessor === true) return staying(isOurs ? [drop] : [], []);
    // The other one was taken off in the same moment, after this one.
    const isOthers = now?.last !== undefined && now.last !== this.#name;
    if (isOthers) return staying([], [now.last]);
    if (object.draining !== undefined) return object;
    const neededBy = [...new Set([...others.keys(), ...elsewhere.keys()])];
    if (neededBy.length > 0) {
      // What was this one's alone has gone with its name, and so has the record of what others want.
      const file = others.size > 0 ? OWNERS_FILE : ORIGINAL_STATE_FILE;
      if (!isOurs && !object.hasLeftovers()) return staying([], neededBy, file);
      const release = others.size > 0 ? releaseOwner(this.#kind.name, this.#key, this.#name) : drop;
      const steps = isOurs ? [release] : [];
      return { ...staying(steps, neededBy, file), ...withSteps(object, steps) };
    }
    return isOurs ? { ...object, ...withSteps(object, [drop]) } : object;
  }
}

function withSteps(object: Assessment, more: readonly Step[]): Pick<Assessment, "isConverged" | "steps"> {
  return { isConverged: object.isConverged && more.length === 0, steps: () => [...object.steps(), ...more] };
}

/** The object stays, for others. */
function staying(steps: readonly Step[], neededBy: readonly string[], file = OWNERS_FILE): Assessment {
  return {
    observed: undefined,
    isConverged: steps.length === 0,
    steps: () => steps,
    hasLeftovers: () => false,
    isBegun: false,
    ...(neededBy.length > 0 && {
      why: `stays, because ${neededBy.join(", ")} needs it, as ${file} of this host says`,
    }),
  };
}
