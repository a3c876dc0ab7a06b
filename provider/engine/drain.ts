import { setTimeout as sleep } from "node:timers/promises";
import type { Job, Session } from "../host/session/job";
import type { Draining } from "../kinds/runtime-kind";

/** What waits and says so. */
export interface Waiting {
  /** Shows a line to the operator that stays. */
  readonly log: (line: string) => void;
  /** Waits so many milliseconds, and says what for while it lasts. Throws where the run is cancelled. @default says nothing */
  readonly pause?: (milliseconds: number, what: string) => Promise<unknown>;
}

/** Polls until no connection is left, none can end any more, or the timeout is over. */
export async function waitForDrain(
  session: Session,
  { subject, advice = [] }: Pick<Job, "subject" | "advice">,
  { facts, remaining, canEnd, timeout, pollInterval }: Draining,
  { log, pause = (milliseconds) => sleep(milliseconds) }: Waiting,
): Promise<void> {
  const poll: Job<Poll> = {
    subject,
    facts,
    advice,
    noCache: true,
    plan: (observation) => ({ left: remaining(observation), canEnd: () => canEnd(observation), steps: () => [] }),
  };
  const end = Date.now() + timeout * 1000;
  let shown: number | undefined;
  let what = "";
  for (;;) {
    const { after } = await session.submit(poll);
    const { left } = after;
    if (left === 0) return;
    if (!after.canEnd()) {
      log(`${subject}: the host no longer accepts packets for it; not waiting for ${left} connection(s)`);
      return;
    }
    if (Date.now() >= end) {
      log(`${subject}: the drain timeout of ${timeout} s is over with ${left} connection(s) left`);
      return;
    }
    const milliseconds = end - Date.now();
    if (left !== shown)
      what = `${subject}: draining, ${left} connection(s) left, ${Math.ceil(milliseconds / 1000)} s at most`;
    shown = left;
    await pause(Math.min(pollInterval * 1000, milliseconds), what);
  }
}

interface Poll {
  readonly left: number;
  readonly canEnd: () => boolean;
  readonly steps: () => readonly never[];
}
