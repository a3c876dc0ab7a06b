import { setTimeout as sleep } from "node:timers/promises";

/** Time, passed in so that a test need not wait for it. Milliseconds. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

export const systemClock: Clock = { now: Date.now, sleep };
