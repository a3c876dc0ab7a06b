import fc from "fast-check";
import * as runtime from "../../../provider/runtime";
import { arbitraryMoves, happen } from "./moves";
import type { Row } from "./row";
import { directorRows } from "./rows-director";
import { networkRows } from "./rows-network";
import { systemRows } from "./rows-system";

/** PULUMI_LVS_LIVES=500 tries more, PULUMI_LVS_SEED=7 others. */
const numRuns = Number(process.env["PULUMI_LVS_LIVES"] ?? 25);
const seed = Number(process.env["PULUMI_LVS_SEED"] ?? 1);

const rows: readonly Row[] = [...directorRows, ...networkRows, ...systemRows];

test("every kind has a row", () => {
  expect([...new Set(rows.map(({ kind }) => kind.name))].sort()).toEqual(Object.keys(runtime).sort());
});

describe.each(rows)("$name", (row) => {
  test("from any state of the host, one plan leads to what is wanted, and then there is none", async () => {
    let refused = 0;
    let done = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryMoves(row),
        fc.nat(),
        fc.boolean(),
        fc.boolean(),
        async (moves, nat, keepsState, isNamed) => {
          const { life, host, passes, state } = await happen(row, moves, isNamed);
          const want = row.wants[nat % row.wants.length] ?? {};
          const inputs = await life.inputs(want);
          const known = keepsState && state !== undefined ? await life.refresh(state) : undefined;
          const most = passes(want);
          const before = snapshot(host);
          life.passes.length = 0;
          const ended = await life.bring(inputs, known);
          if ("refused" in ended) {
            refused += 1;
            // What is refused is refused before anything is changed.
            expect([ended.refused, life.passes]).toEqual([ended.refused, []]);
            return;
          }
          if ("putBack" in ended) {
            refused += 1;
            expect([ended.putBack, snapshot(host)]).toEqual([ended.putBack, before]);
            return;
          }
          done += 1;
          expect(life.passes.slice(most)).toEqual([]);
          life.passes.length = 0;
          expect(await life.differs(ended.state, inputs)).toBe(false);
          // Without a state it is the same object.
          for (const again of [ended.state, undefined]) await life.bring(inputs, again);
          expect(life.passes).toEqual([]);
        },
      ),
      { numRuns, seed },
    );
    expect(done).toBeGreaterThan(refused);
  });

  test("a refresh says what the one before said, and what is wrong is still wrong", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMoves(row), fc.boolean(), async (moves, isNamed) => {
        const { life, state, inputs } = await happen(row, moves, isNamed);
        if (state === undefined || inputs === undefined) return;
        const first = await life.refresh(state);
        if (first === undefined) return;
        const differs = await life.differs(first, inputs);
        const second = await life.refresh(first);
        expect(second).toEqual(first);
        expect(second && (await life.refresh(second))).toEqual(first);
        life.passes.length = 0;
        const ended = await life.bring(inputs, first);
        // An up is told of a difference exactly where there is something to do.
        if ("state" in ended)
          expect([differs, life.passes.flat()]).toEqual([life.passes.length > 0, life.passes.flat()]);
      }),
      { numRuns, seed },
    );
  });

  test("a destroy leaves nothing to destroy, and the same whether a refresh came before it or not", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMoves(row), fc.boolean(), async (moves, isNamed) => {
        const [one, other] = [await happen(row, moves, isNamed), await happen(row, moves, isNamed)];
        if (one.state === undefined || other.state === undefined) return;
        one.life.passes.length = 0;
        const refused = await one.life.destroy(one.state);
        if (refused === undefined) one.life.passes.length = 0;
        await one.life.destroy(one.state);
        expect([refused, one.life.passes]).toEqual([refused, []]);
        const refreshed = await other.life.refresh(other.state);
        if (refreshed === undefined) return;
        expect(await other.life.destroy(refreshed)).toEqual(refused);
        expect(snapshot(other.host)).toEqual(snapshot(one.host));
      }),
      { numRuns, seed },
    );
  });
});

/** What can be seen of a host. */
function snapshot(host: object): unknown {
  const parts = [
    "files",
    "state",
    "addresses",
    "routes",
    "devices",
    "sysctls",
    "table",
    "directories",
    "mounts",
    "units",
    "installed",
  ];
  return parts.map((name): unknown => {
    const part: unknown = Reflect.get(host, name);
    if (typeof part === "function") return Reflect.apply(part, host, []);
    return part instanceof Map || part instanceof Set ? [...(part as Iterable<unknown>)].sort() : part;
  });
}
