import { Random } from "../../support/random.ts";
import type { Cut, Passed } from "./relay.ts";
import type { StackChoice, StackName } from "./stacks.ts";

/** Which arguments the resources have. */
export type Variant = "args" | "after";

/** What one asks of Pulumi. A refresh comes before it, by the same run. */
export interface Order {
  readonly refresh: boolean;
  /** Undefined: a destroy. */
  readonly up: Variant | undefined;
}

/** What is cut: the state that it starts from, and what it would lead to. */
export const OPERATIONS = {
  create: { from: undefined, to: "args" },
  update: { from: "args", to: "after" },
  destroy: { from: "args", to: undefined },
} as const satisfies Readonly<Record<string, { readonly from: Variant | undefined; readonly to: Variant | undefined }>>;
export type Operation = keyof typeof OPERATIONS;

/** One cut, by its seed alone. */
export interface Trial {
  readonly seed: number;
  readonly stack: StackName;
  readonly operation: Operation;
  readonly continuation: Order;
  /** The host ends what runs for the session, as systemd may. */
  readonly isKilled: boolean;
  /** Where it is cut, by what an uninterrupted run passes, and how. */
  readonly cut: (passed: Passed, milliseconds: number) => Cut;
}

export function trialOf(seed: number, stacks: StackChoice): Trial {
  const random = new Random(seed);
  // The first numbers of neighbouring seeds are alike.
  random.share();
  const stack = random.of(stacks);
  const operation = random.of(["create", "update", "destroy", "create", "destroy"]);
  const { to } = OPERATIONS[operation];
  const up = random.of([true, false]) ? (to ?? "args") : undefined;
  // A state that a destroy has not changed says that all is there: only a refresh tells an up that some of it is gone.
  const isBack = operation === "destroy" && up !== undefined;
  const continuation = { refresh: random.of([true, false]) || isBack, up };
  const manner = random.of(["reset", "reset", "close", "silence"]);
  const isKilled = manner !== "silence" && random.below(3) === 0;
  const towards = random.of(["both", "both", "host", "provider"]);
  const isLasting = random.below(3) === 0;
  const [way, share, within] = [random.share(), random.share(), random.share()];
  const isHeard = manner !== "silence" && towards !== "host";
  const resetAfter = isHeard || random.below(8) === 0 ? undefined : 400 + random.below(800);
  return {
    seed,
    stack,
    operation,
    continuation,
    isKilled,
    cut: (passed, milliseconds) => {
      return { at: placeOf({ way, share, within }, passed, milliseconds), manner, towards, isLasting, resetAfter };
    },
  };
}

/**
 * A quarter at any byte of what is sent, a quarter at any piece of what comes back, which is a mark after each command, and the others at
 * any time: that is mostly while a command runs.
 */
function placeOf(
  { way, share, within }: { readonly way: number; readonly share: number; readonly within: number },
  passed: Passed,
  milliseconds: number,
): Cut["at"] {
  if (way >= 0.5) return { milliseconds: Math.floor(MOST * share * milliseconds) };
  const direction = way < 0.25 ? "up" : "down";
  const pieces = passed.filter((piece) => piece.direction === direction).map(({ bytes }) => bytes);
  const sum = (all: readonly number[]) => all.reduce((total, bytes) => total + bytes, 0);
  // No two runs pass the same: what is near the end may not come.
  const usual = MOST * share;
  if (direction === "up") return { direction, bytes: Math.floor(usual * sum(pieces)) };
  const at = Math.floor(usual * pieces.length);
  return { direction, bytes: sum(pieces.slice(0, at)) + Math.floor(within * (pieces[at] ?? 0)) };
}

const MOST = 0.85;

export function describeTrial({ seed, stack, operation, continuation, isKilled }: Trial, cut: Cut): string {
  const at = "milliseconds" in cut.at ? `${cut.at.milliseconds} ms` : `${cut.at.bytes} bytes ${cut.at.direction}`;
  const how = [
    cut.manner,
    `towards ${cut.towards}`,
    ...(cut.isLasting ? ["lasting"] : []),
    ...(isKilled ? ["killed"] : []),
  ];
  const then = `${continuation.refresh ? "refresh and " : ""}${continuation.up === undefined ? "destroy" : `up to ${continuation.up}`}`;
  return `seed ${seed}: ${stack}, ${operation}, ${how.join(", ")} after ${at}, then ${then}`;
}
