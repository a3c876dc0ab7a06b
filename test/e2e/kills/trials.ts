import { OPERATIONS, type Operation, type Order } from "../../lab/cuts/trials.ts";
import { Random } from "../../support/random.ts";
import type { Signal, Victim } from "./processes.ts";

/** What ends a run: a process is killed, or the host loses its power. */
export type End = { readonly victim: Victim; readonly signal: Signal } | "power";

/** One interruption, by its seed alone. */
export interface Trial {
  readonly seed: number;
  readonly end: End;
  readonly operation: Operation;
  /** When, as a share of the time that an uninterrupted run is connected. */
  readonly share: number;
  readonly continuation: Order;
}

export function trialOf(seed: number, end: "kill" | "power"): Trial {
  const random = new Random(seed);
  // The first numbers of neighbouring seeds are alike.
  random.share();
  const operation = random.of(["create", "update", "destroy"]);
  const victim = random.of(["provider", "cli", "both"]);
  const signal = random.of(["SIGINT", "SIGTERM", "SIGKILL"]);
  const { to } = OPERATIONS[operation];
  const up = random.of([true, false]) ? (to ?? "args") : undefined;
  // A state that a destroy has not changed says that all is there: only a refresh tells an up that some of it is gone.
  const isBack = operation === "destroy" && up !== undefined;
  return {
    seed,
    end: end === "power" ? "power" : { victim, signal },
    operation,
    share: random.share(),
    continuation: { refresh: random.of([true, false]) || isBack, up },
  };
}

/** For the table. */
export function sortOfEnd(end: End): string {
  return end === "power" ? "power cut" : `${end.signal} to ${VICTIMS[end.victim]}`;
}

const VICTIMS = { provider: "the provider", cli: "the CLI", both: "both" } as const;

export function describeTrial({ seed, end, operation, share, continuation: { refresh, up } }: Trial): string {
  const then = `${refresh ? "refresh and " : ""}${up === undefined ? "destroy" : `up to ${up}`}`;
  return `seed ${seed}: ${operation}, ${sortOfEnd(end)} after ${Math.round(100 * share)} %, then ${then}`;
}
