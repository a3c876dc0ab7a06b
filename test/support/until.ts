import { setTimeout as sleep } from "node:timers/promises";

/** Waits until it is so; throws with `what` was waited for when that takes too long. */
export async function until(what: string, isSo: () => Promise<boolean>, seconds = 60): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`after ${seconds} s still not: ${what}`);
    await sleep(200);
  }
}
