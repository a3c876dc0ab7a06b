import { UserError } from "../errors";
import type { Problem } from "../kinds/kind";
import type { RuntimeKind } from "../kinds/runtime-kind";
import { connection, DEFAULTS } from "../model/connection";
import { sortOf } from "../model/input/given";
import { type InputProblem, isOfOtherSort, problemsIn, problemsOf, valueAt, withGiven } from "../model/input/problems";
import { hasUnknown } from "../model/input/unknowns";
import { ownValue } from "../model/own-value";
import { type Host, type Inventory, parseConnection } from "./inventory";
import { named, type Properties, recordOf, resourceIn, writeInputs } from "./state";

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
  const problems = problemsOf(kind.schema, read.error.issues, WORDING)
    .filter(({ path, issue }) => issue.code === "unrecognized_keys" || !hasUnknown(valueAt(written, path)))
    .filter(({ path }) => !hasOldName(kind, written, path))
    .map((problem) => renamedProblem(kind, problem) ?? problemOf(inMap(problem, written), kind.confidential));
  return { value: written, problems, isKnown };
}

const WORDING = { unknown: "is not an argument of this resource" };

/** An argument by the name of an earlier version: unknown to the schema, which may miss its new name as well. */
function renamedProblem({ renamed }: RuntimeKind, { path, issue }: InputProblem): Problem | undefined {
  if (issue.code !== "unrecognized_keys" || path.length > 1) return undefined;
  const [property = ""] = issue.keys;
  const name = ownValue(renamed, property);
  return name === undefined ? undefined : { property, reason: `is now called "${name}"` };
}

function hasOldName({ renamed }: RuntimeKind, written: object, [property]: readonly PropertyKey[]): boolean {
  return Object.entries(renamed).some(
    ([old, name]) => name === property && Object.hasOwn(written, old) && !Object.hasOwn(written, name),
  );
}

/** Of a value in a map, which the engine does not show, the reason says what sort it is. */
function inMap(problem: InputProblem, written: object): InputProblem {
  const { path, reason, issue } = problem;
  const wantsGiven = path.length > 1 && isOfOtherSort(issue) && !reason.includes(", not ");
  return wantsGiven ? withGiven(problem, written, sortOf) : problem;
}

/** The engine shows the value of a property beside the reason, so what may be a secret stands in the reason. */
function problemOf({ path, reason }: InputProblem, confidential: readonly string[]): Problem {
  const property = String(path[0]);
  return confidential.includes(property) ? withoutProperty({ property, reason }) : problemAt(path, reason);
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
    if (read.success) return resolved(inventory, read.data);
    const problems = problemsIn(connection, host, WORDING);
    // Never as the property `host`: the engine would show its value, which may hold a key.
    return {
      value: host,
      problems: problems.map(({ path, reason }) => withoutProperty(problemAt(["host", ...path], reason))),
    };
  }
  return resolved(inventory, host);
}

function resolved(inventory: Inventory, host: Host): { value: Host; problems: Problem[] } {
  try {
    inventory.resolve(host);
    const doubt = inventory.doubt(host);
    return { value: host, problems: doubt === undefined ? [] : [{ property: "host", reason: doubt }] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const problem = { property: "host", reason: error.message };
    return { value: host, problems: [typeof host === "string" ? problem : withoutProperty(problem)] };
  }
}

function withoutProperty({ property, reason }: Problem): Problem {
  return { property: "", reason: property === "" ? reason : `${property}: ${reason}` };
}

function lockoutProblems(kind: RuntimeKind, inventory: Inventory, host: Host, desired: object): Problem[] {
  if (kind.lockoutProblem === undefined || hasUnknown(host)) return [];
  const { host: address, port = DEFAULTS.port } = inventory.resolve(host);
  const problem = kind.lockoutProblem(desired, { address, port });
  return problem === undefined ? [] : [problem];
}
