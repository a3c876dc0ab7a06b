import type { Clock } from "../clock";

/** The share of the last round trip that is spent on gathering, and its limit in milliseconds. */
const GATHERING = 1 / 4;
const LONGEST_GATHERING = 60;

/** Gathers what arrives, and hands it out in batches, one batch at a time. */
export class Queue<T> {
  #waiting: T[] = [];
  #running = false;
  #lastDuration = 0;

  /** `run` carries out a batch, and does not throw. */
  constructor(
    private readonly run: (batch: readonly T[]) => Promise<void>,
    private readonly clock: Clock,
  ) {}

  add(item: T): void {
    this.#waiting.push(item);
    if (!this.#running) void this.#work();
  }

  /** Removes and returns what waits. */
  clear(): readonly T[] {
    return this.#waiting.splice(0);
  }

  async #work(): Promise<void> {
    this.#running = true;
    // Calls that the engine makes together arrive in the same turn of the event loop or in the next.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      // The engine makes its next calls a moment after our answers: a short wait lets them join this batch.
      await this.clock.sleep(Math.min(this.#lastDuration * GATHERING, LONGEST_GATHERING));
      const start = this.clock.now();
      await this.run(this.clear());
      this.#lastDuration = this.clock.now() - start;
    }
    this.#running = false;
  }
}
