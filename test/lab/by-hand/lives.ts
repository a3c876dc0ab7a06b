import fc from "fast-check";
import type { Change } from "./change.ts";
import { type Model, Round } from "./round.ts";
import type { Site } from "./site.ts";
import type { Tally } from "./tally.ts";

/** How many changes are tried, and which. */
export interface Effort {
  readonly changes: number;
  readonly seed: number;
}

/** A few that are always the same; a soak tries more, and others. */
export function effort(env: Readonly<Record<string, string | undefined>> = process.env): Effort {
  const { PULUMI_LVS_BY_HAND: changes = "30", PULUMI_LVS_SEED: seed = "13" } = env;
  return { changes: Number(changes), seed: Number(seed) };
}

/**
 * Random lives of a host: some changes, a refresh, an `up`, and so on. A life that fails is made as short as it can be; for that, the host
 * is brought back to its beginning each time.
 */
export async function live(site: Site, all: readonly Change[], { changes, seed }: Effort, tally: Tally): Promise<void> {
  let isSpoiled = false;
  const some = fc.uniqueArray(fc.noShrink(fc.nat({ max: all.length - 1 })), {
    minLength: 1,
    maxLength: 4,
    size: "max",
  });
  const round = some.map((indices) => new Round(indices.flatMap((index) => all[index] ?? [])));
  const property = fc.asyncProperty(fc.commands([round], { maxCommands: ROUNDS, size: "max" }), async (rounds) => {
    if (tally.changes >= changes && !isSpoiled) return;
    if (isSpoiled) await site.reset();
    isSpoiled = true;
    const model: Model = { active: new Set() };
    await fc.asyncModelRun(() => ({ model, real: { site, tally } }), rounds);
    await leave(site, model);
    isSpoiled = false;
  });
  // The last run finds that there was enough.
  await fc.assert(property, { seed, numRuns: changes + 1 });
}

const ROUNDS = 8;

/** The others take back what they did; then all is as in the beginning. */
async function leave(site: Site, { active }: Model): Promise<void> {
  await site.type(
    [...active].reverse().map(({ back }) => back ?? ""),
    [],
  );
  const left = await site.pristine();
  if (left.length > 0)
    throw new Error(`when the others had taken back theirs, not as in the beginning:\n${left.join("\n")}`);
}
