import type { z } from "zod";
import { UserError } from "../errors";
import type { Problem } from "../kinds/kind";
import type { RuntimeKind } from "../kinds/runtime-kind";
import { ownValue } from "../model/own-value";
import { type Host, type Inventory, parseConnection } from "./inventory";
import { named, type Properties, recordOf, resourceIn, writeInputs } from "./state";
import { hasUnknown } from "./unknowns";

/** What Pulumi's `check` answers. */
export interface Checked {
  readonly inputs: Properties;
  readonly failures: Problem[];
}

/** Checks the user's inputs, and fills in canonical values, `key` and `commands`. Contacts no host. */
export function check(kind: RuntimeKind, inventory: Inventory, news: Properties): Checked {
  const host = checkHost(inventory, news.host);
  const record = checkRecord(kind, recordOf(news));
  const failures = [...host.problems, ...record.problems];
  if (failures.length > 0) return { inputs: news, failures };
  const name = named(resourceIn(news));
  if (!record.isKnown) return { inputs: { ...record.value, ...name, host: host.value }, failures };
  return {
    inputs: { ...writeInputs(kind, host.value, recordOf(news), { ...record.value }), ...name },
    failures: lockoutProblems(kind, inventory, host.value, record.value),
  };
}

interface CheckedRecord {
  readonly value: object;
  readonly problems: readonly Problem[];
  /** No value in it is unknown. */
  readonly isKnown: boolean;
}

function checkRecord(kind: RuntimeKind, written: object): CheckedRecord {
  const read = kind.parse(written);
  const isKnown = !hasUnknown(written);
  if (read.success) return { value: read.data, problems: [], isKnown };
  const problems = read.error.issues
    .filter(({ path }) => !dependsOnUnknown(written, path) && !hasOldName(kind, written, path))
    .flatMap(eachKey)
    .map((issue) => renamedProblem(kind, issue) ?? problemOf(issue, kind.confidential));
  return { value: written, problems, isKnown };
}

/** Whether the value at a path is not known yet. */
function dependsOnUnknown(written: object, path: readonly PropertyKey[]): boolean {
  let value: unknown = written;
  for (const name of path) {
    if (typeof value !== "object" || value === null) break;
    value = Reflect.get(value, name);
  }
  return hasUnknown(value);
}

/** The schema reports unknown arguments together. Each is a problem of its own. */
function eachKey(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue];
}

/** An argument by the name of an earlier version: unknown to the schema, which may miss its new name as well. */
function renamedProblem({ renamed }: RuntimeKind, issue: z.core.$ZodIssue): Problem | undefined {
  if (issue.code !== "unrecognized_keys" || issue.path.length > 0) return undefined;
  const [property = ""] = issue.keys;
  const name = ownValue(renamed, property);
  return name === undefined ? undefined : { property, reason: `is now called "${name}"` };
}

function hasOldName({ renamed }: RuntimeKind, written: object, [property]: readonly PropertyKey[]): boolean {
  return Object.entries(renamed).some(
    ([old, name]) => name === property && Object.hasOwn(written, old) && !Object.hasOwn(written, name),
  );
}

/** The engine shows the value of a property beside the reason, so what may be a secret stands in the reason. */
function problemOf(issue: z.core.$ZodIssue, confidential: readonly string[] = []): Problem {
  if (confidential.includes(String(issue.path[0])))
    return withoutProperty({ property: String(issue.path[0]), reason: issue.message });
  if (issue.code !== "unrecognized_keys") return problemAt(issue.path, issue.message);
  return problemAt([...issue.path, ...issue.keys], "is not an argument of this resource");
}

/** The engine shows the value of a property beside the reason. It finds no value at a longer path. */
function problemAt(path: readonly PropertyKey[], reason: string): Problem {
  if (path.length === 1) return { property: String(path[0]), reason };
  return { property: "", reason: `${path.map(String).join(".")}: ${reason}` };
}

function checkHost(inventory: Inventory, host: Host): { value: Host; problems: Problem[] } {
  if (hasUnknown(host)) return { value: host, problems: [] };
  if (typeof host !== "string") {
    const read = parseConnection(host);
    if (read.success) return { value: read.data, problems: [] };
    // Never as the property `host`: the engine would show its value, which may hold a key.
    const problems = read.error.issues
      .flatMap(eachKey)
      .map((issue) => problemOf({ ...issue, path: ["host", ...issue.path] }));
    return { value: host, problems: problems.map(withoutProperty) };
  }
  try {
    inventory.resolve(host);
    return { value: host, problems: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { value: host, problems: [{ property: "host", reason: error.message }] };
  }
}

function withoutProperty({ property, reason }: Problem): Problem {
  return { property: "", reason: property === "" ? reason : `${property}: ${reason}` };
}

function lockoutProblems(kind: RuntimeKind, inventory: Inventory, host: Host, desired: object): Problem[] {
  if (kind.lockoutProblem === undefined || hasUnknown(host)) return [];
  const { host: address, port } = inventory.resolve(host);
  const problem = kind.lockoutProblem(desired, { address, port });
  return problem === undefined ? [] : [problem];
}
