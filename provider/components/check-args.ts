import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN } from "../model/input/unknowns";
import type * as schemas from "../schemas";

/**
 * Refuses arguments that no child could use, all of them at once and before anything is registered. Type stripping and YAML skip type
 * checks. What is in an output is checked by the child, when it is known.
 */
export function checkArgs(component: schemas.ComponentName, called: string, args: object): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a program without a component does not wait for the schemas.
  const { argumentProblems } = require("#schemas") as typeof schemas;
  const problems = argumentProblems(component, withoutOutputs(args));
  if (problems.length > 0) throw new pulumi.RunError(problems.map((problem) => `${called}: ${problem}`).join("\n"));
}

function withoutOutputs(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return UNKNOWN;
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutOutputs(inner)]));
}
