import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { hasWideRegisters } from "../../toolchain/machine-packages.mjs";
import { imagesFolder } from "../paths.ts";
import { requirePrograms } from "./programs.ts";

/** What must be loaded into the guests' kernel on this machine's processor, compiled when it is not there. */
export function kernelPreload(): string | undefined {
  if (!hasWideRegisters()) return undefined;
  const source = join(import.meta.dirname, "wide-registers.c");
  const hash = createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 12);
  const library = join(imagesFolder(), `wide-registers-${hash}.so`);
  if (existsSync(library)) return library;
  requirePrograms();
  const mine = `${library}.${process.pid}`;
  const cc = spawnSync("cc", ["-O2", "-shared", "-fPIC", "-o", mine, source], { encoding: "utf8" });
  if (cc.status !== 0)
    throw new Error(`This processor's registers are too wide for the guests' kernel.\ncc: ${cc.stderr}`);
  renameSync(mine, library);
  return library;
}
