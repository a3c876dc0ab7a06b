import { setTimeout as sleep } from "node:timers/promises";

/** Waits for something that another process does, for as long as a busy machine may need. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`not within a minute: ${what}`);
    await sleep(20);
  }
}
