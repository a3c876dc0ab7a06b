import { type Command, describeCommand, type Result } from "../../step";
import type { Observation } from "./job";

/** What is remembered of a host, for a short while. */
export interface Answers {
  /** Those of the commands whose answers are not known, or older than this. */
  readonly missing: (commands: readonly Command[], age?: number) => readonly Command[];
  readonly learn: (commands: readonly Command[], results: readonly (Result | undefined)[], at: number) => void;
  /** All of it, or what these changes may have changed. */
  readonly forget: (changes?: readonly string[]) => void;
  /** A lasting copy, for one job: it answers what that job asked for. */
  readonly observation: (commands: readonly Command[]) => Observation;
}

/** Milliseconds. Long enough for a batch that comes right after, too short for an operator to have changed his mind. */
export const ANSWER_AGE = 10_000;

export function answers(now: () => number = Date.now): Answers {
  const known = new Map<string, { readonly command: Command; readonly result: Result; readonly at: number }>();
  return {
    missing: (commands, age = ANSWER_AGE) =>
      distinct(commands).filter((command) => now() - (known.get(keyOf(command))?.at ?? -Infinity) > age),
    learn: (commands, results, at) => {
      for (const [index, command] of commands.entries()) {
        const result = results[index];
        if (result !== undefined) known.set(keyOf(command), { command, result, at });
      }
    },
    forget: (changes) => {
      for (const [key, { command }] of known) {
        const stays = changes && command.changedOnlyBy?.every((thing) => !changes.includes(thing));
        if (stays !== true) known.delete(key);
      }
    },
    observation: (commands) => {
      const seen = new Map(commands.map((command) => [keyOf(command), known.get(keyOf(command))?.result]));
      return {
        answer: (command) => {
          const result = seen.get(keyOf(command));
          if (result === undefined) throw new Error(`nobody asked the host: ${describeCommand(command)}`);
          return result;
        },
      };
    },
  };
}

/** Each command once. */
export function distinct(commands: readonly Command[]): readonly Command[] {
  return [...new Map(commands.map((command) => [keyOf(command), command])).values()];
}

/** Those of the commands that are not among these. */
export function without(these: readonly Command[], commands: readonly Command[]): readonly Command[] {
  const keys = new Set(these.map(keyOf));
  return commands.filter((command) => !keys.has(keyOf(command)));
}

/** Two commands with the same key are the same question. */
export function keyOf(command: Command): string {
  return JSON.stringify(
    "run" in command ? [command.run, command.stdin] : [command.sh, command.args ?? [], command.stdin],
  );
}
