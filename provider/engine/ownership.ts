import { appendFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * What this run keeps on the hosts, by kind, host and key. The delete of a replaced or renamed resource comes last, and must
 * not take away what is its successor's by then; not even where it was left over from a run that broke off in between.
 */
export class OwnedObjects {
  readonly #wanted = new Set<string>();
  readonly #held = new Set<string>();
  readonly #shared: Shared | undefined;

  /** `engine`: the address that the engine gives to all provider processes of one run. */
  constructor(engine?: string) {
    this.#shared = engine === undefined ? undefined : new Shared(engine);
  }

  /** The program has it. That alone holds nothing: a destroy may run the program, too. */
  declare(places: readonly string[]): void {
    for (const place of places) this.#wanted.add(place);
  }

  /** Something has become of it, or nothing had to. */
  confirm(places: readonly string[]): void {
    for (const place of places) if (this.#wanted.has(place)) this.claim([place]);
  }

  claim(places: readonly string[]): void {
    for (const place of places) this.#held.add(place);
  }

  /** Also tells the other provider processes of the run: when a provider is replaced, its deletes go to the old one. */
  publish(places: readonly string[]): void {
    this.claim(places);
    this.#shared?.write(places);
  }

  has(place: string): boolean {
    return this.#held.has(place) || (this.#shared?.read().includes(place) ?? false);
  }
}

/** A file for each process, in a folder of the user's own, for as long as that process lives. */
class Shared {
  readonly #folder = join(tmpdir(), `pulumi-lvs-${process.getuid?.() ?? "user"}`);
  readonly #run: string;
  #written = false;

  constructor(engine: string) {
    this.#run = engine.replaceAll(/[^\w.]/g, "_");
  }

  write(places: readonly string[]): void {
    const file = join(this.#folder, `${this.#run}-${process.pid}`);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    if (!isOurs(this.#folder)) return;
    if (!this.#written) this.#clean(file);
    appendFileSync(file, places.map((place) => `${place}\n`).join(""), { mode: 0o600 });
  }

  read(): readonly string[] {
    if (!isOurs(this.#folder)) return [];
    const files = readdirSync(this.#folder).filter((name) => name.startsWith(`${this.#run}-`) && isAlive(name));
    return files.flatMap((name) => readFileSync(join(this.#folder, name), "utf8").split("\n"));
  }

  /** The engine ends a provider with SIGINT, which by itself would leave the file. */
  #clean(file: string): void {
    for (const name of readdirSync(this.#folder)) if (!isAlive(name)) rmSync(join(this.#folder, name), { force: true });
    const remove = () => rmSync(file, { force: true });
    process.once("exit", remove);
    process.once("SIGINT", () => {
      remove();
      process.kill(process.pid, "SIGINT");
    });
    this.#written = true;
  }
}

/** Somebody else's folder of that name could talk us out of a delete. */
function isOurs(folder: string): boolean {
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
