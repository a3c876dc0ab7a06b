import { readAssignments } from "../files/assignments";
import { numbered } from "../files/lines";

/** What a reader of a file takes a variable for: its value (undefined: it is not set), or why that cannot be told. */
export type Reading = { readonly value: string | undefined } | { readonly line: number; readonly problem: string };

/** The last value of a variable in a file of assignments, by the rules of one of its readers. */
export type Reader = (text: string, name: string) => Reading;

/**
 * A file of assignments, as a shell reads it with `.`: comments, `NAME=value` with quotes, `export`. Anything else runs a program or
 * depends on one, and cannot be told.
 */
export const shellEnvironment: Reader = (text, name) => {
  const lines = numbered(text.split("\n"));
  const { values, problem } = readAssignments(lines);
  if (problem !== undefined) return { line: problem.line, problem: "is more than assignments of values" };
  // Without a line end behind it a backslash is one of the value.
  if (/[\0]|\\$(?![^])/.test(text)) return { line: lines.length, problem: "is more than assignments of values" };
  const found = values.get(name);
  if (found !== undefined && found.value === undefined)
    return { line: found.line, problem: "has a value that the shell works out" };
  return { value: found?.value };
};
