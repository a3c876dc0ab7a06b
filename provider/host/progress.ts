import type { Call } from "./call";
import type { Say } from "./saying";

/** Milliseconds: nothing is said of a shorter wait, and no more often than that of a longer one. */
const [SILENT, PAUSE] = [5000, 10_000];

/** Says why one waits, to whoever waits longest: only after a while, not too often, and nothing twice. */
export class Progress {
  readonly #waiting = new Set<{ readonly call: Call | undefined }>();
  #since = 0;
  #line: string | undefined;
  #usual: string | undefined;
  #usualSince = 0;
  #shown: string | undefined;
  #shownAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: (line: string, call: Call | undefined) => void) {}

  /** Somebody waits, until the function is called that this returns. */
  begin(call?: Call): () => void {
    const one = { call };
    if (this.#waiting.size === 0) this.#since = performance.now();
    this.#waiting.add(one);
    return () => {
      this.#waiting.delete(one);
      if (this.#waiting.size === 0) this.#end();
    };
  }

  /** Why, as it is now. */
  readonly say: Say = (line, isUsual = false) => {
    if (isUsual) [this.#usual, this.#usualSince] = [line, performance.now()];
    else this.#line = line;
    this.#arm();
  };

  #arm(): void {
    const isToSay = this.#now !== undefined && this.#now !== this.#shown && this.#waiting.size > 0;
    if (!isToSay || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#tell(), Math.max(0, this.#due - performance.now()));
    this.#timer.unref();
  }

  #tell(): void {
    this.#timer = undefined;
    const [first] = this.#waiting;
    const now = this.#now;
    if (first === undefined || now === undefined || now === this.#shown) return;
    if (performance.now() < this.#due) {
      this.#arm();
      return;
    }
    this.#shown = now;
    this.#shownAt = performance.now();
    this.tell(now, first.call);
  }

  /** One command after the other is no long wait. */
  get #due(): number {
    return Math.max((this.#line === undefined ? this.#usualSince : this.#since) + SILENT, this.#shownAt + PAUSE);
  }

  get #now(): string | undefined {
    return this.#line ?? this.#usual;
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#line = undefined;
    this.#usual = undefined;
    this.#shown = undefined;
  }
}
