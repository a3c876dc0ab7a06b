import { randomBytes } from "node:crypto";

/** Who writes, and after whom: the lock file says who wrote last. */
export interface Turn {
  /** Of one script alone. */
  readonly writer: string;
  /** Who had written last when the facts were read that the script was planned on. Undefined: whoever did. */
  readonly after: string | undefined;
}

/** Other runs write to the same host. A plan is carried out if none has written since its facts were read. */
export class Turns {
  #last: string | undefined;
  #overtaken = 0;
  #ended = "";
  #arrivedBy: number | undefined;
  #tookBy: number | undefined;

  /** Who had written last, when the host was last observed. */
  get last(): string | undefined {
    return this.#last;
  }

  /** Facts were read, and this one had written last before. Whether facts that were read earlier are still true. */
  saw(writer: string): boolean {
    const isSame = this.#last === undefined || this.#last === writer;
    this.#last = writer;
    return isSame;
  }

  /** Whether a script of this writer may be running: it marks the lock file while it does, and the mark of one that was killed stays. */
  isWriting(writer: string): boolean {
    return writer.endsWith(WRITES) && writer !== this.#ended;
  }

  /** The lock is free, and the file names this one. */
  ended(writer: string): void {
    this.#ended = writer;
  }

  /** Whether the host knows of us since this connection was opened. What an earlier one has sent may still be on its way. */
  hasArrived(generation: number): boolean {
    return this.#arrivedBy === generation;
  }

  arrived(generation: number): void {
    this.#arrivedBy = generation;
  }

  /** A name for whoever looks. */
  arrival(): string {
    return randomBytes(8).toString("hex");
  }

  next(): Turn {
    return { writer: randomBytes(8).toString("hex"), after: this.isPatient() ? this.#last : undefined };
  }

  took({ writer }: Turn, generation: number): void {
    this.#last = writer;
    this.#overtaken = 0;
    this.#tookBy = generation;
  }

  /** Whether a script of ours has had the lock since this connection was opened. */
  hasHadLock(generation: number): boolean {
    return this.#tookBy === generation;
  }

  wasOvertakenBy(writer: string | undefined): void {
    this.#last = writer;
    this.#overtaken += 1;
  }

  /** Not for ever: in the end a plan is tried as it is, and what another run changed shows in its outcome. */
  isPatient(): boolean {
    return this.#overtaken < MOST_OVERTAKEN;
  }
}

/** In a row. */
const MOST_OVERTAKEN = 50;

/** Stands after the writer while it writes. */
export const WRITES = ":";
