import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { findGo } from "./go.mjs";
import { CLI, findPulumi, installedBin } from "./pulumi-bin.mjs";
import { buildPulumi } from "./pulumi-build.mjs";
import { downloadPulumi } from "./pulumi-download.mjs";
import { step } from "./step.mjs";

/**
 * The Pulumi CLI: what the machine has, else what Pulumi's own site gives, else built from its public Go modules.
 * @param {Promise<unknown>} packages npm's, of which the one that is built needs a script
 */
export async function installPulumi(packages) {
  const build = (/** @type {string} */ bin) => buildPulumi(bin, packages);
  const work = async () => ((await downloaded()) ? "downloaded" : putInPlace(build));
  await step({ name: `Pulumi CLI ${CLI.version}`, done: isInstalled, work });
}

/**
 * Whether the Pulumi CLI will have to be built on a machine that has no Go. To know it, the download is tried.
 * @returns {Promise<boolean>}
 */
export const lacksGo = async () => !isInstalled() && findGo() === undefined && !(await downloaded());

const isInstalled = () => findPulumi() !== undefined;

/** @type {Promise<boolean> | undefined} */
let download;

/** Tried once: where it cannot be had it takes seconds to say so. */
function downloaded() {
  download ??= putInPlace(async (bin) => ((await downloadPulumi(bin)) ? "downloaded" : undefined)).then(
    (how) => how !== undefined,
  );
  return download;
}

/**
 * Made beside its place and then renamed, so that nobody ever meets half of it.
 * @template {string | undefined} How
 * @param {(bin: string) => Promise<How>} make returns how it was made, undefined where it could not be
 */
async function putInPlace(make) {
  const bin = installedBin();
  await mkdir(dirname(bin), { recursive: true });
  const unfinished = await mkdtemp(`${bin}.`);
  try {
    const how = await make(unfinished);
    if (how === undefined) return how;
    await rename(unfinished, bin).catch((/** @type {unknown} */ error) => {
      // Somebody else was faster, and has made the same thing.
      if (!isInstalled()) throw error;
    });
    return how;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
