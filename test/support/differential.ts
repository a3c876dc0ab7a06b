import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { UserError } from "../../provider/errors.ts";

/** For formats, whose folder would otherwise get types of its own for it. */
export { fc };

/** Files that belong together, by path: what one reading of a format sees. */
export type Texts = Readonly<Record<string, string>>;

/** A format that a program of the host and a parser of ours both read. */
export interface Format {
  readonly name: string;
  /** Respellings, comments, includes, blanks, quotes, continuations, oddities: what people and tools write, and what they might. */
  readonly texts: fc.Arbitrary<Texts>;
  /** What our parser takes the files to mean. A UserError refuses them, with file and line. */
  readonly ours: (texts: Texts) => unknown;
  /** The largest share of texts, from 0 to 1, that we may refuse though the host reads them. */
  readonly refusedAtMost: number;
}

/** What the host's own program takes each of the files to mean, in one round trip. Undefined: it fails on them. */
export type Reader = (all: readonly Texts[]) => Promise<readonly unknown[]>;

export interface Effort {
  readonly count: number;
  readonly seed: number;
}

/** 300 texts that are always the same; a soak takes more, or others. */
export function effort(env: Readonly<Record<string, string | undefined>> = process.env): Effort {
  return { count: Number(env["PULUMI_LVS_TEXTS"] ?? 300), seed: Number(env["PULUMI_LVS_SEED"] ?? 12) };
}

/**
 * Lets the host and our parser read the same texts. Throws for the first one that means something else to us than to the host, after it
 * was made as small as it can be. Resolves to how many of the texts that the host reads were refused by us.
 */
export async function differential(format: Format, read: Reader, { count, seed }: Effort): Promise<number> {
  const texts = fc.sample(format.texts, { seed, numRuns: count });
  let refused: string[] = [];
  for (let from = 0; from < texts.length; from += BATCH) {
    const batch = texts.slice(from, from + BATCH);
    const answers = await read(batch);
    if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} texts`);
    const wrong = batch.findIndex((one, index) => !agrees(answers[index], readByUs(format, one)));
    if (wrong !== -1) throw new Error(await smallest(format, read, { count, seed, index: from + wrong }));
    refused = [...refused, ...batch.flatMap((one, index) => refusal(answers[index], readByUs(format, one)))];
  }
  if (refused.length > format.refusedAtMost * count) {
    throw new Error(
      `${format.name}: ${refused.length} of ${count} texts are refused though the host reads them:\n${refused.slice(0, 5).join("\n")}`,
    );
  }
  return refused.length;
}

/** Texts of one round trip. */
const BATCH = 300;

/** A search for a smaller text ends after this time with the smallest one found. */
const SHRINK_MS = 60_000;

type Ours = { readonly meaning: unknown } | { readonly refused: string } | { readonly crashed: unknown };

function readByUs({ ours }: Format, texts: Texts): Ours {
  try {
    return { meaning: ours(texts) };
  } catch (error) {
    return error instanceof UserError && /\bline \d+/.test(error.message)
      ? { refused: error.message }
      : { crashed: error };
  }
}

function agrees(host: unknown, ours: Ours): boolean {
  return "meaning" in ours ? isDeepStrictEqual(host, ours.meaning) : "refused" in ours;
}

function refusal(host: unknown, ours: Ours): string[] {
  return "refused" in ours && host !== undefined ? [ours.refused] : [];
}

/** Generates the same text again, and smaller ones as long as host and parser disagree. */
async function smallest(format: Format, read: Reader, at: Effort & { readonly index: number }): Promise<string> {
  const property = fc.asyncProperty(format.texts, async (texts) => {
    const [host] = await read([texts]);
    return agrees(host, readByUs(format, texts));
  });
  const found = await fc.check(property, {
    seed: at.seed,
    path: String(at.index),
    numRuns: 1,
    interruptAfterTimeLimit: SHRINK_MS,
  });
  const head = `${format.name}: text ${at.index + 1} of ${at.count} with seed ${at.seed}`;
  const [texts] = found.counterexample ?? [];
  if (texts === undefined) return `${head} is read in another way in a batch than alone`;
  const [host] = await read([texts]);
  return [
    `${head} means something else to the host than to us; made smaller ${found.numShrinks} times, it is`,
    ...Object.entries(texts).map(([path, text]) => `  ${path}: ${JSON.stringify(text)}`),
    `the host: ${inspect(host, { depth: null })}`,
    `ours:     ${inspect(readByUs(format, texts), { depth: null })}`,
  ].join("\n");
}
