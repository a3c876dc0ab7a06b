import { addOwner, dropOwners, OWNERS_FILE, type Owners, owners, releaseOwner } from "../facts/files/owners";
import type { Assessment, Phase, Reconcilable, RuntimeKind, Target } from "./runtime-kind";

/**
 * The same object with its owners on the host's record. Other resources may need it, of this stack or of another one: it is taken away
 * with the last of them. A resource without a name is in a state of an earlier version; kinds that share have a ledger of their own.
 */
export function withOwners(object: Reconcilable, kind: OwnedKind, target: Target): Reconcilable {
  if (target.resource === undefined || kind.isShared) return object;
  const owner = new Owner(kind, target, target.resource);
  return {
    facts: [...object.facts, owners],
    assess: (values, phase) => owner.assess(object.assess(values, phase), values.get(owners), phase),
  };
}

type OwnedKind = Pick<RuntimeKind, "name" | "key" | "isShared" | "staysForOthers">;

class Owner {
  readonly #kind: string;
  readonly #key: string;
  readonly #name: string;
  readonly #target: Target;
  readonly #staysForOthers: boolean;

  constructor({ name: kind, key, staysForOthers }: OwnedKind, target: Target, name: string) {
    this.#kind = kind;
    this.#staysForOthers = staysForOthers(target.subject);
    this.#key = key(target.subject);
    this.#name = name;
    this.#target = target;
  }

  assess(object: Assessment, ownersOf: (kind: string, key: string) => Owners | undefined, phase: Phase): Assessment {
    const now = ownersOf(this.#kind, this.#key);
    if (this.#target.desired === undefined && phase !== "observe") return this.#removal(object, now);
    const isOwner = now?.names.includes(this.#name) === true;
    const isLeft = isOwner || now?.last === this.#name;
    // Who deleted the line does not need to know: the next change writes it again.
    const isBegun = object.isBegun || (!isOwner && object.observed !== undefined);
    const known = { ...object, isBegun, hasLeftovers: () => isLeft || object.hasLeftovers() };
    if (isOwner || phase === "observe") return known;
    // Last: where a step before it fails, an object that is not there has no owner either.
    const add = addOwner(this.#kind, this.#key, this.#name);
    return { ...known, isConverged: false, steps: () => [...object.steps(), add] };
  }

  #removal(object: Assessment, now: Owners | undefined): Assessment {
    const isOwner = now?.names.includes(this.#name) === true;
    const isOurs = isOwner || now?.last === this.#name;
    const others = now?.names.filter((one) => one !== this.#name) ?? [];
    const drop = dropOwners(this.#kind, this.#key, this.#name);
    if (this.#target.hasSuccessor === true) return staying(isOurs ? [drop] : [], []);
    if (others.length > 0 && this.#staysForOthers) {
      return staying(isOwner ? [releaseOwner(this.#kind, this.#key, this.#name)] : [], others);
    }
    // The other one was taken off in the same moment, after this one.
    if (now?.last !== undefined && now.last !== this.#name) return staying([], [now.last]);
    if (!isOurs || object.draining !== undefined) return object;
    return { ...object, isConverged: false, steps: () => [...object.steps(), drop] };
  }
}

/** The object stays, for others. */
function staying(steps: ReturnType<Assessment["steps"]>, neededBy: readonly string[]): Assessment {
  return {
    observed: undefined,
    isConverged: steps.length === 0,
    steps: () => steps,
    hasLeftovers: () => false,
    isBegun: false,
    ...(neededBy.length > 0 && {
      why: `stays, because ${neededBy.join(", ")} needs it, as ${OWNERS_FILE} of this host says`,
    }),
  };
}
