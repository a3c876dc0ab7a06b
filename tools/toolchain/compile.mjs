import { readdirSync, statSync } from "node:fs";
import { mkdir, rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "./bundle.mjs";
import { run } from "./command.mjs";
import { writeJsonSchemas } from "./json-schemas/write.mjs";
import { npmBin, repository } from "./paths.mjs";
import { lastLines, StepFailed, step } from "./step.mjs";

const provider = join(repository, "provider");
const dist = join(provider, "dist");

/** provider/dist, as users get it: examples and the engine's provider process load the package by name. */
export async function compileProvider() {
  await step({ name: "compile provider", done: isFresh, work: compile });
}

/** As many declarations as sources: a source that was removed would else live on in dist. */
function isFresh() {
  const built = statSync(dist, { throwIfNoEntry: false });
  if (built === undefined) return false;
  const sources = filesBelow(provider).filter((path) => path.endsWith(".ts"));
  const declarations = filesBelow(dist).filter((path) => path.endsWith(".d.ts"));
  const settings = [join(provider, "tsconfig.json"), join(repository, "tsconfig.base.json")];
  const tools = join(repository, "tools", "toolchain");
  const inputs = [...sources, ...settings, join(tools, "bundle.mjs"), ...filesBelow(join(tools, "json-schemas"))];
  return sources.length === declarations.length && inputs.every((path) => statSync(path).mtimeMs <= built.mtimeMs);
}

const NOT_SOURCES = new Set(["dist", "node_modules"]);

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    return NOT_SOURCES.has(entry.name) || entry.name.startsWith(".") ? [] : filesBelow(path);
  });
}

/** Into a new folder, so that nothing of a removed source stays and a running program never finds the folder half full. */
async function compile() {
  const started = new Date();
  const fresh = join(provider, `.dist-${process.pid}`);
  const old = join(provider, `.dist-${process.pid}-old`);
  try {
    const types = [join(npmBin, "tsc"), "-p", provider, "--emitDeclarationOnly", "--outDir", fresh];
    const { code, output } = await run(types, { cwd: repository });
    if (code !== 0) throw new StepFailed(`the sources have errors\n${lastLines(output, 40)}`);
    await bundle(provider, fresh);
    await writeJsonSchemas(provider, fresh);
    await mkdir(dist, { recursive: true });
    await rename(dist, old);
    await rename(fresh, dist);
    await utimes(dist, started, started);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}
