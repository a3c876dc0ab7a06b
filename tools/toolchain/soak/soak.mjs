import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "../command.mjs";
import { runJest } from "../jest.mjs";
import { npmBin, repository } from "../paths.mjs";
import { lastLines, StepFailed } from "../step.mjs";
import { AREAS, pathOf } from "./areas.mjs";
import { readRecord, withRun, writeRecord } from "./record.mjs";
import { withTable } from "./table.mjs";

/** @typedef {import("./releases.mjs").Release} Release */

/** As `lab` and `e2e` have them. */
const WORKERS = 4;

/** The files of all areas, or those whose path has one of these words. @param {readonly string[]} words */
export function filesOf(words) {
  const all = [...new Set(Object.values(AREAS).flat())];
  return words.length === 0 ? all : all.filter((file) => words.some((word) => file.includes(word)));
}

/**
 * Runs files on hosts that all have this release, and writes down what came of it, in the record and in README.
 * @param {Release} release
 * @param {readonly string[]} files
 * @returns {Promise<boolean>} whether all passed
 */
export async function soak(release, files) {
  console.log(`\n== ${release}`);
  process.env["PULUMI_LVS_RELEASE"] = release;
  const versions = await versionsOf(release);
  const first = await runJest(["lab", "e2e"], [`--maxWorkers=${WORKERS}`, "--runTestsByPath", ...files.map(pathOf)]);
  let seen = writeDown(release, versions, first.files);
  // As in npm test: what failed beside others has a second try, alone.
  const again = first.failedFiles.map((path) => relative(repository, path));
  if (again.length > 0) {
    const second = await runJest(["lab", "e2e"], ["--runInBand", "--runTestsByPath", ...again]);
    seen = { ...seen, ...writeDown(release, versions, second.files) };
  }
  const failed = Object.entries(seen).filter(([, one]) => one.failed.length > 0);
  for (const [file, one] of failed) console.log(`${release}: ${file}: ${one.failed.join("; ")}`);
  console.log(`${release}: ${Object.keys(seen).length} of ${files.length} files ran, ${failed.length} failed`);
  return failed.length === 0 && Object.keys(seen).length === files.length;
}

/**
 * @param {Release} release
 * @param {Readonly<Record<string, string>>} versions
 * @param {readonly import("../jest.mjs").FileOutcome[]} outcomes
 */
function writeDown(release, versions, outcomes) {
  const date = new Date().toISOString().slice(0, 10);
  const files = Object.fromEntries(
    outcomes.map(({ path, passed, failed }) => {
      const file = relative(join(repository, "test"), path).replace(/\.test\.ts$/, "");
      return [file, { date, passed, failed }];
    }),
  );
  writeRecord(withRun(readRecord(), release, { versions, files }));
  writeReadme();
  return files;
}

/** The table in README, as the record has it. */
export function writeReadme() {
  const path = join(repository, "README.md");
  writeFileSync(path, withTable(readFileSync(path, "utf8"), readRecord()));
}

/**
 * What a host of this release says of itself.
 * @param {Release} release
 * @returns {Promise<Record<string, string>>}
 */
async function versionsOf(release) {
  const lab = [join(npmBin, "node"), join("tools", "lab", "cli.ts"), "--release", release, "versions"];
  const { code, output } = await run(lab, { cwd: repository });
  const json = output.split("\n").find((line) => line.startsWith("{"));
  if (code !== 0 || json === undefined)
    throw new StepFailed(`no host of ${release} could be asked\n${lastLines(output)}`);
  const versions = /** @type {unknown} */ (JSON.parse(json));
  return /** @type {Record<string, string>} */ (versions);
}
