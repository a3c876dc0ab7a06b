import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.mjs";
import { readJson } from "./json.mjs";
import { npmBin, repository } from "./paths.mjs";
import { lastLines, StepFailed } from "./step.mjs";

/** @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number }} Count */
/** @typedef {{ readonly path: string, readonly passed: number, readonly failed: readonly string[] }} FileOutcome with titles */

/**
 * @typedef {object} Outcome
 * @property {Count} count
 * @property {readonly string[]} failedFiles
 * @property {Count} others what the files without a failure came to
 * @property {readonly FileOutcome[]} files
 */

/** A run that is over must end by itself; one that does not has left a connection, a process or a timer behind. */
const MAY_LINGER_MS = 5000;

/** @param {string} path of a test file */
export const isEndToEnd = (path) => path.includes("/e2e/");

/**
 * Runs jest once.
 * @param {readonly string[]} suites the names of its projects
 * @param {readonly string[]} options
 * @param {Promise<Error | undefined>} [late] what files of `e2e` wait for (await-preparation.mjs)
 * @returns {Promise<Outcome>}
 */
export async function runJest(suites, options, late) {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-lvs-report-"));
  try {
    const report = join(folder, "report.json");
    const verbose = suites.includes("unit") ? [] : ["--verbose"];
    const words = [...verbose, "--json", `--outputFile=${report}`, ...options];
    // Every run of the CLI starts two programs on Node, and compiling them is a good part of their start. Stacks are all alike when they are new.
    const shared = { NODE_COMPILE_CACHE: join(folder, "compiled"), PULUMI_LVS_NEW_STACK: join(folder, "stack.json") };
    const awaited = join(folder, "prepared");
    const env = { ...process.env, ...shared, ...(late && { PULUMI_LVS_AWAITED: awaited }) };
    const told = late?.then((problem) => writeFile(awaited, problem?.message ?? ""));
    const { code, lingered } = await jest(["--selectProjects", ...suites, "--passWithNoTests", ...words], report, env);
    await told;
    const count = countAll(report);
    if (lingered) console.error(`${suites.join(", ")}: the tests ended but jest did not: something was left open`);
    // A run that failed though each test of it passed: it lingered, or the runner itself broke.
    const unexplained = lingered || (code !== 0 && count.failed === 0) ? 1 : 0;
    return { ...byFile(report), count: { ...count, failed: count.failed + unexplained } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The files that these suites would run.
 * @param {readonly string[]} suites
 * @param {readonly string[]} options for jest
 * @returns {Promise<readonly string[]>}
 */
export async function listTests(suites, options) {
  const words = ["--selectProjects", ...suites, "--listTests", "--json", "--passWithNoTests", ...options];
  const { code, output } = await run([join(npmBin, "node"), join(npmBin, "jest"), ...words], { cwd: repository });
  const list = output.split("\n").find((line) => line.startsWith("["));
  if (code !== 0 || list === undefined) throw new StepFailed(`jest cannot list the tests\n${lastLines(output)}`);
  const files = /** @type {unknown} */ (JSON.parse(list));
  return /** @type {readonly string[]} */ (files);
}

/**
 * @param {string} report
 * @returns {Omit<Outcome, "count">}
 */
function byFile(report) {
  /** @typedef {{ name: string, status: string, assertionResults: { status: string, fullName: string }[] }} FileReport */
  const results = existsSync(report) ? /** @type {{ testResults: FileReport[] }} */ (readJson(report)).testResults : [];
  const tests = results.filter(({ status }) => status !== "failed").flatMap(({ assertionResults }) => assertionResults);
  const count = (/** @type {string} */ wanted) => tests.filter(({ status }) => status === wanted).length;
  return {
    failedFiles: results.filter(({ status }) => status === "failed").map(({ name }) => name),
    others: { passed: count("passed"), failed: 0, skipped: count("pending") },
    files: results.map(fileOutcome),
  };
}

/**
 * A file that could not be loaded, or whose hosts did not start, has failed without a test.
 * @param {{ name: string, status: string, assertionResults: { status: string, fullName: string }[] }} report
 * @returns {FileOutcome}
 */
function fileOutcome({ name, status, assertionResults }) {
  const titles = assertionResults.filter((test) => test.status === "failed").map(({ fullName }) => fullName);
  return {
    path: name,
    passed: assertionResults.filter((test) => test.status === "passed").length,
    failed: status === "failed" && titles.length === 0 ? ["it did not run"] : titles,
  };
}

/**
 * A file that could not even be loaded has no tests to count, and is one failure.
 * @param {string} path
 * @returns {Count}
 */
function countAll(path) {
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
