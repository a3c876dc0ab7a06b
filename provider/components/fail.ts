import * as pulumi from "@pulumi/pulumi";

/** Aborts the program with a message and no stack trace. */
export function fail(component: string, problem: string): never {
  throw new pulumi.RunError(`${component}: ${problem}`);
}
