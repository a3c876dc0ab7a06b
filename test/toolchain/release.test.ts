import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { absoluteLinks, relativeLinks } from "../../tools/toolchain/links.mjs";
import { published } from "../../tools/toolchain/package-files.mjs";
import { repository } from "../../tools/toolchain/paths.mjs";
import { problemsOfPackage, stillToDo } from "../../tools/toolchain/release-checks.mjs";

const at = { repository: "https://example.org/us/lvs", ref: "v1.2.3" };

test.each([
  { page: "[a](docs/a.md#b)", absolute: "[a](https://example.org/us/lvs/blob/v1.2.3/docs/a.md#b)" },
  { page: "![a](docs/a.svg)", absolute: "![a](https://example.org/us/lvs/raw/v1.2.3/docs/a.svg)" },
  { page: "[a](#b), [c](https://example.com/)", absolute: "[a](#b), [c](https://example.com/)" },
  { page: "`[a](b)`\n\n```ts\n[a](b)\n```\n", absolute: "`[a](b)`\n\n```ts\n[a](b)\n```\n" },
])("outside of the repository $page is $absolute", ({ page, absolute }) => {
  expect(absoluteLinks(page, at)).toBe(absolute);
  expect(relativeLinks(absolute)).toEqual([]);
});

test("the links of the README are found, and none is left", () => {
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  expect(relativeLinks(readme).length).toBeGreaterThan(20);
  expect(relativeLinks(absoluteLinks(readme, at))).toEqual([]);
});

test("what npm shows of the repository comes from one place: `repository` of the root's package.json", () => {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(repository, path), "utf8"));
  const { repository: address } = z.object({ repository: z.string() }).parse(read("package.json"));
  expect(read("provider/package.json")).toMatchObject({
    repository: { type: "git", url: `git+${address}.git`, directory: "provider" },
    homepage: `${address}#readme`,
    bugs: `${address}/issues`,
  });
  expect(published().repository).toBe(address);
});

const whole = new Map(
  ["package.json", "README.md", "LICENSE", "dist/index.js", "dist/index.d.ts", "dist/runtime.js"].map((path) => [
    path,
    "",
  ]),
);

test.each([
  { why: "all is there", path: "dist/step.js", text: "", problem: undefined },
  { why: "a source", path: "step.ts", text: "", problem: "step.ts: not for users" },
  { why: "npm's settings", path: ".npmrc", text: "", problem: ".npmrc: not for users" },
  {
    why: "a place of the machine",
    path: "dist/a.js",
    text: "/home/me/lvs/a.ts",
    problem: "dist/a.js: names /home/me/lvs",
  },
  {
    why: "a key",
    path: "dist/a.js",
    text: `-----BEGIN OPENSSH PRIVATE KEY-----\n${"b3BlbnNzaC1rZXktdjEA".repeat(2)}`,
    problem: "dist/a.js: holds a private key",
  },
  { why: "a token", path: "dist/a.js", text: `npm_${"a".repeat(36)}`, problem: "dist/a.js: holds a token of npm" },
  { why: "a dead link", path: "README.md", text: "[a](docs/a.md)", problem: "README.md: docs/a.md leads nowhere" },
])("a package with $why: $problem", ({ path, text, problem }) => {
  const found = problemsOfPackage(new Map([...whole, [path, text]]), ["/home/me/lvs"]);
  expect(found).toEqual(problem === undefined ? [] : [problem]);
});

test("a package that lacks what its manifest promises", () => {
  expect(problemsOfPackage(new Map([...whole].slice(1)), [])).toEqual(["package.json is missing"]);
});

const ready = {
  manifest: { name: "lvs", version: "1.2.3" },
  repository: "https://example.org/us/lvs/",
  changelog: "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-11-29\n\n### Added\n\n- `A`.\n",
  tags: ["v1.2.3"],
  changed: [] as string[],
};

test.each([
  { why: "all done", change: {}, todo: undefined },
  { why: "no owner", change: { repository: "https://example.org/OWNER/lvs/" }, todo: /real owner/ },
  { why: "another tag", change: { tags: ["v1.2.2"] }, todo: /git tag v1\.2\.3/ },
  { why: "a changed file", change: { changed: [" M README.md"] }, todo: /commit {2}M README\.md/ },
  { why: "no section", change: { changelog: "## [1.2.2] - 2026-01-01\n" }, todo: /no section \[1\.2\.3\]/ },
  { why: "no date", change: { changelog: "## [1.2.3]\n" }, todo: /needs its date/ },
  {
    why: "news that belong to no version",
    change: { changelog: "## [Unreleased]\n\n- `B`.\n\n## [1.2.3] - 2026-11-29\n" },
    todo: /move what is in \[Unreleased\]/,
  },
  { why: "a version that is none", change: { manifest: { name: "lvs", version: "1.2" } }, todo: /1\.2 is no version/ },
])("before a release with $why: $todo", ({ change, todo }) => {
  const found = stillToDo({ ...ready, ...change });
  if (todo === undefined) expect(found).toEqual([]);
  else expect(found.join("\n")).toMatch(todo);
});
