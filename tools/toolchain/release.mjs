/**
 * Packs the provider, checks the very file that would be published, and publishes it.
 *
 *   node tools/toolchain/release.mjs --dry-run    publishes nothing, and lists what is still to do
 *   node tools/toolchain/release.mjs              in the workflow of a tag: npm has to know it as a trusted publisher
 */
import "./begin.mjs";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { run, show } from "./command.mjs";
import { readJson } from "./json.mjs";
import { published } from "./package-files.mjs";
import { installPackages } from "./packages.mjs";
import { npmBin, repository } from "./paths.mjs";
import { problemsOfPackage, stillToDo } from "./release-checks.mjs";
import { lastLines, StepFailed } from "./step.mjs";

const folder = join(repository, "node_modules", ".cache", "release");
const manifest = /** @type {import("./release-checks.mjs").Manifest} */ (
  readJson(join(repository, "provider", "package.json"))
);

/** @param {readonly string[]} command */
async function output(command, cwd = repository) {
  const finished = await run(command, { cwd });
  if (finished.code !== 0) throw new StepFailed(`${command.join(" ")}\n${lastLines(finished.output)}`);
  return finished.output;
}

/** @returns {Promise<string>} the tarball */
async function pack() {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await output(["npm", "pack", "--silent", "--pack-destination", folder], join(repository, "provider"));
  const tarball = join(folder, `${manifest.name}-${manifest.version}.tgz`);
  await output(["tar", "--extract", "--file", tarball, "--directory", folder]);
  return tarball;
}

/** @returns {Promise<ReadonlyMap<string, string>>} what a user would unpack */
async function unpacked() {
  const root = join(folder, "package");
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const path of paths) texts.set(path.slice(root.length + 1), await readFile(path, "utf8"));
  return texts;
}

/** @param {string} tarball */
async function shapeProblems(tarball) {
  /** @type {string[]} */
  const problems = [];
  for (const program of ["attw", "publint"]) {
    const { code, output: text } = await run([join(npmBin, "node"), join(npmBin, program), tarball], {
      cwd: repository,
    });
    console.log(`${program}: ${code === 0 ? "clean" : "FAILED"}`);
    if (code !== 0) problems.push(`${program}\n${text.trimEnd()}`);
  }
  return problems;
}

async function toDo() {
  const lines = (/** @type {string} */ text) => text.split("\n").filter((line) => line !== "");
  return stillToDo({
    manifest,
    repository: `${published().repository}/`,
    changelog: await readFile(join(repository, "CHANGELOG.md"), "utf8"),
    tags: lines(await output(["git", "tag", "--points-at", "HEAD"])),
    changed: lines(await output(["git", "status", "--porcelain"])),
  });
}

/** @param {boolean} dry */
async function release(dry) {
  await installPackages();
  const tarball = await pack();
  const files = await unpacked();
  const bytes = await readFile(tarball);
  const integrity = createHash("sha512").update(bytes).digest("base64");
  console.log(`${tarball}\n${files.size} files, ${Math.ceil(bytes.length / 1024)} KiB, sha512-${integrity}`);
  const problems = [...problemsOfPackage(files, [repository, `${homedir()}/`]), ...(await shapeProblems(tarball))];
  if (problems.length > 0) throw new StepFailed(`the package is not fit to be published:\n${problems.join("\n")}`);
  const todo = await toDo();
  if (dry) {
    console.log(todo.length === 0 ? "ready to be published" : `before it can be published:\n- ${todo.join("\n- ")}`);
    return true;
  }
  if (todo.length > 0) throw new StepFailed(`not published. First:\n- ${todo.join("\n- ")}`);
  return (await show(["npm", "publish", tarball, "--provenance", "--access", "public"], { cwd: repository })) === 0;
}

const options = process.argv.slice(2);
if (options.some((option) => option !== "--dry-run")) {
  console.error(`unknown: ${options.join(" ")}. Known: --dry-run`);
  process.exit(2);
}
try {
  process.exitCode = (await release(options.includes("--dry-run"))) ? 0 : 1;
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
