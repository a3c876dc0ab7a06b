import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../json.mjs";
import { repository } from "../paths.mjs";

/** @typedef {import("./releases.mjs").Release} Release */
/** @typedef {{ readonly date: string, readonly passed: number, readonly failed: readonly string[] }} Seen what one file of tests came to */
/** @typedef {{ readonly versions: Readonly<Record<string, string>>, readonly files: Readonly<Record<string, Seen>> }} OfRelease */
/** @typedef {Readonly<Partial<Record<Release, OfRelease>>>} Results */

/** Written by `npm run soak`, and by nothing else. */
export const RECORD = join(repository, "docs", "releases.json");

/** @returns {Results} */
export const readRecord = () => /** @type {Results} */ (readJson(RECORD));

/**
 * The record with what a run has seen on a release. Files that it did not run stay as they were.
 * @param {Results} results
 * @param {Release} release
 * @param {OfRelease} seen
 * @returns {Results}
 */
export function withRun(results, release, seen) {
  const files = { ...results[release]?.files, ...seen.files };
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...results, [release]: { versions: seen.versions, files: sorted } };
}

/** @param {Results} results */
export function writeRecord(results) {
  writeFileSync(RECORD, `${JSON.stringify(results, null, 2)}\n`);
}
