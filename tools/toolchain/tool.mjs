/**
 * Runs a tool that is written in TypeScript, on the repository's own Node where the machine's cannot read that.
 *
 *   node tools/toolchain/tool.mjs tools/lab/cli.ts [ARGUMENT...]
 */
import "./begin.mjs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { show } from "./command.mjs";
import { isOlder, leastNode } from "./node-version.mjs";
import { installPackages } from "./packages.mjs";
import { npmBin } from "./paths.mjs";
import { StepFailed } from "./step.mjs";

const [tool = "", ...args] = process.argv.slice(2);
try {
  await installPackages();
  if (isOlder(process.versions.node, leastNode())) process.exitCode = await show([join(npmBin, "node"), tool, ...args]);
  else {
    process.argv.splice(1, 2, resolve(tool));
    await import(pathToFileURL(resolve(tool)).href);
  }
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
