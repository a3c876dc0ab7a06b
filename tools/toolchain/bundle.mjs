import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

/** What may be loaded by name; each becomes a file. */
const ENTRIES = ["index.ts", "runtime.ts"];

/**
 * The package's code, a file for each entry point and one for what they share, so that no class is there twice. Each run of Pulumi loads it
 * in a new process, which finds and reads one file in a third of the time that it takes for two hundred. Our own code alone: what
 * package.json depends on stays a package of its own.
 * @param {string} sources
 * @param {string} folder
 */
export async function bundle(sources, folder) {
  // This file is loaded before any package is installed.
  const { build, transform } = await import("esbuild");
  const like = /** @type {const} */ ({ platform: "node", target: "node22", logLevel: "silent" });
  // Only ES modules can be split; each file is made CommonJS afterwards.
  const { outputFiles } = await build({
    ...like,
    absWorkingDir: sources,
    entryPoints: ENTRIES,
    outdir: folder,
    bundle: true,
    packages: "external",
    format: "esm",
    splitting: true,
    chunkNames: "shared",
    write: false,
  });
  await mkdir(folder, { recursive: true });
  for (const { path, text } of outputFiles) {
    // The names of the sources, which esbuild writes over their code, are kept for who follows a stack trace.
    const named = text.replaceAll(/^\/\/ (?=\S+\.ts$)/gm, "//! ");
    const { code } = await transform(named, { ...like, format: "cjs", legalComments: "inline" });
    await writeFile(join(folder, basename(path)), code);
  }
}
