import { type Clock, systemClock } from "../clock";
import { listener } from "../saying";
import { DialError } from "./dial-error";
import type { Hop } from "./route";

/** Seconds after which no attempt is under way any more, where the connection does not say how many there shall be. */
export const ALL_ATTEMPTS = 60;

/** Tries again where no host has judged us yet: a refused login that is tried ten times locks accounts. */
export async function repeatedly<T>(
  attempt: () => Promise<T>,
  { dialErrorLimit, perDialTimeout }: Pick<Hop, "dialErrorLimit" | "perDialTimeout">,
  clock: Clock = systemClock,
): Promise<T> {
  const start = clock.now();
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof DialError) || error.retry === "no") throw error;
      const pause = pauseAfter(attempts, error.retry);
      const end = clock.now() - start + pause + perDialTimeout * 1000;
      const isLast = dialErrorLimit === undefined ? end > ALL_ATTEMPTS * 1000 : attempts >= dialErrorLimit;
      if (isLast) throw attempts === 1 ? error : exhausted(error, attempts);
      listener()(
        `${error.reason}; attempt ${attempts + 1}${dialErrorLimit === undefined ? "" : ` of ${dialErrorLimit}`}`,
      );
      await clock.sleep(pause);
    }
  }
}

/**
 * How long a failed login counts for all at least, in milliseconds: hundreds of attempts would lock the account. One that took longer counts
 * as long as it took, so that no host that is down is waited for most of a run.
 */
const FAILURE_AGE = 10_000;

/** Until when a login that began and failed at these times counts for all. */
export function failureEnds(start: number, now: number): number {
  return now + Math.max(FAILURE_AGE, now - start);
}

/** In milliseconds. An sshd that has too many callers shall not be called by all of ours at the same moment again. */
function pauseAfter(attempts: number, retry: "soon" | "later"): number {
  if (retry === "soon") return Math.min(250 * 2 ** (attempts - 1), 5000);
  return Math.min(2000 * 2 ** (attempts - 1), 15_000) * (0.75 + Math.random() / 4);
}

function exhausted(last: DialError, attempts: number): DialError {
  return new DialError(`${last.reason} (${attempts} attempts)`, last.details, last.advice);
}
