import { refuse } from "./refuse";

/** The names of arguments, all of them: what is missing here, or too much, does not compile. */
export type Known<A> = Readonly<Record<keyof A & string, "required" | "optional">>;

/**
 * Refuses arguments that nobody reads, and names those that are missing. Node runs a TypeScript program without a look at its types,
 * and configuration has none: a mistyped name would be left out without a word.
 */
export function checkNames<A extends object>(cluster: string, where: string, said: A, known: Known<A>): void {
  const names = Object.keys(known);
  const unknown = Object.keys(said).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) {
    refuse(cluster, `"${unknown}" is not an argument${where}; there are ${names.join(", ")}`);
  }
  const given = (name: string) => (said as Record<string, unknown>)[name] !== undefined;
  const missing = names.find((name) => known[name as keyof A & string] === "required" && !given(name));
  if (missing !== undefined) refuse(cluster, `needs ${missing}${where}`);
}
