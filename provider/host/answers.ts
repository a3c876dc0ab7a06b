import { type Command, describeCommand, type Result } from "../step";
import type { Observation } from "./job";

/** What is remembered of a host, for a short while. */
export interface Answers {
  /** Those of the commands whose answers are not known, or too old. */
  readonly missing: (commands: readonly Command[]) => readonly Command[];
  readonly learn: (commands: readonly Command[], results: readonly (Result | undefined)[], at: number) => void;
  readonly forget: () => void;
  /** A lasting copy, for one job: it answers what that job asked for. */
  readonly observation: (commands: readonly Command[]) => Observation;
}

/** Milliseconds. Long enough for a batch that comes right after, too short for an operator to have changed his mind. */
export const ANSWER_AGE = 10_000;

export function answers(now: () => number = Date.now): Answers {
  const known = new Map<string, { readonly result: Result; readonly at: number }>();
  return {
    missing: (commands) =>
      distinct(commands).filter((command) => now() - (known.get(keyOf(command))?.at ?? -Infinity) > ANSWER_AGE),
    learn: (commands, results, at) => {
      for (const [index, command] of commands.entries()) {
        const result = results[index];
        if (result !== undefined) known.set(keyOf(command), { result, at });
      }
    },
    forget: () => known.clear(),
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

/** Two commands with the same key are the same question. */
export function keyOf(command: Command): string {
  return JSON.stringify(
    "run" in command ? [command.run, command.stdin] : [command.sh, command.args ?? [], command.stdin],
  );
}
