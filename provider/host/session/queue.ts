import type { Clock } from "../clock";

/** How long one waits for the next to come, as a share of the last round trip, and at most, in milliseconds. */
const PAUSE = 1 / 4;
const LONGEST_PAUSE = 20;
/** The limit of all pauses of one batch, in milliseconds. Another one is the last round trip. */
const LONGEST_GATHERING = 150;

/** Gathers what arrives, and hands it out in batches, one batch at a time. */
export class Queue<T> {
  #waiting: T[] = [];
  #running = false;
  #lastDuration = 0;
  #heard: () => void = () => undefined;

  /** `run` carries out a batch, and does not throw. `isComplete`: nothing more comes before something is answered. */
  constructor(
    private readonly run: (batch: readonly T[]) => Promise<void>,
    private readonly clock: Clock,
    private readonly isComplete: () => boolean,
  ) {}

  add(item: T): void {
    this.#waiting.push(item);
    this.#heard();
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
      await this.#gather();
      const start = this.clock.now();
      await this.run(this.clear());
      this.#lastDuration = this.clock.now() - start;
    }
    this.#running = false;
  }

  /**
   * The engine makes its next calls one after another, in the moments after our answers, and a round trip takes the same for one as for many:
   * as long as they come quickly, beside what a trip takes, the next one is waited for.
   */
  async #gather(): Promise<void> {
    const pause = Math.min(this.#lastDuration * PAUSE, LONGEST_PAUSE);
    const end = this.clock.now() + Math.min(this.#lastDuration, LONGEST_GATHERING);
    while (!this.isComplete() && this.clock.now() < end) {
      const before = this.#waiting.length;
      await Promise.race([this.clock.sleep(pause), new Promise<void>((resolve) => (this.#heard = resolve))]);
      if (this.#waiting.length === before) return;
    }
  }
}
