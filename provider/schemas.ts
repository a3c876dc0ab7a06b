/**
 * What the arguments of components have to be, and the hosts of the configuration. Loaded when the first component is made, or a program asks
 * for a host: one that does neither does not wait for it.
 */
import type { z } from "zod";
import { Inventory } from "./engine/inventory";
import { readHostsFile } from "./host/ssh/hosts-file";
import { shown, sortOf } from "./model/input/given";
import { type InputProblem, isOfOtherSort, problemsOf, valueAt, withGiven } from "./model/input/problems";
import { hasUnknown } from "./model/input/unknowns";
import { cluster } from "./schemas/cluster";
import { failoverPair } from "./schemas/failover-pair";
import { NOT_PLAIN } from "./schemas/parts";
import { sharedDocumentRoot } from "./schemas/shared-document-root";

/** The hosts that a program asks for, as resources know them. */
export const inventory = new Inventory(readHostsFile);

/** The arguments of each component, by its class. */
export const COMPONENTS = {
  DrCluster: cluster,
  NatCluster: cluster,
  TunCluster: cluster,
  FailoverPair: failoverPair,
  SharedDocumentRoot: sharedDocumentRoot,
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type ComponentName = keyof typeof COMPONENTS;

/** What is wrong with the arguments of a component, a line for each. What depends on a value that is not known yet is not judged. */
export function argumentProblems(component: ComponentName, args: unknown): readonly string[] {
  const schema = COMPONENTS[component];
  const read = schema.safeParse(args);
  if (read.success) return [];
  return problemsOf(schema, read.error.issues, { unknown: "is not an argument", listed: true })
    .filter(({ path, issue }) => isAlways(issue) || !hasUnknown(valueAt(args, path)))
    .map((problem) => inLine(wantsGiven(problem, args) ? withGiven(problem, args, shownAt(problem.path)) : problem));
}

function isAlways(issue: z.core.$ZodIssue): boolean {
  return issue.code === "unrecognized_keys" || (issue.code === "custom" && issue.params?.[NOT_PLAIN] === true);
}

/** Reasons of our own begin with the value, or end with it. */
function wantsGiven({ path, reason, issue }: InputProblem, args: unknown): boolean {
  if (issue.code === "custom" || issue.code === "unrecognized_keys" || reason.includes(", not ")) return false;
  return isOfOtherSort(issue) || typeof valueAt(args, path) !== "object";
}

/** Below `host` there may be secrets. */
function shownAt(path: readonly PropertyKey[]): (value: unknown) => string {
  return path.includes("host") ? sortOf : shown;
}

function inLine({ path, reason }: InputProblem): string {
  return path.length === 0 ? `the arguments: ${reason}` : `${path.map(String).join(".")}: ${reason}`;
}
