import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { guestKernelFolder, wantsNewerKernel } from "../../toolchain/guest-kernel.mjs";
import { requirePrograms, searchPath } from "./programs.ts";

/** The guests' kernel: a program, user-mode Linux. */
export interface Uml {
  /** For env(1), which starts it. */
  readonly words: readonly string[];
  /** Where it is to be started, when that is not all the same. */
  readonly folder: string | undefined;
}

/** The machine's own, or the quicker one of a later Debian, where it is wanted and the toolchain has fetched it. */
export function uml(): Uml {
  const folder = guestKernelFolder();
  if (!wantsNewerKernel() || !existsSync(folder)) return { words: ["linux.uml"], folder: undefined };
  // The C library beside it is for it alone.
  return { words: ["LD_LIBRARY_PATH=.", "./linux.uml"], folder };
}

/** The kernel's version, and the folder of its modules. */
export function umlModules(): { readonly version: string; readonly modules: string } {
  requirePrograms();
  const { words, folder } = uml();
  const env = { PATH: searchPath() };
  const { stdout } = spawnSync("env", [...words, "--version"], { encoding: "utf8", env, cwd: folder });
  const version = stdout.trim();
  const modules = join(folder ?? "/usr/lib/uml", "modules", version);
  if (version !== "" && existsSync(modules)) return { version, modules };
  const cure = folder === undefined ? "reinstall the package user-mode-linux" : `remove ${folder}`;
  throw new Error(`No modules of the guests' kernel in ${modules}: ${cure}`);
}
