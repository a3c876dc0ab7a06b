import { readAssignments } from "../files/assignments";
import { numbered } from "../files/lines";
import type { Reader } from "./reading";

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
