import type { HostsInUse } from "../../support/use-lab.ts";
import { Stack, type StackOptions } from "./stack.ts";

/** A stack on the hosts of a test file, which is removed with them. */
export async function stackOn(lab: HostsInUse, options: StackOptions): Promise<Stack> {
  const stack = await Stack.create(lab, options);
  lab.atEnd(() => stack.remove());
  return stack;
}
