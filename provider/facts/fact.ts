import type { Advice, Command } from "../step";

/** A constant command that changes nothing, and how to read its output. */
export interface Fact<T> {
  readonly command: Command;
  /** Pure. Throws on what it cannot read, quoting the line: never guesses. One function for all facts of a sort, so that they share its result. */
  readonly parse: (output: string) => T;
  /** What to do when the command fails, by its output. */
  readonly advice?: readonly Advice[];
}

/** A fact for each name of `Seen`. */
export type Facts<Seen> = { readonly [Name in keyof Seen]: Fact<Seen[Name]> };

/** The values of facts, from one observation. */
export interface FactValues {
  /** Throws where the command failed or its output cannot be read. */
  readonly get: <T>(fact: Fact<T>) => T;
}

export function listFacts<Seen>(facts: Facts<Seen>): readonly Fact<unknown>[] {
  return Object.values(facts);
}

export function readFacts<Seen>(facts: Facts<Seen>, values: FactValues): Seen {
  const entries = Object.entries<Fact<unknown>>(facts).map(([name, fact]) => [name, values.get(fact)]);
  return Object.fromEntries(entries) as Seen;
}
