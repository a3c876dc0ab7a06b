import { appendFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SharedKeys } from "../engine/ownership";

/**
 * Keys shared by the provider processes of one run on this machine: a file for each process, in a folder of the user's own, for as
 * long as that process lives. `engine`: the address that the engine gives to all provider processes of one run.
 */
export function sharedKeys(engine: string): SharedKeys {
  const folder = join(tmpdir(), `pulumi-lvs-${process.getuid?.() ?? "user"}`);
  const run = engine.replaceAll(/[^\w.]/g, "_");
  const ownFile = join(folder, `${run}-${process.pid}`);
  let isPrepared = false;

  function add(keys: readonly string[]): void {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isSafe(folder)) return;
    if (!isPrepared) {
      removeStale(folder);
      removeAtExit(ownFile);
      isPrepared = true;
    }
    appendFileSync(ownFile, keys.map((key) => `${key}\n`).join(""), { mode: 0o600 });
  }

  function has(key: string): boolean {
    if (!isSafe(folder)) return false;
    return readdirSync(folder)
      .filter((name) => name.startsWith(`${run}-`) && isAlive(name))
      .some((name) => readFileSync(join(folder, name), "utf8").split("\n").includes(key));
  }

  return { add, has };
}

/** Files of processes that ended without removing theirs. */
function removeStale(folder: string): void {
  for (const name of readdirSync(folder)) if (!isAlive(name)) rmSync(join(folder, name), { force: true });
}

/** The engine ends a provider with SIGINT, which by itself would leave the file. */
function removeAtExit(file: string): void {
  const remove = () => rmSync(file, { force: true });
  process.once("exit", remove);
  process.once("SIGINT", () => {
    remove();
    process.kill(process.pid, "SIGINT");
  });
}

/** A folder of that name that another user can write to could keep us from deleting. */
function isSafe(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid) && (found.mode & 0o022) === 0;
}

function isAlive(name: string): boolean {
  try {
    return process.kill(Number(name.split("-").at(-1)), 0);
  } catch {
    return false;
  }
}
