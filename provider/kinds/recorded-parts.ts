import { isDeepStrictEqual } from "node:util";
import { dropOriginal, originalOf, recordNext } from "../facts/files/original-state";
import { namesOf, OWNERS_OF_PARTS, type OwnParts, recordKind } from "../facts/parts";
import { ownValue } from "../model/own-value";
import type { FileStep, Step } from "../step";
import type { Parts } from "./kind";
import type { Others } from "./runtime-kind";

/** Whose parts are meant: those of one object, for one resource. Undefined: one that has no name, from a state of 0.1.0. */
export interface PartsOwner {
  readonly kind: string;
  readonly key: string;
  readonly resource: string | undefined;
}

/** The record of an object's parts, read with the facts and written in the script of the change. */
export class RecordedParts<Want extends object, Have extends object, Seen> {
  readonly #parts: Parts<Want, Have, Seen>;
  readonly #kind: string;
  readonly #key: string;
  readonly #resource: string | undefined;

  constructor(parts: Parts<Want, Have, Seen>, { kind, key, resource }: PartsOwner) {
    this.#parts = parts;
    this.#kind = recordKind(kind);
    this.#key = key;
    this.#resource = resource;
  }

  /** The observation, with what the record says, and with what others want of the object. */
  read(seen: Seen, want: Want, others: Others): Seen {
    const own = this.#own(seen);
    const ours = own === undefined ? [] : this.#names(own, seen, want);
    const theirs = [...others].flatMap(([name, desire = {}]) => [
      ...this.#parts.in(desire as Have),
      ...namesOf(ownValue(this.#owners(seen), name)),
    ]);
    const wanted = [...this.#parts.of(want, seen).keys()];
    theirs.push(...(this.#parts.ownedElsewhere?.(seen, want, [...ours, ...wanted]) ?? []));
    return own === undefined && theirs.length === 0 ? seen : this.#parts.with(seen, ours, [...new Set(theirs)]);
  }

  /** What there is of the object, with those parts alone that this other resource may have made. */
  madeBy(resource: string, have: Have, seen: Seen, want: Want): Have {
    const { only, ownedElsewhere } = this.#parts;
    if (only === undefined) return have;
    const owners = this.#owners(seen) ?? {};
    const own = ownValue(owners, resource);
    if (own !== undefined) return only(have, namesOf(own));
    const all = this.#parts.in(have);
    const recorded = Object.keys(owners).flatMap((name) => namesOf(ownValue(owners, name)));
    const others = [...recorded, ...(ownedElsewhere?.(seen, want, all) ?? [])];
    return only(
      have,
      all.filter((name) => !others.includes(name)),
    );
  }

  /** Whether this resource, too, has parts of its own only, as its record says. */
  isPartial(seen: Seen, resource: string): boolean {
    const own = ownValue(this.#owners(seen), resource);
    return own !== undefined && own.whole !== true;
  }

  /** Whether the record says what it says after a whole run. Undefined: after a removal; `stays`: of what others need. */
  isSettled(seen: Seen, want: Want | undefined, stays: boolean): boolean {
    const own = this.#own(seen);
    if (want === undefined) return stays ? own === undefined : this.#owners(seen) === undefined;
    if (own !== undefined) return isDeepStrictEqual(own, this.#settled(want, seen));
    // Whose parts others may have by themselves has to name them, also where all of them were there already.
    const isNamed = this.#parts.ownedElsewhere !== undefined && this.#resource !== undefined;
    return !isNamed || this.#parts.of(want, seen).size === 0;
  }

  /** Whether this resource has any. */
  isRecorded(seen: Seen): boolean {
    return this.#own(seen) !== undefined;
  }

  /** The steps of a change, with the record before them, and after them. `known`: the states of earlier runs. */
  around(
    steps: readonly Step[],
    seen: Seen,
    want: Want | undefined,
    { known, stays }: { readonly known: readonly (Have | Want | undefined)[]; readonly stays: boolean },
  ): readonly Step[] {
    // What the host may take back is not done yet.
    const isEnd = !steps.some((step) => "command" in step && step.undo !== undefined);
    if (want === undefined) {
      const drop = stays ? this.#write(undefined) : this.#drop();
      return [...steps, ...(isEnd && !this.isSettled(seen, want, stays) ? drop : [])];
    }
    const own = this.#own(seen);
    if (steps.length === 0 && this.isSettled(seen, want, stays)) return [];
    const begun = steps.length === 0 ? own : this.#begun(seen, want, known);
    const settled = this.#settled(want, seen);
    return [
      ...(isDeepStrictEqual(begun, own) ? [] : this.#write(begun)),
      ...steps,
      ...(isEnd && !isDeepStrictEqual(settled, begun) ? this.#write(settled) : []),
    ];
  }

  #begun(seen: Seen, want: Want, known: readonly (Have | Want | undefined)[]): OwnParts | undefined {
    const own = this.#own(seen);
    const wanted = this.#parts.of(want, seen);
    // Who has all that there is takes for its own what it has begun.
    if (wanted.size === 0 || this.#parts.isWhole?.(want) === true) return own;
    const inStates = known.flatMap((state) => (state === undefined ? [] : this.#parts.in(state)));
    const ours = [...new Set([...(own === undefined ? [] : this.#names(own, seen, want)), ...inStates])].sort();
    // What is there already, somebody else has made.
    const coming = [...wanted].filter(
      ([name]) => !ours.includes(name) && this.#parts.on(seen, want, name).length === 0,
    );
    const begun = Object.fromEntries(coming.map(([name, lines]) => [name, [...lines]]));
    return { ours, ...(coming.length > 0 && { begun }) };
  }

  #settled(want: Want, seen: Seen): OwnParts | undefined {
    const names = [...this.#parts.of(want, seen).keys()];
    const whole = this.#parts.isWhole?.(want) === true ? { whole: true as const } : {};
    return names.length === 0 ? undefined : { ours: names.sort(), ...whole };
  }

  #names({ ours, begun = {} }: OwnParts, seen: Seen, want: Want): readonly string[] {
    const made = Object.entries(begun).filter(([name, lines]) => {
      const present = this.#parts.on(seen, want, name);
      return present.length > 0 && present.every((line) => lines.includes(line));
    });
    return [...ours, ...made.map(([name]) => name)];
  }

  #owners(seen: Seen): Readonly<Record<string, OwnParts>> | undefined {
    return originalOf(this.#parts.record(seen), this.#kind, this.#key, OWNERS_OF_PARTS);
  }

  #own(seen: Seen): OwnParts | undefined {
    return this.#resource === undefined ? undefined : ownValue(this.#owners(seen), this.#resource);
  }

  #write(own: OwnParts | undefined): readonly FileStep[] {
    const resource = this.#resource;
    if (resource === undefined) return [];
    const summary = `${resource} has ${own === undefined ? "none" : JSON.stringify(own)} of ${this.#key}`;
    const next = (owners: Readonly<Record<string, OwnParts>> = {}) => {
      const others = Object.entries(owners).filter(([name]) => name !== resource);
      const all = own === undefined ? others : [...others, [resource, own] as const];
      return all.length === 0 ? undefined : Object.fromEntries(all);
    };
    return [recordNext(this.#kind, this.#key, OWNERS_OF_PARTS, { next, summary })];
  }

  /** With the object go the parts of all. */
  #drop(): readonly FileStep[] {
    return [dropOriginal(this.#kind, this.#key)];
  }
}
