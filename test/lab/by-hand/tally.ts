import { Counts } from "../../support/counts.ts";
import { type Change, sortOf } from "./change.ts";
import { declared } from "./declared.ts";

/** What came of changes, by kind of resource. */
export class Tally {
  readonly #counts = new Counts();
  /** All that were tried. */
  changes = 0;

  tried(changes: readonly Change[]): void {
    this.changes += changes.length;
    for (const change of changes) this.#add(change, isManaged(change) ? "ours: tried" : "others': tried");
  }

  seen(changes: readonly Change[], all: boolean): void {
    if (all) for (const change of changes) this.#add(change, "seen");
  }

  /** `all`: the host is as before, but for what others have changed. */
  repaired(changes: readonly Change[], all: boolean): void {
    for (const change of changes) {
      if (isManaged(change) && all) this.#add(change, "repaired");
      if (!isManaged(change) && !all) this.#add(change, "touched");
    }
  }

  /** For the table of a soak. */
  tell(): void {
    this.#counts.tell();
  }

  #add({ at }: Change, column: string): void {
    this.#counts.add(declared[at][0].name, column);
  }
}

const isManaged = (change: Change): boolean => sortOf(change) === "managed";
