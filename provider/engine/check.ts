import type { z } from "zod";
import { UserError } from "../errors";
import type { AnyKind, Problem } from "../kinds/kind";
import { type Host, type Inventory, parseConnection } from "./inventory";
import { type Properties, recordOf, writeInputs } from "./state";
import { hasUnknown } from "./unknowns";

/** What Pulumi's `check` answers. */
export interface Checked {
  readonly inputs: Properties;
  readonly failures: Problem[];
}

/** Reads the user's inputs: canonical values and a readable rule, or what is wrong with which property. Touches no host. */
export function check(kind: AnyKind, inventory: Inventory, news: Properties): Checked {
  const host = checkHost(inventory, news.host);
  const record = checkRecord(kind, recordOf(news));
  const failures = [...host.problems, ...record.problems];
  if (failures.length > 0) return { inputs: news, failures };
  if (!record.whole) return { inputs: { ...record.value, host: host.value as Host }, failures };
  return {
    inputs: writeInputs(kind, host.value, record.value),
    failures: guard(kind, inventory, host.value, record.value),
  };
}

interface Read {
  readonly value: object;
  readonly problems: readonly Problem[];
  /** Nothing in it is unknown. */
  readonly whole: boolean;
}

function checkRecord(kind: AnyKind, said: Record<string, unknown>): Read {
  const read = kind.schema.safeParse(said);
  if (read.success) return { value: read.data as object, problems: [], whole: !hasUnknown(said) };
  const problems = read.error.issues
    .filter((issue) => !restsOnUnknown(said, issue.path) && !isGivenByOldName(kind, said, issue.path))
    .map((issue) => oldName(kind, issue) ?? problem(issue));
  return { value: said, problems, whole: !hasUnknown(said) };
}

/** Whether an issue is only about a value that is not known yet. */
function restsOnUnknown(said: unknown, path: readonly PropertyKey[]): boolean {
  let at = said;
  for (const name of path) {
    if (typeof at !== "object" || at === null) break;
    at = (at as Record<PropertyKey, unknown>)[name];
  }
  return hasUnknown(at);
}

/** An argument by a name of an earlier version: unknown to the schema, and what it is called now may be missing. */
function oldName({ renamed = {} }: AnyKind, issue: z.core.$ZodIssue): Problem | undefined {
  if (issue.code !== "unrecognized_keys" || issue.path.length > 0) return undefined;
  const property = issue.keys.find((name) => Object.hasOwn(renamed, name));
  return property === undefined ? undefined : { property, reason: `is now called "${renamed[property]}"` };
}

function isGivenByOldName({ renamed = {} }: AnyKind, said: object, [first]: readonly PropertyKey[]): boolean {
  return Object.entries(renamed).some(([old, name]) => name === first && old in said && !(name in said));
}

function problem(issue: z.core.$ZodIssue): Problem {
  if (issue.code !== "unrecognized_keys") return refusal(issue.path, issue.message);
  return refusal([...issue.path, ...issue.keys.slice(0, 1)], "is not an argument of this resource");
}

/** The engine shows the value beside the reason, for whole properties. Inside one it finds nothing to show. */
function refusal(path: readonly PropertyKey[], reason: string): Problem {
  if (path.length === 1) return { property: String(path[0]), reason };
  return { property: "", reason: `${path.map(String).join(".")}: ${reason}` };
}

function checkHost(inventory: Inventory, said: unknown): { value: unknown; problems: Problem[] } {
  if (hasUnknown(said)) return { value: said, problems: [] };
  if (typeof said !== "string") {
    const read = parseConnection(said);
    if (read.success) return { value: read.data, problems: [] };
    // Never as a whole property: its value, which would be shown, may hold a key.
    const problems = read.error.issues.map((issue) => problem({ ...issue, path: ["host", ...issue.path] }));
    return { value: said, problems: problems.map(({ property, reason }) => hidden(property, reason)) };
  }
  try {
    inventory.resolve(said);
    return { value: said, problems: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { value: said, problems: [{ property: "host", reason: error.message }] };
  }
}

function hidden(property: string, reason: string): Problem {
  return { property: "", reason: property === "" ? reason : `${property}: ${reason}` };
}

function guard(kind: AnyKind, inventory: Inventory, host: unknown, want: object): Problem[] {
  if (kind.lockoutProblem === undefined || hasUnknown(host)) return [];
  const { host: address, port } = inventory.resolve(host as Host);
  const found = kind.lockoutProblem(want, { address, port });
  return found === undefined ? [] : [found];
}
