import type { z } from "zod";
import { nearest } from "../nearest";
import { isMap } from "../own-value";
import { namesAt } from "./names-at";

/** What is wrong with one value of an input. */
export interface InputProblem {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
  readonly issue: z.core.$ZodIssue;
}

/** How a list of problems is written. */
interface Wording {
  /** What a name is that nobody knows: `is not an argument of this resource`. */
  readonly unknown: string;
}

/** What a schema has said about an input, one problem for each name and value. */
export function problemsOf(
  schema: z.core.$ZodType,
  issues: readonly z.core.$ZodIssue[],
  { unknown }: Wording,
): readonly InputProblem[] {
  return issues.flatMap(inUnion).flatMap((issue): InputProblem[] => {
    if (issue.code !== "unrecognized_keys") return [{ path: issue.path, reason: issue.message, issue }];
    const known = namesAt(schema, issue.path);
    return issue.keys.map((key) => {
      const reason = `${unknown}${meant(key, known)}`;
      return { path: [...issue.path, key], reason, issue: { ...issue, keys: [key] } };
    });
  });
}

/** Of all that a schema says, with what was given: by its sort alone, because it may be a secret. */
export function problemsIn(schema: z.ZodType, input: unknown, wording: Wording): readonly InputProblem[] {
  const read = schema.safeParse(input);
  if (read.success) return [];
  return problemsOf(schema, read.error.issues, wording).map((problem) => {
    return problem.issue.code === "invalid_type"
      ? { ...problem, reason: withGiven(problem.reason, valueAt(input, problem.path)) }
      : problem;
  });
}

/** `web1.port: must be ...` */
export function inLine({ path, reason }: InputProblem): string {
  return path.length === 0 ? reason : `${path.map(String).join(".")}: ${reason}`;
}

export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, name) => {
    return typeof value === "object" && value !== null && Object.hasOwn(value, name)
      ? Reflect.get(value, name)
      : undefined;
  }, input);
}

/** Of several forms that a value may have, the problems of the one that it has. The union's own words if it has none of them. */
function inUnion(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const [closest] = issue.errors.filter((issues) => !issues.some(isOtherForm));
  if (closest === undefined) return [issue];
  return closest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(inUnion);
}

function isOtherForm({ code, path, ...rest }: z.core.$ZodIssue): boolean {
  if (path.length > 0) return false;
  return code === "invalid_value" || (code === "invalid_type" && !("expected" in rest && rest.expected === "int"));
}

function meant(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return near === undefined ? "" : `: did you mean "${near}"?`;
}

function withGiven(reason: string, given: unknown): string {
  if (given === undefined) return reason.startsWith("must be") ? `is missing: it ${reason}` : reason;
  return `${reason}, not ${sortOf(given)}`;
}

function sortOf(value: unknown): string {
  if (value === null) return "null, as YAML reads an empty value";
  if (Array.isArray(value)) return "a list";
  if (isMap(value)) return "a map";
  if (typeof value === "number") return "a number";
  return typeof value === "string" ? "text" : String(value);
}
