import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { readJson } from "./json.mjs";
import { leastNode } from "./node-version.mjs";
import { repository } from "./paths.mjs";

/** What is loaded by name, by users or by ourselves; each becomes a file. */
const ENTRIES = ["index.ts", "runtime.ts", "schemas.ts"];

/** The names that package.json has for our own files: what is loaded by them is loaded late. */
const OWN_NAMES = ["#*"];

/** Is in the files themselves. Each operation needs it: as a package it is a hundred files, half of them messages in other languages. */
const INSIDE = "zod";

/**
 * A file of its own, with what it depends on itself. As a package it has parts that are compiled at each user's, for which an install script has
 * to be allowed. It runs without them, at 1.1 times the processor time for a login and 1 MB.
 */
const ALONE = "ssh2";
const COMPILED = /^cpu-features$|\.node$/;

/** Loaded when something of them is first used: a preview connects to no host, and most hosts have no file of netplan. */
const LATE = ["ssh2", "yaml"];

/**
 * The package's code, a file for each entry point and one for what they share, so that no class is there twice. Each run of Pulumi loads it
 * in a new process, which finds and reads one file in a third of the time that it takes for two hundred. What package.json depends on stays
 * a package of its own, but for two.
 * @param {string} sources
 * @param {string} folder
 */
export async function bundle(sources, folder) {
  // This file is loaded before any package is installed.
  const esbuild = await import("esbuild");
  const { build, transform } = esbuild;
  const like = /** @type {const} */ ({ platform: "node", target: "node22", logLevel: "silent" });
  // Only ES modules can be split; each file is made CommonJS afterwards.
  const { outputFiles } = await build({
    ...like,
    absWorkingDir: sources,
    entryPoints: ENTRIES,
    outdir: folder,
    bundle: true,
    external: [...packagesOf(join(sources, "package.json")), ...OWN_NAMES, ALONE],
    plugins: [usedParts],
    format: "esm",
    splitting: true,
    chunkNames: "shared-[hash]",
    write: false,
  });
  await mkdir(folder, { recursive: true });
  const licence = await readFile(join(repository, "node_modules", INSIDE, "LICENSE"), "utf8");
  for (const { path, text } of outputFiles) {
    // The names of the sources, which esbuild writes over their code, are kept for who follows a stack trace.
    const named = text.replaceAll(/^\/\/ (?=\S+\.ts$)/gm, "//! ");
    const { code } = await transform(named, { ...like, format: "cjs", legalComments: "inline" });
    const notice = text.includes(`/${INSIDE}/`) ? `/*! Has parts of ${INSIDE}:\n\n${licence}*/\n` : "";
    const first = ENTRIES.includes(basename(path).replace(/js$/, "ts")) ? `"use strict";\n${refusal()}` : "";
    await writeFile(join(folder, basename(path)), notice + first + late(inOneByte(code)));
  }
  await writeFile(join(folder, `${ALONE}.js`), await alone(esbuild));
}

/**
 * The licence of each package that is in it comes first.
 * @param {typeof import("esbuild")} esbuild
 */
async function alone({ build }) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: repository,
    entryPoints: [ALONE],
    outfile: `${ALONE}.js`,
    platform: "node",
    target: "node22",
    format: "cjs",
    bundle: true,
    plugins: [withoutCompiled],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const inside = Object.keys(metafile.inputs).flatMap(
    (path) => /(?<=node_modules\/)(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
  );
  const notices = [...new Set(inside)].sort().map(async (name) => {
    const licence = await readFile(join(repository, "node_modules", name, "LICENSE"), "utf8");
    return `/*! Has ${name}:\n\n${licence.trimEnd().replaceAll("*/", "* /")}\n*/\n`;
  });
  return (await Promise.all(notices)).join("") + outputFiles.map(({ text }) => inOneByte(text)).join("");
}

/**
 * What cannot be loaded is done without.
 * @type {import("esbuild").Plugin}
 */
const withoutCompiled = {
  name: "without what is compiled",
  setup: (build) => {
    build.onResolve({ filter: COMPILED }, ({ path }) => ({ path, namespace: "compiled" }));
    build.onLoad({ filter: /./, namespace: "compiled" }, () => ({ contents: 'throw new Error("not compiled");' }));
  },
};

/**
 * Other packages that may be loaded.
 * @param {string} path
 */
function packagesOf(path) {
  const { dependencies, peerDependencies } =
    /** @type {{ dependencies: Record<string, string>, peerDependencies: Record<string, string> }} */ (readJson(path));
  return Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => name !== INSIDE);
}

/**
 * Of `import { z }` esbuild takes all that z has. Of `import * as z` it takes what is used.
 * @type {import("esbuild").Plugin}
 */
const usedParts = {
  name: "used parts",
  setup: (build) => {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(
        `import { z } from "${INSIDE}"`,
        () => `import * as z from "${INSIDE}"`,
      ),
      loader: "ts",
    }));
  },
};

/** Before anything is loaded: on an older Node it would end somewhere in the middle, or in words of Node's own. */
function refusal() {
  const [major, minor] = leastNode().split(".");
  return `{
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < ${major} || (major === ${major} && minor < ${minor}))
    throw new Error(\`pulumi-lvs needs Node ${major}.${minor} or newer. This is Node \${process.versions.node}: \${process.execPath}\`);
}
`;
}

/**
 * Of one character that is not of Latin-1, in a comment of a package, Node keeps the whole file in two bytes for each of its characters. Those in
 * texts are escaped already.
 * @param {string} code
 */
const inOneByte = (code) => code.replaceAll(/[^\0-\xff]/g, "?");

/** @param {string} code */
function late(code) {
  const called = LATE.map((name) => [
    `require("${name}")`,
    `late(() => require("${name === ALONE ? `./${name}.js` : name}"))`,
  ]);
  const found = called.filter(([now = ""]) => code.includes(now));
  if (found.length === 0) return code;
  return found.reduce((text, [now = "", then = ""]) => text.replaceAll(now, () => then), code) + LATE_LOADER;
}

const LATE_LOADER = `function late(load) {
  let loaded;
  return new Proxy({}, { get: (_, name) => (loaded ??= load())[name] });
}
`;
