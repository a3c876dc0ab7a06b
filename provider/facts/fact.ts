import type { Advice, Command } from "../step";

/** A question to a host, and how to read its answer. */
export interface Fact<T> {
  /** Changes nothing on the host. */
  readonly command: Command;
  /** Pure. Throws on what it cannot read, quoting the line: never guesses. */
  readonly parse: (output: string) => T;
  /** What to do when the command fails, by what the host said. */
  readonly advice?: readonly Advice[];
}

/** A set of questions: one fact for each name of `Seen`. */
export type Facts<Seen> = { readonly [Name in keyof Seen]: Fact<Seen[Name]> };
