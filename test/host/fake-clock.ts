import type { Clock } from "../../provider/host/clock";

/** Time that passes only where somebody sleeps, or by `advance`. */
export class FakeClock implements Clock {
  /** Each sleep, in milliseconds. */
  readonly sleeps: number[] = [];
  #time = 0;

  readonly now = () => this.#time;

  readonly sleep = (milliseconds: number) => {
    this.sleeps.push(milliseconds);
    this.advance(milliseconds);
    return Promise.resolve();
  };

  advance(milliseconds: number): void {
    this.#time += milliseconds;
  }
}
