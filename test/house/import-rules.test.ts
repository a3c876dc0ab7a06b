import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "../../tools/toolchain/paths.mjs";
import { alternativesOf } from "./regex-alternatives";
import { providerSources } from "./sources";

const patterns = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((given) => [given].flat());
const side = z.object({ path: patterns, pathNot: patterns });
const configuration = z.object({ forbidden: z.array(z.object({ name: z.string(), from: side, to: side })) });

const load = createRequire(__filename);
const { forbidden } = configuration.parse(load(join(repository, ".dependency-cruiser.cjs")));
const paths = providerSources().map(({ path }) => path);

/** `$1` stands for what a group of `from` matched. */
const matchesSomething = (pattern: string): boolean => {
  const expression = new RegExp(pattern.replaceAll(/\$\d/g, "[^/]+"));
  return paths.some((path) => expression.test(path));
};

/** Patterns of ours; others are of Node's modules, of packages and of folders that provider/ must not know. */
const ours = forbidden.flatMap(({ name, from, to }) =>
  [from.path, from.pathNot, to.path, to.pathNot]
    .flat()
    .flatMap(alternativesOf)
    .filter((pattern) => pattern.includes("provider/"))
    .map((pattern) => ({ name, pattern })),
);

test("there are rules, and they are of files of ours", () => {
  expect(forbidden.length).toBeGreaterThan(15);
  expect(ours.length).toBeGreaterThan(forbidden.length);
});

test("no rule speaks of a file that is not there: a file that moved would no longer be checked", () => {
  expect(ours.filter(({ pattern }) => !matchesSomething(pattern))).toEqual([]);
});

test.each([
  { pattern: "^a/(b|c)\\.ts$", alternatives: ["^a/(?:b)\\.ts$", "^a/(?:c)\\.ts$"] },
  { pattern: "^a/|^b/(c|d(e|f))", alternatives: ["^a/", "^b/(?:c)", "^b/(?:d(?:e))", "^b/(?:d(?:f))"] },
  { pattern: "^a/(?!b|c)[(|]\\|d(e|f)?", alternatives: ["^a/(?!b|c)[(|]\\|d(e|f)?"] },
])("the alternatives of $pattern are looked for one by one", ({ pattern, alternatives }) => {
  expect(alternativesOf(pattern)).toEqual(alternatives);
});
