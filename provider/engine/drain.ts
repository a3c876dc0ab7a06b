import { setTimeout as sleep } from "node:timers/promises";
import type { Job, Session } from "../host/session/job";
import type { Draining } from "../kinds/runtime-kind";

/** Polls until no connection is left, none can end any more, or the timeout is over. Logs a line for each poll. */
export async function waitForDrain(
  session: Session,
  { subject, advice = [] }: Pick<Job, "subject" | "advice">,
  { facts, remaining, canEnd, timeout, pollInterval }: Draining,
  log: (line: string) => void,
): Promise<void> {
  const poll: Job<Poll> = {
    subject,
    facts,
    advice,
    noCache: true,
    plan: (observation) => ({ left: remaining(observation), canEnd: () => canEnd(observation), steps: () => [] }),
  };
  const end = Date.now() + timeout * 1000;
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
    log(`${subject}: draining, ${left} connection(s) left`);
    await sleep(Math.min(pollInterval * 1000, end - Date.now()));
  }
}

interface Poll {
  readonly left: number;
  readonly canEnd: () => boolean;
  readonly steps: () => readonly never[];
}
