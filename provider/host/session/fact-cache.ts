import { matchesPath } from "../../facts/files/glob";
import type { Command, Result } from "../../step";
import { Answer, type Answers, answerOf } from "./observation";

interface Entry {
  readonly command: Command;
  readonly answer: Answer;
  readonly readAt: number;
}

/** Milliseconds. Long enough for the next batch, too short for an operator to have changed something in between. */
export const MAX_AGE = 10_000;

/** The answers of one host, kept for a short while. */
export class FactCache {
  readonly #entries = new Map<string, Entry>();
  #generation = 0;

  constructor(private readonly now: () => number) {}

  /** Empties the cache if its answers came over another connection, since when the host may have booted. Whether they did not. */
  keepsFor(generation: number): boolean {
    const isSame = generation === this.#generation;
    if (!isSame) this.#entries.clear();
    this.#generation = generation;
    return isSame;
  }

  /** Those of the commands, each once, that have no answer as young as this. */
  missing(commands: readonly Command[], maxAge = MAX_AGE): readonly Command[] {
    return distinct(commands).filter((command) => {
      const entry = this.#entries.get(keyOf(command));
      return entry === undefined || this.now() - entry.readAt > maxAge;
    });
  }

  /** An entry that was skipped has no result, and is not kept. `isWritten`: it was not read, but is what we have just written. */
  store(
    commands: readonly Command[],
    results: readonly (Result | undefined)[],
    readAt: number,
    { isWritten = false } = {},
  ): void {
    for (const [index, command] of commands.entries()) {
      const result = results[index];
      const key = keyOf(command);
      if (result === undefined) continue;
      const answer = isWritten ? new Answer(result, isWritten) : answerOf(key, result);
      this.#entries.set(key, { command, answer, readAt });
    }
  }

  /** Removes the answers that these changes may affect; undefined: all. */
  invalidate(changes?: readonly string[]): void {
    for (const [key, { command }] of this.#entries) {
      const unaffected = changes !== undefined && command.changedOnlyBy?.every((thing) => !isAmong(changes, thing));
      if (unaffected !== true) this.#entries.delete(key);
    }
  }

  /** Removes answers that are too old for anybody. Not while a batch reads them. */
  forgetOld(): void {
    for (const [key, { readAt }] of this.#entries) if (this.now() - readAt > MAX_AGE) this.#entries.delete(key);
  }

  /** The answers to these commands as they are now. Later changes of the cache do not show in it. */
  snapshot(commands: readonly Command[]): Answers {
    const answers = new Map(
      commands.map((command) => [keyOf(command), this.#entries.get(keyOf(command))?.answer] as const),
    );
    return (command) => answers.get(keyOf(command));
  }
}

/** Whether one of the changes is this, or may be: a pattern stands for all files that match it. */
function isAmong(changes: readonly string[], thing: string): boolean {
  return (
    changes.includes(thing) || (/[*?[]/.test(thing) && changes.some((change) => matchesPath(thing, change) !== false))
  );
}

/** Each command once. */
export function distinct(commands: readonly Command[]): readonly Command[] {
  return [...new Map(commands.map((command) => [keyOf(command), command])).values()];
}

/** The commands, without those that are excluded. */
export function without(excluded: readonly Command[], commands: readonly Command[]): readonly Command[] {
  const keys = new Set(excluded.map(keyOf));
  return commands.filter((command) => !keys.has(keyOf(command)));
}

/** Two commands with the same key have the same answer. */
export function keyOf(command: Command): string {
  const key =
    keys.get(command) ??
    JSON.stringify("run" in command ? [command.run, command.stdin] : [command.sh, command.args ?? [], command.stdin]);
  keys.set(command, key);
  return key;
}

/** Most commands are constants with long texts, and asked for by every resource of every host. */
const keys = new WeakMap<Command, string>();
