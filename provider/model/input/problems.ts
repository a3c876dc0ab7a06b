import { z } from "zod";
import { nearest } from "../nearest";
import { ownValue } from "../own-value";
import { formsAt, namesOf } from "./forms";
import { sortOf } from "./given";

/** What is wrong with one value of an input. */
export interface InputProblem {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
  readonly issue: z.core.$ZodIssue;
}

/** How problems are written. */
interface Wording {
  /** What a name is that nobody knows: `is not an argument of this resource`. */
  readonly unknown: string;
  /** Say which names there are, where none is like the unknown one. */
  readonly listed?: true;
}

/** What names of a map were called in an earlier version: the new name, and an example where its form is new, too. */
export const renamedNames = z.registry<Readonly<Record<string, string>>>();

/** What a schema has said about an input, one problem for each name and value. */
export function problemsOf(
  schema: z.core.$ZodType,
  issues: readonly z.core.$ZodIssue[],
  wording: Wording,
): readonly InputProblem[] {
  const problems = issues.flatMap(inUnion).flatMap((issue): readonly InputProblem[] => {
    if (issue.code !== "unrecognized_keys") return [{ path: issue.path, reason: issue.message, issue }];
    const forms = formsAt(schema, issue.path);
    return issue.keys.map((key) => {
      const reason = renamed(key, forms) ?? unknownName(key, forms.flatMap(namesOf), wording);
      return { path: [...issue.path, key], reason, issue: { ...issue, keys: [key] } };
    });
  });
  // Who writes the old name does not hear that the new one is missing.
  const named = problems.flatMap(({ path, reason }) => {
    const [, name] = /^is now called "(\w+)"/.exec(reason) ?? [];
    return name === undefined ? [] : [[...path.slice(0, -1), name].join("\0")];
  });
  return problems.filter(({ path }) => !named.includes(path.map(String).join("\0")));
}

/** Of all that a schema says, with what was given: by its sort alone, because it may be a secret. */
export function problemsIn(schema: z.ZodType, input: unknown, wording: Wording): readonly InputProblem[] {
  const read = schema.safeParse(input);
  if (read.success) return [];
  return problemsOf(schema, read.error.issues, wording).map((problem) => {
    return isOfOtherSort(problem.issue) ? withGiven(problem, input, sortOf) : problem;
  });
}

/** Whether a value is not of the sort that it should be: a text for a number, nothing at all. */
export function isOfOtherSort({ code }: z.core.$ZodIssue): boolean {
  return code === "invalid_type" || code === "invalid_union";
}

/** `is missing: it must be a list`, `must be a list, not a map`. */
export function withGiven(problem: InputProblem, input: unknown, show: (value: unknown) => string): InputProblem {
  const { path, reason } = problem;
  const given = valueAt(input, path);
  if (given !== undefined) return { ...problem, reason: `${reason}, not ${show(given)}` };
  return reason.startsWith("must be") ? { ...problem, reason: `is missing: it ${reason}` } : problem;
}

export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, name) => {
    return typeof value === "object" && value !== null && Object.hasOwn(value, name)
      ? Reflect.get(value, name)
      : undefined;
  }, input);
}

function renamed(key: string, forms: readonly z.core.$ZodTypes[]): string | undefined {
  const [name] = forms.flatMap((form) => ownValue(renamedNames.get(form), key) ?? []);
  return name === undefined ? undefined : `is now called ${name}`;
}

function unknownName(key: string, known: readonly string[], { unknown, listed }: Wording): string {
  const near = nearest(key, known);
  if (near !== undefined) return `${unknown}: did you mean "${near}"?`;
  return listed ? `${unknown}; there are ${known.join(", ")}` : unknown;
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
