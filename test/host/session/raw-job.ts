import type { Job, Observation } from "../../../provider/host/session/job";
import type { Command, Step } from "../../../provider/step";

/** A plan that keeps the observation that it was made from. */
export interface RawPlan {
  readonly seen: Observation;
  readonly steps: () => readonly Step[];
}

/** A job that works on raw answers. */
export function rawJob(
  subject: string,
  commands: readonly Command[],
  steps: (seen: Observation) => readonly Step[] = () => [],
): Job<RawPlan> {
  return {
    subject,
    facts: commands.map((command) => ({ command, parse: (output: string) => output })),
    plan: (seen) => ({ seen, steps: () => steps(seen) }),
  };
}
