import { join } from "node:path";
import { run } from "./command.mjs";
import { readJson } from "./json.mjs";
import { npmBin, repository } from "./paths.mjs";
import { lastLines, StepFailed, step } from "./step.mjs";

/** The packages of package-lock.json, with a Node of their own: the machine's may be too old for Pulumi. */
export async function installPackages() {
  await step({ name: "npm packages", done: packagesAreInstalled, work: npmCi });
  await step({ name: "Node of the repository", done: nodeRuns, work: repairNode });
}

/**
 * npm notes what it installed in a lock file of its own; where that one names each package in the version wanted, all is there.
 * A package for another platform is not, and must not be.
 */
function packagesAreInstalled() {
  const have = readLock(join("node_modules", ".package-lock.json"));
  const want = readLock("package-lock.json");
  if (have === undefined || want === undefined) return false;
  return Object.entries(want).every(
    ([path, { version, optional, link }]) =>
      !path.startsWith("node_modules/") ||
      link === true ||
      have[path]?.version === version ||
      (optional === true && have[path] === undefined),
  );
}

/** @typedef {Record<string, { version?: string, optional?: boolean, link?: boolean }>} Packages */

/**
 * @param {string} path
 * @returns {Packages | undefined}
 */
function readLock(path) {
  try {
    const lock = /** @type {{ packages: Packages }} */ (readJson(join(repository, path)));
    return lock.packages;
  } catch {
    return undefined;
  }
}

async function npmCi() {
  const { code, output } = await run(["npm", "ci", "--no-fund", "--no-audit", "--loglevel=error"], { cwd: repository });
  if (code === 127)
    throw new StepFailed("npm is not on this machine; it comes with Node (Debian: apt-get install npm)");
  if (code !== 0) throw new StepFailed(`npm ci failed\n${lastLines(output)}`);
}

async function nodeRuns() {
  const { code, output } = await run([join(npmBin, "node"), "--version"]);
  // Another one, put there by CI, is as good if the package promises it.
  return code === 0 && /^v(?:2[2-9]|[3-9]\d)\./.test(output);
}

/** The package `node` fetches its program in an install script, and npm can be configured to run none. */
async function repairNode() {
  const script = [process.execPath, "installArchSpecificPackage"];
  const { code, output } = await run(script, { cwd: join(repository, "node_modules", "node") });
  if (code !== 0 || !(await nodeRuns())) throw new StepFailed(`cannot install Node 24 from npm\n${lastLines(output)}`);
}
