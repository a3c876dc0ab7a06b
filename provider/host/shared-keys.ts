import { appendFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { SharedKeys } from "../engine/ownership";

/**
 * Keys shared by the provider processes of one run on this machine: a file for each process, in a folder of the user's own, for as
 * long as that process lives. `engine`: the address that the engine gives to all provider processes of one run. A file system that is
 * full or read-only fails no operation: the next place is taken, and where there is none, `log` gets a line.
 */
export function sharedKeys(engine: string, log: (line: string) => void, places = usualPlaces()): SharedKeys {
  const run = engine.replaceAll(/[^\w.]/g, "_");
  const folders = places.map((place) => new Folder(join(place, `pulumi-lvs-${process.getuid?.() ?? "user"}`), run));
  let isLogged = false;

  function add(keys: readonly string[]): void {
    if (folders.some((folder) => folder.add(keys)) || isLogged) return;
    isLogged = true;
    log(
      `pulumi-lvs: none of ${places.join(", ")} can be written: what this provider process owns is not known to others of this run. ` +
        "That matters where this run replaces the provider; free space there, or set TMPDIR.",
    );
  }

  return { add, has: (key) => folders.some((folder) => folder.has(key)) };
}

/** Where a process may put a small file. Pulumi itself writes to the last one. */
function usualPlaces(): readonly string[] {
  const places = [process.env["XDG_RUNTIME_DIR"], tmpdir(), "/dev/shm", "/var/tmp", process.env["PULUMI_HOME"]];
  const home = attempt(() => join(homedir(), ".pulumi"), "");
  return [...new Set([...places, home].flatMap((place) => (place !== undefined && isAbsolute(place) ? [place] : [])))];
}

/** The files of all processes of this user in one place. */
class Folder {
  readonly #path: string;
  readonly #run: string;
  readonly #ownFile: string;
  #isPrepared = false;

  constructor(path: string, run: string) {
    this.#path = path;
    this.#run = run;
    this.#ownFile = join(path, `${run}-${process.pid}`);
  }

  /** Whether the keys are there now. */
  add(keys: readonly string[]): boolean {
    return attempt(() => {
      if (lstatSync(this.#path, { throwIfNoEntry: false }) === undefined) mkdirSync(this.#path, { mode: 0o700 });
      if (!isSafe(this.#path)) return false;
      this.#prepare();
      // What a full disk took of an earlier key is a line of its own.
      appendFileSync(this.#ownFile, `\n${keys.join("\n")}\n`, { mode: 0o600 });
      return true;
    }, false);
  }

  has(key: string): boolean {
    return this.#othersFiles().some((name) => this.#keysIn(name).includes(key));
  }

  #prepare(): void {
    if (this.#isPrepared) return;
    // Files of processes that ended without removing theirs.
    for (const name of readdirSync(this.#path)) if (!isAlive(name)) rmSync(join(this.#path, name), { force: true });
    removeAtExit(this.#ownFile);
    this.#isPrepared = true;
  }

  #othersFiles(): readonly string[] {
    const names = attempt(() => (isSafe(this.#path) ? readdirSync(this.#path) : []), []);
    return names.filter((name) => name.startsWith(`${this.#run}-`) && isAlive(name));
  }

  /** A process may end, and remove its file, while it is read. */
  #keysIn(name: string): readonly string[] {
    const path = join(this.#path, name);
    const text = attempt(() => (lstatSync(path).isFile() ? readFileSync(path, "utf8") : ""), "");
    // A last line without its end is half a key.
    return text.split("\n").slice(0, -1);
  }
}

const ownFiles = new Set<string>();

/** The engine ends a provider with SIGINT, which by itself would leave the file. */
function removeAtExit(file: string): void {
  if (ownFiles.size === 0) {
    const remove = () => ownFiles.forEach((own) => attempt(() => rmSync(own, { force: true }), undefined));
    process.once("exit", remove);
    process.once("SIGINT", () => {
      remove();
      process.kill(process.pid, "SIGINT");
    });
  }
  ownFiles.add(file);
}

/** A folder of that name that another user can write to could keep us from deleting. */
function isSafe(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid) && (found.mode & 0o022) === 0;
}

function isAlive(name: string): boolean {
  return attempt(() => process.kill(Number(name.split("-").at(-1)), 0), false);
}

function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
