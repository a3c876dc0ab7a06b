import { join } from "node:path";
import { run } from "./command.mjs";
import { npmBin, repository } from "./paths.mjs";
import { lastLines, StepFailed, step } from "./step.mjs";

/**
 * The disks that hosts start from, built once for each version of their recipe: those of the hosts of these test files.
 * @param {readonly string[]} files
 */
export async function buildLabDisks(files) {
  await step({
    name: "lab disks",
    done: async () => files.length === 0 || (await disks("missing", ...files)) === "",
    work: async () => {
      await disks(...files);
    },
  });
}

/**
 * The lab itself knows them, and runs on the repository's Node.
 * @param {readonly string[]} words
 */
async function disks(...words) {
  const lab = [join(npmBin, "node"), join("tools", "lab", "cli.ts"), "disks", ...words];
  const { code, output } = await run(lab, { cwd: repository });
  if (code !== 0) throw new StepFailed(lastLines(output));
  return output.trim();
}
