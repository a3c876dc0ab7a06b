import { appendFileSync } from "node:fs";

/** How often what was tried, and what came of it: the rows and columns of a table that `npm run soak` writes. */
export class Counts {
  readonly #rows = new Map<string, Map<string, number>>();

  add(row: string, column: string, count = 1): void {
    const cells = this.#rows.get(row) ?? new Map<string, number>();
    this.#rows.set(row, cells.set(column, (cells.get(column) ?? 0) + count));
  }

  /** Hands them to the soak that has started this test, if one has. */
  tell(): void {
    const path = process.env["PULUMI_LVS_SOAK"];
    if (path === undefined) return;
    const rows = Object.fromEntries([...this.#rows].map(([row, cells]) => [row, Object.fromEntries(cells)]));
    appendFileSync(path, `${JSON.stringify(rows)}\n`);
  }
}
