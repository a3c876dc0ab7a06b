import { relative } from "node:path";
import { runJest } from "./jest.mjs";
import { repository } from "./paths.mjs";

/** The suites of jest.config.mjs, quickest first. */
export const SUITES = /** @type {const} */ (["unit", "lab", "e2e"]);

/** @typedef {import("./jest.mjs").Count} Count */
/** @typedef {(typeof SUITES)[number]} Suite */
/** @typedef {Partial<Record<Suite, Promise<Error | undefined>>>} Preparations what each waits for, and why it could not be had */
/** @typedef {{ readonly count: Count, readonly retried: readonly string[] }} Result */

/**
 * Labs live side by side, and spend a good part of their time waiting: for packets that do not come, and for time to pass. Clients
 * that ask all the time, as in e2e, need the processors.
 */
const WORKERS = { unit: 2, lab: 3, e2e: 2 };

/**
 * Runs the suites. Prints, last, which files were run twice, and what the runner's own reports add up to.
 * @param {readonly Suite[]} suites
 * @param {readonly string[]} options for jest
 * @param {Preparations} [preparations]
 * @returns {Promise<boolean>} whether all went well
 */
export async function runSuites(suites, options, preparations = {}) {
  /** @type {Result[]} */
  const results = [];
  for (const suite of suites) {
    const problem = await preparations[suite];
    results.push(problem === undefined ? await runSuite(suite, options) : notRun(suite, problem));
  }
  const sum = (/** @type {keyof Count} */ which) => results.reduce((total, { count }) => total + count[which], 0);
  const [passed, failed, skipped] = [sum("passed"), sum("failed"), sum("skipped")];
  if (passed + failed === 0) console.error("no test ran");
  for (const line of results.flatMap(({ retried }) => retried)) console.log(line);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0 && passed > 0;
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
 * @param {Suite} suite
 * @param {readonly string[]} options
 * @returns {Promise<Result>}
 */
async function runSuite(suite, options) {
  console.log(`\n== ${suite}`);
  const first = await runJest(suite, [`--maxWorkers=${WORKERS[suite]}`, ...options]);
  const again = suite === "unit" ? [] : first.failedFiles;
  if (again.length === 0) return { count: first.count, retried: [] };
  console.error(`${suite}: failed, and run once more alone: ${again.join(", ")}`);
  const second = await runJest(suite, ["--runInBand", ...options, "--runTestsByPath", ...again]);
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
