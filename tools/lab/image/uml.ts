import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { guestKernelFolder, wantsNewerKernel } from "../../toolchain/guest-kernel.mjs";
import type { HostName } from "../hosts.ts";
import { requirePrograms, searchPath } from "./programs.ts";

/** The guests' kernel: a program, user-mode Linux. */
export interface Uml {
  /** For env(1), which starts it. */
  readonly words: readonly string[];
  /** Where it is to be started, when that is not all the same. */
  readonly folder: string | undefined;
}

/** A kernel that is here, and the folder of its modules. */
export interface Kernel extends Uml {
  readonly version: string;
  readonly modules: string;
}

/** "machine": the one of this machine's package, though a quicker one of a later Debian is here. */
export type KernelChoice = "machine" | "quickest";

/** Of all hosts, or of those that are to have another than the quickest. */
export type Kernels = KernelChoice | Readonly<Partial<Record<HostName, KernelChoice>>>;

const MACHINES: Uml = { words: ["linux.uml"], folder: undefined };

/** What a guest boots. */
export function uml(wanted: KernelChoice): Uml {
  const folder = guestKernelFolder();
  if (wanted === "machine" || !wantsNewerKernel() || !existsSync(folder)) return MACHINES;
  // The C library beside it is for it alone.
  return { words: ["LD_LIBRARY_PATH=.", "./linux.uml"], folder };
}

/** All that guests may boot: one, or two. */
export function kernels(): readonly Kernel[] {
  requirePrograms();
  const quickest = uml("quickest");
  return [MACHINES, ...(quickest.folder === undefined ? [] : [quickest])].map(withModules);
}

function withModules(kernel: Uml): Kernel {
  const { words, folder } = kernel;
  const env = { PATH: searchPath() };
  const { stdout } = spawnSync("env", [...words, "--version"], { encoding: "utf8", env, cwd: folder });
  const version = stdout.trim();
  const modules = join(folder ?? "/usr/lib/uml", "modules", version);
  if (version !== "" && existsSync(modules)) return { ...kernel, version, modules };
  const cure = folder === undefined ? "reinstall the package user-mode-linux" : `remove ${folder}`;
  throw new Error(`No modules of the guests' kernel in ${modules}: ${cure}`);
}
