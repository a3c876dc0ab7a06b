import { join } from "node:path";
import { run } from "./command.mjs";
import { compileProvider } from "./compile.mjs";
import { npmBin, repository } from "./paths.mjs";
import { StepFailed } from "./step.mjs";

/** Slowest first, so that two workers end at about the same time. */
const OF_SOURCES = [
  { name: "eslint", command: ["eslint", "--cache", "--cache-location", "node_modules/.cache/eslint/", "."] },
  { name: "API pages (typedoc)", command: ["typedoc", "--emit", "none"] },
  { name: "types (tsc)", command: ["tsc"] },
  { name: "dead code (knip)", command: ["knip"] },
  { name: "imports (dependency-cruiser)", command: ["depcruise", "provider", "--config", ".dependency-cruiser.cjs"] },
  { name: "spelling (cspell)", command: ["cspell", "lint", "--no-progress", "--no-summary"] },
  { name: "format (biome)", command: ["biome", "check", "."] },
];

const OF_PACKAGE = [
  { name: "package (attw)", command: ["attw", "--pack", "provider"] },
  { name: "package (publint)", command: ["publint", "provider"] },
];

/** @returns {Promise<boolean>} whether nothing was found */
export async function checkEverything() {
  const compiled = await compiles();
  const waiting = compiled ? [...OF_PACKAGE, ...OF_SOURCES] : [...OF_SOURCES];
  let clean = compiled;
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift())
      clean = (await isClean(check)) && clean;
  };
  // One worker for each core of a small machine.
  await Promise.all([work(), work()]);
  return clean;
}

/** What does not compile cannot be packed, but all else about it can still be said. */
async function compiles() {
  try {
    await compileProvider();
    return true;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.log(error.message);
    return false;
  }
}

/** @param {{ name: string, command: readonly string[] }} check */
async function isClean({ name, command: [program = "", ...args] }) {
  const started = performance.now();
  const { code, output } = await run([join(npmBin, "node"), join(npmBin, program), ...args], { cwd: repository });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${name}: ${code === 0 ? "clean" : "FAILED"}, ${seconds} s`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}
