import { relativeLinks } from "./links.mjs";

/** @typedef {{ readonly name: string, readonly version: string }} Manifest */

/**
 * What is wrong with a package: its files by path, as a user would unpack them.
 * @param {ReadonlyMap<string, string>} files
 * @param {readonly string[]} folders of the machine that made it, which no file may name
 * @returns {readonly string[]}
 */
export function problemsOfPackage(files, folders) {
  /** @type {string[]} */
  const problems = [];
  for (const path of ["package.json", "README.md", "LICENSE", "dist/index.js", "dist/index.d.ts", "dist/runtime.js"])
    if (!files.has(path)) problems.push(`${path} is missing`);
  for (const [path, text] of files) {
    if (!/^(?:package\.json|README\.md|LICENSE|dist\/.+\.(?:js|d\.ts)|dist\/schemas\/\w+\.json)$/.test(path))
      problems.push(`${path}: not for users`);
    for (const { what, pattern } of SECRETS) if (pattern.test(text)) problems.push(`${path}: holds ${what}`);
    for (const folder of folders) if (text.includes(folder)) problems.push(`${path}: names ${folder}`);
  }
  for (const link of relativeLinks(files.get("README.md") ?? "")) problems.push(`README.md: ${link} leads nowhere`);
  return problems;
}

const SECRETS = [
  { what: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{20}/ },
  { what: "a token of npm", pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { what: "a token of GitHub", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60})/ },
];

/**
 * What has to be done before this commit is released as this version.
 * @param {{ manifest: Manifest, repository: string, changelog: string, tags: readonly string[], changed: readonly string[] }} state
 *   `tags` are those of the commit, `changed` what git status prints.
 * @returns {readonly string[]}
 */
export function stillToDo({ manifest: { version }, repository, changelog, tags, changed }) {
  /** @type {string[]} */
  const todo = [];
  if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) todo.push(`${version} is no version`);
  if (repository.includes("/OWNER/")) todo.push("put the real owner into `repository` of package.json");
  const sections = changelog.split(/^## /m).slice(1);
  const ours = sections.find((section) => section.startsWith(`[${version}]`));
  if (ours === undefined) todo.push(`CHANGELOG.md: no section [${version}]`);
  else if (!/^\S+ - \d{4}-\d\d-\d\d\n/.test(ours))
    todo.push(`CHANGELOG.md: [${version}] needs its date: "## [${version}] - 2026-01-31"`);
  const unreleased = sections.find((section) => section.startsWith("[Unreleased]"));
  if (unreleased?.includes("\n- ") === true) todo.push(`CHANGELOG.md: move what is in [Unreleased] to [${version}]`);
  if (changed.length > 0) todo.push(`commit ${changed.join(", ")}`);
  if (!tags.includes(`v${version}`)) todo.push(`tag this commit: git tag v${version}`);
  return todo;
}
