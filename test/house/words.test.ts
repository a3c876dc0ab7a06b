import { declaredNames, wordsOf } from "./words";

/**
 * Words that a newcomer has to be told the meaning of, and what to say instead: docs/glossary.md. Not here: `before`, the counterpart of
 * `after` in comparisons and a property in states, and `converge`, a word of the field.
 */
const DROPPED: Readonly<Record<string, string>> = {
  about: "target, identity",
  along: "side effects, also changed",
  asked: "used, requested",
  errand: "steps of a job",
  errands: "steps of jobs",
  goal: "desired",
  goals: "desired",
  "have of": "observedState",
  held: "owned, locked",
  lifeline: "reconnecting shell",
  plainly: "withoutStack",
  popular: "shared",
  popularity: "sharedFacts",
  said: "output, given, text",
  sealed: "asSecret",
  shim: "HostResource",
  story: "outcome",
  stories: "outcomes",
  stranger: "foreign",
  strangers: "foreign",
  taken: "local, busy",
  told: "given",
  "wanted of": "desiredDigest",
  "way in": "sshPath",
  wish: "desired",
  wishes: "desired",
};

/** Words of the language that are no name for a thing: alone they are refused, as a part (`bringUp`) not. */
const DROPPED_ALONE: Readonly<Record<string, string>> = { bring: "createOrUpdate", settle: "reconcile" };

const names = declaredNames();

test("there are names", () => {
  expect(names.length).toBeGreaterThan(5000);
});

test.each([
  { name: "textOf", words: "text of" },
  { name: "#IPVSTable6", words: "ipvs table 6" },
  { name: "SERVICE_KEY", words: "service key" },
])("the words of $name are $words", ({ name, words }) => {
  expect(wordsOf(name)).toBe(words);
});

test("no name in provider/ has a word that was dropped", () => {
  const found = names.flatMap(({ name, words, place }) => {
    const parts = Object.keys(DROPPED).filter((word) => ` ${words} `.includes(` ${word} `));
    const all = [...parts, ...Object.keys(DROPPED_ALONE).filter((word) => word === words)];
    return all.map((word) => `${place} ${name}: not "${word}", better: ${DROPPED[word] ?? DROPPED_ALONE[word] ?? ""}`);
  });
  expect(found).toEqual([]);
});
