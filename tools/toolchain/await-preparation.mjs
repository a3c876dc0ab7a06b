import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

// Where the CLI is still being built when files with hosts begin, one that needs it waits here: for a file that says what went wrong, or nothing.
const { PULUMI_LVS_AWAITED: told } = process.env;
const { ppid } = process;

if (told !== undefined) {
  // Before any hook of the file, which would boot hosts.
  while (!existsSync(told)) {
    if (process.ppid !== ppid || !existsSync(dirname(told))) throw new Error("the run has ended");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  const problem = readFileSync(told, "utf8");
  if (problem !== "") throw new Error(problem);
}
