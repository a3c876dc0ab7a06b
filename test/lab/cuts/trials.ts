import { Random } from "../../support/random.ts";
import { describeInterruption, type Interruption, interruptionOf, type Usual } from "./interruption.ts";
import type { StackChoice, StackName } from "./stacks.ts";

/** Which arguments the resources have. */
export type Variant = "args" | "after";

/** What one asks of Pulumi. A refresh comes before it, by the same run. */
export interface Order {
  readonly refresh: boolean;
  /** Undefined: a destroy. */
  readonly up: Variant | undefined;
}

/** What is interrupted: the state that it starts from, and what it would lead to. */
export const OPERATIONS = {
  create: { from: undefined, to: "args" },
  update: { from: "args", to: "after" },
  "update back": { from: "after", to: "args" },
  destroy: { from: "args", to: undefined },
  "destroy of the updated": { from: "after", to: undefined },
} as const satisfies Readonly<Record<string, { readonly from: Variant | undefined; readonly to: Variant | undefined }>>;
export type Operation = keyof typeof OPERATIONS;

/** One or two interruptions, by a seed alone. */
export interface Trial {
  readonly seed: number;
  readonly stack: StackName;
  readonly operation: Operation;
  readonly continuation: Order;
  readonly first: (usual: Usual) => Interruption;
  /** Of the continuation, which is then ordered once more. */
  readonly second: ((usual: Usual) => Interruption) | undefined;
}

export function trialOf(seed: number, stacks: StackChoice): Trial {
  const random = new Random(seed);
  // The first numbers of neighbouring seeds are alike.
  random.share();
  const stack = random.of(stacks);
  const operation = random.of(OFTEN);
  const continuation = continuationOf(operation, random);
  const first = interruptionOf(random);
  const second = random.below(5) < 2 ? interruptionOf(random) : undefined;
  return { seed, stack, operation, continuation, first, second };
}

const OFTEN = [
  "create",
  "create",
  "create",
  "update",
  "update",
  "update back",
  "destroy",
  "destroy",
  "destroy of the updated",
] as const;

/** A destroy, or an up: to what was wanted, or to what was before. */
function continuationOf(operation: Operation, random: Random): Order {
  const { from, to } = OPERATIONS[operation];
  const up = random.of([undefined, undefined, to ?? from, from ?? to]);
  // A state that a destroy has not changed says that all is there: only a refresh tells an up that some of it is gone.
  const isBack = to === undefined && up !== undefined;
  return { refresh: random.of([true, false]) || isBack, up };
}

export function describeTrial({ seed, stack, operation }: Trial): string {
  return `seed ${seed}: ${stack}, ${operation}`;
}

export function describeOrder({ refresh, up }: Order): string {
  return `${refresh ? "refresh and " : ""}${up === undefined ? "destroy" : `up to ${up}`}`;
}

/** With what it was interrupted by, in one line. */
export function describeAll(trial: Trial, made: readonly Interruption[]): string {
  const [first, second] = made.map(describeInterruption);
  const again = second === undefined ? "" : `, ${second}, and once more`;
  return `${describeTrial(trial)}, ${first ?? ""}, then ${describeOrder(trial.continuation)}${again}`;
}

/** As many as have so many interruptions together. */
export function trialsFrom(seed: number, count: number, stacks: StackChoice): readonly Trial[] {
  const trials: Trial[] = [];
  for (let planned = 0; planned < count; ) {
    const trial = trialOf(seed + trials.length, stacks);
    planned += trial.second === undefined ? 1 : 2;
    trials.push(trial);
  }
  return trials;
}
