/**
 * Tries this checkout on a bare machine: makes a new tree of Debian with apt, Node and npm and nothing else, clones the last commit
 * into it, and runs a command there, in namespaces of its own. Needs root, mmdebstrap and git.
 *
 *   npm run bare -- 12|13 [--user] [--go] [--cache FOLDER] [--keep] demo | test [SUITE...] | run COMMAND...
 */
import "../begin.mjs";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { StepFailed } from "../step.mjs";
import { enter } from "./enter.mjs";
import { CHECKOUT, makeTree, PLAIN, RELEASES, ROOT } from "./tree.mjs";

const usage = `npm run bare -- 12|13 [OPTIONS] demo
npm run bare -- 12|13 [OPTIONS] test [SUITE...]
npm run bare -- 12|13 [OPTIONS] run COMMAND...

  --user           as a plain user: whose first run prints a command for root; root runs it, and the user tries again
  --go             Debian's Go is there
  --cache FOLDER   where the Pulumi CLI, the lab's disks and npm's cache are and stay; else the tree has none
  --keep           leave the tree there, and print where
`;

const options = /** @type {const} */ ({
  user: { type: "boolean", default: false },
  go: { type: "boolean", default: false },
  cache: { type: "string" },
  keep: { type: "boolean", default: false },
});

/** What follows the first of these words is the command's own. */
const COMMANDS = ["demo", "test", "run"];

/** @param {string[]} words */
function parse(words) {
  const at = words.findIndex((word) => COMMANDS.includes(word));
  const command = at === -1 ? undefined : commandOf(words.slice(at));
  try {
    const { values, positionals } = parseArgs({
      args: words.slice(0, Math.max(at, 0)),
      options,
      allowPositionals: true,
    });
    const [release = "", ...others] = positionals;
    if (RELEASES[release] !== undefined && others.length === 0 && command !== undefined)
      return { values, release, command };
  } catch {
    // An unknown option: the usage says which there are.
  }
  throw new StepFailed(usage);
}

/** @param {readonly string[]} words */
function commandOf([what, ...rest]) {
  if (what === "demo") return ["npm", "run", "demo"];
  if (what === "test") return ["npm", "test", ...(rest.length > 0 ? ["--", ...rest] : [])];
  return what === "run" && rest.length > 0 ? rest : undefined;
}

async function main() {
  const { values, release, command } = parse(process.argv.slice(2));
  if (process.getuid?.() !== 0) throw new StepFailed("root makes and enters such a tree: run this as root");
  const user = values.user ? PLAIN : ROOT;
  const cache = values.cache === undefined ? undefined : resolve(values.cache);
  if (cache !== undefined) await mkdir(cache, { recursive: true });
  const tree = await makeTree({ release, go: values.go }, user, cache);
  try {
    return await play({ tree, folder: join(user.home, CHECKOUT), cache }, user, command);
  } finally {
    if (values.keep) console.log(`the tree: ${tree}`);
    else await rm(tree, { recursive: true, force: true });
  }
}

/**
 * @param {import("./enter.mjs").Place} place
 * @param {import("./tree.mjs").User} user
 * @param {readonly string[]} command
 */
async function play(place, user, command) {
  const started = performance.now();
  let { code, output } = await enter(place, user, command);
  const advice = /As root, run:\n {2}(.+)\n/.exec(output)?.[1];
  if (code !== 0 && user !== ROOT && advice !== undefined) {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`bare: refused after ${seconds} s; doing as root: ${advice}`);
    const done = await enter(place, ROOT, ["sh", "-c", advice]);
    if (done.code !== 0) return done.code;
    ({ code, output } = await enter(place, user, command));
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`bare: ${command.join(" ")}: exit code ${code}, ${seconds} s`);
  return code;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
