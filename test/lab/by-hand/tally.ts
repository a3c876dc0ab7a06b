import { type Change, type Sort, sortOf } from "./change.ts";
import { declared } from "./declared.ts";

interface Row {
  tried: number;
  seen: number;
  repaired: number;
  foreign: number;
  untouched: number;
}

/** What came of changes, by kind of resource. */
export class Tally {
  readonly #rows = new Map<string, Row>();
  /** All that were tried. */
  changes = 0;

  tried(changes: readonly Change[]): void {
    this.changes += changes.length;
    for (const change of changes) this.#row(change)[isManaged(change) ? "tried" : "foreign"] += 1;
  }

  seen(changes: readonly Change[], all: boolean): void {
    if (all) for (const change of changes) this.#row(change).seen += 1;
  }

  repaired(changes: readonly Change[], all: boolean): void {
    if (all) for (const change of changes) this.#row(change)[isManaged(change) ? "repaired" : "untouched"] += 1;
  }

  /** A table for docs/reliability.md. */
  table(): string {
    const lines = [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, row]) => line(kind, row));
    const all = [...this.#rows.values()];
    const sum = (name: keyof Row) => all.reduce((total, row) => total + row[name], 0);
    const total = {
      tried: sum("tried"),
      seen: sum("seen"),
      repaired: sum("repaired"),
      foreign: sum("foreign"),
      untouched: sum("untouched"),
    };
    return [
      "| kind | ours: tried | seen | repaired | others': tried | touched |",
      "| --- | --- | --- | --- | --- | --- |",
      ...lines,
      line("all", total),
    ].join("\n");
  }

  #row({ at }: Change): Row {
    const kind = declared[at][0].name;
    const row = this.#rows.get(kind) ?? { tried: 0, seen: 0, repaired: 0, foreign: 0, untouched: 0 };
    this.#rows.set(kind, row);
    return row;
  }
}

const MANAGED: Sort = "managed";
const isManaged = (change: Change): boolean => sortOf(change) === MANAGED;

function line(kind: string, { tried, seen, repaired, foreign, untouched }: Row): string {
  return `| ${kind} | ${tried} | ${seen} | ${repaired} | ${foreign} | ${foreign - untouched} |`;
}
