import { relative } from "node:path";
import { setImmediate } from "node:timers/promises";
import { isEndToEnd, runJest } from "./jest.mjs";
import { repository } from "./paths.mjs";

/** The suites of jest.config.mjs, quickest first. */
export const SUITES = /** @type {const} */ (["unit", "lab", "e2e"]);

/** @typedef {import("./jest.mjs").Count} Count */
/** @typedef {(typeof SUITES)[number]} Suite */
/** @typedef {Partial<Record<Suite, Promise<Error | undefined>>>} Preparations what each waits for, and why it could not be had */
/** @typedef {{ readonly count: Count, readonly retried: readonly string[] }} Result */

/**
 * Files with hosts spend a good part of their time waiting: for packets that do not come, and for time to pass. Five at once left two
 * processors idle for a fourteenth of the time; with six, a file fell at its first try in each of two runs. Some of the longest files of
 * `unit` wait, too.
 */
const WORKERS = { unit: 3, lab: 5, e2e: 5 };

/**
 * Runs the suites. Prints, last, which files were run twice, and what the runner's own reports add up to.
 * @param {readonly Suite[]} suites
 * @param {readonly string[]} options for jest
 * @param {Preparations} [preparations]
 * @returns {Promise<boolean>} whether all went well
 */
export async function runSuites(suites, options, preparations = {}) {
  const results = await runAll(suites, options, preparations);
  const sum = (/** @type {keyof Count} */ which) => results.reduce((total, { count }) => total + count[which], 0);
  const [passed, failed, skipped] = [sum("passed"), sum("failed"), sum("skipped")];
  if (passed + failed === 0) console.error("no test ran");
  for (const line of results.flatMap(({ retried }) => retried)) console.log(line);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0 && passed > 0;
}

/**
 * Suites one after the other, but `lab` and `e2e` in one run of jest: the files of one run while those of the other wait. What `e2e` needs
 * may still be made then.
 * @param {readonly Suite[]} suites
 * @param {readonly string[]} options
 * @param {Preparations} preparations
 */
async function runAll(suites, options, preparations) {
  /** @type {Result[]} */
  const results = [];
  const left = [...suites];
  for (let suite = left.shift(); suite !== undefined; suite = left.shift()) {
    const problem = await preparations[suite];
    if (problem !== undefined) results.push(notRun(suite, problem));
    else if (suite === "lab" && left[0] === "e2e") {
      left.shift();
      results.push(...(await runOnHosts(options, preparations.e2e)));
    } else results.push(await runOrRetry([suite], options));
  }
  return results;
}

/**
 * @param {readonly string[]} options
 * @param {Promise<Error | undefined> | undefined} preparation of `e2e`
 * @returns {Promise<readonly Result[]>}
 */
async function runOnHosts(options, preparation) {
  const outcome = await Promise.race([preparation, setImmediate("not yet")]);
  if (outcome instanceof Error) return [await runOrRetry(["lab"], options), notRun("e2e", outcome)];
  const late = outcome === undefined ? undefined : preparation;
  const result = await runOrRetry(["lab", "e2e"], options, late);
  const problem = await late;
  return problem === undefined ? [result] : [result, notRun("e2e", problem)];
}

/**
 * A suite that could not even begin is one failure.
 * @param {Suite} suite
 * @param {Error} problem
 * @returns {Result}
 */
function notRun(suite, problem) {
  console.error(`\n== ${suite}: not run\n${problem.message}`);
  return { count: { passed: 0, failed: 1, skipped: 0 }, retried: [] };
}

/**
 * Hosts with kernels of their own share this machine with whatever else it does: a file of theirs that failed is run once more,
 * alone, and is named at the end. What fails twice has failed. Files of `unit` have no such excuse.
 * @param {readonly Suite[]} suites
 * @param {readonly string[]} options
 * @param {Promise<Error | undefined>} [late] what files of `e2e` wait for; without it none of theirs has run, and none is counted
 * @returns {Promise<Result>}
 */
async function runOrRetry(suites, options, late) {
  const name = suites.join(", ");
  console.log(`\n== ${name}`);
  const workers = Math.max(...suites.map((suite) => WORKERS[suite]));
  const first = await runJest(suites, [`--maxWorkers=${workers}`, ...options], late);
  const neverRan = (await late) !== undefined;
  const failed = neverRan ? first.failedFiles.filter((file) => !isEndToEnd(file)) : first.failedFiles;
  const again = suites.includes("unit") ? [] : failed;
  if (again.length === 0) return { count: neverRan ? first.others : first.count, retried: [] };
  console.error(`${name}: failed, and run once more alone: ${again.join(", ")}`);
  const second = await runJest(suites, ["--runInBand", ...options, "--runTestsByPath", ...again]);
  return {
    count: {
      passed: first.others.passed + second.count.passed,
      failed: second.count.failed,
      skipped: first.others.skipped + second.count.skipped,
    },
    retried: again.map((file) => {
      return `run twice: ${relative(repository, file)} failed, then ${second.failedFiles.includes(file) ? "failed again" : "passed"} alone`;
    }),
  };
}
