import type { AsyncCommand } from "fast-check";
import { type Change, meet, sortOf } from "./change.ts";
import { type ResourceName } from "./declared.ts";
import { differences } from "./look.ts";
import type { Drifts, Site } from "./site.ts";
import type { Tally } from "./tally.ts";

/** What the model knows: the foreign changes that were made and not taken back. */
export interface Model {
  readonly active: Set<Change>;
}

export interface Real {
  readonly site: Site;
  readonly tally: Tally;
}

/** Some changes by hand in one go, then one refresh, one `up` of what drifted, and another refresh. */
export class Round implements AsyncCommand<Model, Real> {
  readonly #changes: readonly Change[];
  /** Those that were made. */
  #made: readonly Change[] | undefined;

  constructor(changes: readonly Change[]) {
    this.#changes = changes;
  }

  check({ active }: Readonly<Model>): boolean {
    return this.#possible(active).length > 0;
  }

  async run({ active }: Model, { site, tally }: Real): Promise<void> {
    const changes = this.#possible(active);
    this.#made = changes;
    const [managed, foreign, cosmetic] = SORTS.map((sort) =>
      changes.filter((change) => sortOf(change) === sort),
    ) as Sorted;
    const files = changes.flatMap((change) => change.files ?? []);
    tally.tried(changes);
    const { looks: before } = await site.type(
      [...foreign.map((change) => typedNow(change, active)), keep(files), ...cosmetic.map(({ typed }) => typed)],
      managed.map(({ typed }) => typed),
    );
    for (const change of foreign) if (!active.delete(change)) active.add(change);
    const drifts = await site.refresh();
    const missed = missedIn(drifts, managed);
    const known = managed.flatMap(({ shown = {}, also = [] }) => [...Object.keys(shown), ...also]);
    const invented = [...drifts.keys()].filter((name) => !known.includes(name));
    tally.seen(managed, missed.length === 0);
    await site.repair(drifts);
    const [{ looks: after }, again] = await Promise.all([site.type([], []), site.refresh()]);
    const rewritten = [
      ...managed,
      ...cosmetic.filter(({ writers = [] }) => writers.some((name) => drifts.has(name))),
    ].flatMap((change) => change.files ?? []);
    const left = differences(before, after).filter((line) => !rewritten.some((path) => line.includes(`: ${path} `)));
    const problems = [
      ...missed,
      ...invented.map((name) => `${name} shows a drift of ${drifts.get(name)?.join(", ")}, and nobody changed it`),
      ...[...again].map(([name, fields]) => `${name} still shows ${fields.join(", ")} after the up`),
      ...left.map((line) => `not as before: ${line}`),
    ];
    tally.repaired(changes, again.size === 0 && left.length === 0);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    if (files.length > 0) await site.type([putBack(files)], []);
  }

  toString(): string {
    const changes = this.#made ?? this.#changes;
    return `\n    ${changes.map(({ typed }) => typed.replaceAll("\n", "\n    ")).join("\n    ")}\n`;
  }

  /** Those that can be made beside those before them. */
  #possible(active: ReadonlySet<Change>): readonly Change[] {
    const taken: Change[] = [];
    for (const change of this.#changes) {
      const others = [...taken, ...[...active].filter((one) => one !== change)];
      if (!others.some((other) => meet(change, other))) taken.push(change);
    }
    return taken;
  }
}

const SORTS = ["managed", "foreign", "cosmetic"] as const;
type Sorted = [managed: Change[], foreign: Change[], cosmetic: Change[]];

const typedNow = (change: Change, active: ReadonlySet<Change>): string =>
  (active.has(change) ? change.back : change.typed) ?? "";

/** Where one resource alone was changed once, the fields are those; where several changes came together, it shows some drift. */
function missedIn(drifts: Drifts, managed: readonly Change[]): string[] {
  const expected = managed.flatMap(({ shown = {} }) => Object.entries(shown) as [ResourceName, readonly string[]][]);
  return expected.flatMap(([name, fields]) => {
    const seen = drifts.get(name);
    if (seen === undefined) return [`${name} shows no drift of ${fields.join(", ")}`];
    const isAlone = expected.filter(([other]) => other === name).length === 1;
    const absent = isAlone ? fields.filter((field) => !seen.includes(field)) : [];
    return absent.length > 0 ? [`${name} shows a drift of ${seen.join(", ")}, not of ${absent.join(", ")}`] : [];
  });
}

/** Copies, and where there is no file yet, nothing. */
const keep = (files: readonly string[]): string =>
  files
    .map((path) => {
      const kept = `/root/kept${path}`;
      return `mkdir -p "$(dirname ${kept})"; rm -rf ${kept}; [ ! -e ${path} ] || cp -a ${path} ${kept}`;
    })
    .join("\n");

const putBack = (files: readonly string[]): string =>
  [
    ...files.map((path) => `rm -f ${path}; [ ! -e /root/kept${path} ] || cp -a /root/kept${path} ${path}`),
    "systemctl daemon-reload",
  ].join("\n");
