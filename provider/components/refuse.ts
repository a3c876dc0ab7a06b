import * as pulumi from "@pulumi/pulumi";

/** Ends the program with what is wrong, and without a stack that would say nothing to whom wrote the arguments. */
export function refuse(cluster: string, problem: string): never {
  throw new pulumi.RunError(`${cluster}: ${problem}`);
}
