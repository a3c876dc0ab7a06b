import type { Clock } from "../clock";

/** Milliseconds that a run has to have spent on dials, before there is something to be said. */
const WORTH_A_LINE = 10_000;

/**
 * Counts dials. How many are under way at once is not ours to say: each is for a resource, and Pulumi works on so many of these at a time. An
 * operator with many hosts far away is told once that it could be more.
 */
export class Dials {
  #now = 0;
  #most = 0;
  #made = 0;
  #spent = 0;
  #isLogged = false;

  constructor(private readonly log: (line: string) => void) {}

  /** One that fails says nothing of the others. */
  async count<T>(dial: () => Promise<T>, clock: Clock): Promise<T> {
    this.#now += 1;
    this.#most = Math.max(this.#most, this.#now);
    const start = clock.now();
    try {
      const made = await dial();
      this.#made += 1;
      this.#spent += clock.now() - start;
      this.#logOnce();
      return made;
    } finally {
      this.#now -= 1;
    }
  }

  #logOnce(): void {
    const waited = this.#spent / this.#most;
    if (this.#isLogged || waited < WORTH_A_LINE || this.#made < 3 * this.#most) return;
    this.#isLogged = true;
    this.log(
      `pulumi-lvs: ${this.#made} hosts were reached so far, in ${Math.round(waited / 1000)} s, and no more than ${this.#most} at a time: ` +
        "Pulumi works on so many resources at once. --parallel 64, or PULUMI_PARALLEL=64 in the environment, reaches more of them at once.",
    );
  }
}
