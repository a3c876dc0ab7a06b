import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJson } from "./json.mjs";
import { npmBin, repository } from "./paths.mjs";

/** The suites of jest.config.mjs, quickest first. */
export const SUITES = /** @type {const} */ (["unit", "lab", "e2e"]);

/** @typedef {(typeof SUITES)[number]} Suite */
/** @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number }} Count */
/** @typedef {Partial<Record<Suite, Promise<Error | undefined>>>} Preparations what each waits for, and why it could not be had */

/**
 * Labs live side by side, and spend a good part of their time waiting: for packets that do not come, and for time to pass. Clients
 * that ask all the time, as in e2e, need the processors.
 */
const WORKERS = { unit: 2, lab: 3, e2e: 2 };

/** A run that is over must end by itself; one that does not has left a connection, a process or a timer behind. */
const MAY_LINGER_MS = 5000;

/**
 * Runs the suites and prints, last, what the runner's own reports add up to.
 * @param {readonly Suite[]} suites
 * @param {readonly string[]} options for jest
 * @param {Preparations} [preparations]
 * @returns {Promise<boolean>} whether all went well
 */
export async function runSuites(suites, options, preparations = {}) {
  /** @type {Count[]} */
  const counts = [];
  for (const suite of suites) {
    const problem = await preparations[suite];
    if (problem === undefined) counts.push(await runSuite(suite, options));
    else counts.push(notRun(suite, problem));
  }
  const sum = (/** @type {keyof Count} */ which) => counts.reduce((total, count) => total + count[which], 0);
  const [passed, failed, skipped] = [sum("passed"), sum("failed"), sum("skipped")];
  if (passed + failed === 0) console.error("no test ran");
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0 && passed > 0;
}

/**
 * A suite that could not even begin is one failure.
 * @param {Suite} suite
 * @param {Error} problem
 * @returns {Count}
 */
function notRun(suite, problem) {
  console.error(`\n== ${suite}: not run\n${problem.message}`);
  return { passed: 0, failed: 1, skipped: 0 };
}

/**
 * Hosts with kernels of their own share this machine with whatever else it does: a file of theirs that failed is run once more,
 * alone, and says so. What fails twice has failed. Files of `unit` have no such excuse.
 * @param {Suite} suite
 * @param {readonly string[]} options
 * @returns {Promise<Count>}
 */
async function runSuite(suite, options) {
  console.log(`\n== ${suite}`);
  const first = await runOnce(suite, [`--maxWorkers=${WORKERS[suite]}`, ...options]);
  const again = suite === "unit" ? [] : first.failedFiles;
  if (again.length === 0) return first.count;
  console.error(`${suite}: failed, and run once more alone: ${again.join(", ")}`);
  const second = await runOnce(suite, ["--runInBand", ...options, "--runTestsByPath", ...again]);
  return {
    passed: first.othersPassed + second.count.passed,
    failed: second.count.failed,
    skipped: first.othersSkipped + second.count.skipped,
  };
}

/**
 * @param {Suite} suite
 * @param {readonly string[]} options
 */
async function runOnce(suite, options) {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-lvs-report-"));
  try {
    const report = join(folder, "report.json");
    const words = [...(suite === "unit" ? [] : ["--verbose"]), "--json", `--outputFile=${report}`, ...options];
    // Every run of the CLI starts two programs on Node, and compiling them is a good part of their start.
    const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
    const { code, lingered } = await jest(["--selectProjects", suite, "--passWithNoTests", ...words], report, env);
    const count = readReport(report);
    if (lingered) console.error(`${suite}: the tests ended but jest did not: something was left open`);
    // A run that failed though each test of it passed: it lingered, or the runner itself broke.
    const unexplained = lingered || (code !== 0 && count.failed === 0) ? 1 : 0;
    return { ...readFiles(report), count: { ...count, failed: count.failed + unexplained } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Which files failed, and what the others came to.
 * @param {string} path
 */
function readFiles(path) {
  /** @typedef {{ name: string, status: string, assertionResults: { status: string }[] }} FileReport */
  const results = existsSync(path) ? /** @type {{ testResults: FileReport[] }} */ (readJson(path)).testResults : [];
  const tests = results.filter(({ status }) => status !== "failed").flatMap(({ assertionResults }) => assertionResults);
  const count = (/** @type {string} */ wanted) => tests.filter(({ status }) => status === wanted).length;
  return {
    failedFiles: results.filter(({ status }) => status === "failed").map(({ name }) => name),
    othersPassed: count("passed"),
    othersSkipped: count("pending"),
  };
}

/**
 * @param {readonly string[]} args
 * @param {string} report
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ code: number, lingered: boolean }>}
 */
function jest(args, report, env) {
  return new Promise((resolve, reject) => {
    // The report goes to its file and the words for people to stderr; jest repeats the report on stdout.
    const child = spawn(join(npmBin, "node"), [join(npmBin, "jest"), ...args], {
      cwd: repository,
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    let lingered = false;
    const watch = setInterval(() => {
      if (!existsSync(report)) return;
      clearInterval(watch);
      linger = setTimeout(() => {
        lingered = true;
        child.kill("SIGKILL");
      }, MAY_LINGER_MS);
    }, 1000);
    /** @type {NodeJS.Timeout | undefined} */
    let linger;
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(watch);
      clearTimeout(linger);
      resolve({ code: code ?? 1, lingered });
    });
  });
}

/**
 * A file that could not even be loaded has no tests to count, and is one failure.
 * @param {string} path
 * @returns {Count}
 */
function readReport(path) {
  if (!existsSync(path)) return { passed: 0, failed: 0, skipped: 0 };
  const report = /** @type {Record<string, number>} */ (readJson(path));
  const count = (/** @type {string} */ name) => report[name] ?? 0;
  const unmade = ["numFailedTests", "numRuntimeErrorTestSuites", "numTodoTests"];
  return {
    passed: count("numPassedTests"),
    failed: unmade.reduce((sum, name) => sum + count(name), 0),
    skipped: count("numPendingTests"),
  };
}
