import { ownValue } from "../model/own-value";
import { fail } from "./fail";

/** The names of arguments, all of them: what is missing here, or too much, does not compile. */
export type Known<A> = Readonly<Record<keyof A & string, "required" | "optional">>;

/** What 0.1.0 called an argument, and its new name, with an example where its form is new, too. */
export type Renamed = Readonly<Record<string, string>>;

/**
 * Refuses unknown and missing arguments. Type stripping and YAML skip type checks, so a misspelt name would be ignored without a
 * message.
 */
export function checkNames<A extends object>(
  cluster: string,
  where: string,
  args: A,
  known: Known<A>,
  renamed: Renamed = {},
): void {
  refuseOldNames(cluster, where, args, renamed);
  const names = Object.keys(known);
  const unknown = Object.keys(args).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length > 0) {
    const verb = unknown.length === 1 ? "is not an argument" : "are not arguments";
    fail(cluster, `${unknown.map((name) => `"${name}"`).join(", ")} ${verb}${where}; there are ${names.join(", ")}`);
  }
  const given = new Map<string, unknown>(Object.entries(args));
  const missing = Object.entries(known).find(([name, need]) => need === "required" && given.get(name) === undefined);
  if (missing !== undefined) fail(cluster, `needs ${missing[0]}${where}`);
}

export function refuseOldNames(cluster: string, where: string, args: object, renamed: Renamed): void {
  const old = Object.keys(args).filter((name) => Object.hasOwn(renamed, name));
  if (old.length > 0)
    fail(cluster, old.map((name) => `"${name}"${where} is now called ${ownValue(renamed, name) ?? ""}`).join("; "));
}
