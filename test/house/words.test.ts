import { declaredNames, wordsOf } from "./words";

/** Words that a newcomer has to be told the meaning of, and what to say instead: docs/glossary.md. */
const DROPPED: Readonly<Record<string, string>> = {
  "about of": "comparisonRecord",
  "have of": "observedState",
  shim: "HostResource",
  "wanted of": "desiredDigest",
};

/** Words of the language that are no name for a thing: alone they are refused, as a part (`bringUp`, `deleteBeforeReplace`) not. */
const DROPPED_ALONE: Readonly<Record<string, string>> = {};

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
