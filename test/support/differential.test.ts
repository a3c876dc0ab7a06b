import fc from "fast-check";
import { UserError } from "../../provider/errors.ts";
import { differential, effort, type Format, type Reader, type Texts } from "./differential.ts";

/** A format of words between blanks. Its host splits at blanks and tabs only, and fails on a word that begins with "!". */
const wordsOf = ({ words = "" }: Texts) => words.split(/[ \t]+/).filter((word) => word !== "");
const byHost = (texts: Texts) => (wordsOf(texts).some((word) => word.startsWith("!")) ? undefined : wordsOf(texts));
const format: Format = {
  name: "words",
  texts: fc.record({
    words: fc.string({ unit: fc.constantFrom("a", "b", " ", "\t", "\u00a0", "!", "?"), maxLength: 20 }),
  }),
  ours: (texts) => byHost(texts) ?? refuse('words, line 1: a word begins with "!"'),
  refusedAtMost: 0,
};
const refuse = (message: string): never => {
  throw new UserError(message);
};
const host: Reader = (all) => Promise.resolve(all.map(byHost));
const usual = { count: 300, seed: 12 };

const failure = (planted: Partial<Format>, read = host) =>
  differential({ ...format, ...planted }, read, usual).then(
    () => "no failure",
    (error: unknown) => (error as Error).message,
  );

test("a parser that reads as the host does passes, and what the host does not read is no refusal", async () => {
  const batches: number[] = [];
  const counting: Reader = (all) => {
    batches.push(all.length);
    return host(all);
  };
  expect(await differential(format, counting, { count: 700, seed: 3 })).toBe(0);
  expect(batches).toEqual([300, 300, 100]);
});

test("a planted bug is found and made as small as it can be", async () => {
  const message = await failure({ ours: ({ words = "" }) => words.split(/\s+/).filter((word) => word !== "") });
  expect(message).toMatch(/^words: text \d+ of 300 with seed 12 means something else .* made smaller [1-9]\d* times/);
  // Alone in its text, U+00A0 is a word to the host and a blank to the parser; a word that begins with "!" is none to the host.
  expect(message).toMatch(/\n {2}words: "(?:\u00a0|!)"\nthe host: (?:\[ '\u00a0' \]|undefined)\nours: /);
});

test("a text that we refuse is counted, and a parser that refuses more than its share fails", async () => {
  const ours = (texts: Texts) =>
    texts["words"]?.includes("?") === true ? refuse("words, line 1: a question") : format.ours(texts);
  const message = await failure({ ours });
  expect(message).toMatch(
    /^words: \d+ of 300 texts are refused though the host reads them:\nwords, line 1: a question/,
  );
  const refused = await differential({ ...format, ours, refusedAtMost: 0.9 }, host, usual);
  expect(message).toContain(`words: ${refused} of 300`);
});

const unusable: readonly { readonly name: string; readonly thrown: Error }[] = [
  { name: "a refusal without a line", thrown: new UserError("words: cannot be read") },
  { name: "a crash", thrown: new TypeError("words, line 1: undefined is not a function") },
];

test.each(unusable)("$name is no refusal", async ({ thrown }) => {
  const ours = (texts: Texts) => {
    if (texts["words"]?.includes("?") === true) throw thrown;
    return format.ours(texts);
  };
  const message = await failure({ ours, refusedAtMost: 1 });
  expect(message).toContain('words: "?"\n');
  expect(message).toContain(thrown.message);
});

test("a host that answers otherwise in a batch, or does not answer each text, is no reader", async () => {
  const moody: Reader = (all) => (all.length > 1 ? Promise.resolve(all.map(() => [])) : host(all));
  expect(await failure({}, moody)).toMatch(
    /^words: text \d+ of 300 with seed 12 is read in another way in a batch than alone$/,
  );
  expect(await failure({}, (all) => host(all.slice(1)))).toBe("299 answers to 300 texts");
});

test("a soak chooses how many texts and which", () => {
  expect(effort({})).toEqual({ count: 300, seed: 12 });
  expect(effort({ PULUMI_LVS_TEXTS: "5000", PULUMI_LVS_SEED: "99" })).toEqual({ count: 5000, seed: 99 });
});
