import { AsyncLocalStorage } from "node:async_hooks";
import { availableParallelism } from "node:os";
import { CancelledError } from "../errors";

/** One thing that the engine asks of us: to read, create, change or remove a resource. It ends with an answer, or is cancelled before. */
export class Call {
  readonly #listeners = new Set<() => void>();
  #isCancelled = false;

  /** `urn`: of the resource, where it is known. */
  constructor(readonly urn: string | undefined) {}

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  cancel(): void {
    this.#isCancelled = true;
    for (const listener of this.#listeners) listener();
  }

  /** It was answered. A connection that was opened for it keeps it to the end of the run, and must not keep what it has read. */
  end(): void {
    this.#listeners.clear();
  }

  /** Calls the listener when the call is cancelled, which it may be already. Returns what ends that. */
  onCancel(listener: () => void): () => void {
    if (this.#isCancelled) listener();
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const current = new AsyncLocalStorage<Call>();
const underWay = new Set<Call>();
/** Calls that the engine makes at once: four for each processor, or as many as it was seen to make. */
let limit = 4 * availableParallelism();

/** Does what the engine asks for. All that it waits for belongs to this call. */
export async function inCall<T>(urn: string | undefined, work: () => Promise<T>): Promise<T> {
  const call = new Call(urn);
  underWay.add(call);
  limit = Math.max(limit, underWay.size);
  try {
    return await current.run(call, work);
  } finally {
    underWay.delete(call);
    call.end();
  }
}

/** Whether the engine waits for an answer before it asks for anything more. */
export function isEngineAtItsLimit(): boolean {
  return underWay.size >= limit;
}

/** The call on whose behalf this runs. */
export function currentCall(): Call | undefined {
  return current.getStore();
}

/** What is under way begins nothing more. What comes later is not concerned: the engine says so at the end of each run, too. */
export function cancelCalls(): void {
  for (const call of underWay) call.cancel();
}

/** The outcome of what changes nothing, or an error as soon as the call is cancelled. */
export function unlessCancelled<T>(subject: string, work: Promise<T>, call = currentCall()): Promise<T> {
  if (call === undefined) return work;
  return new Promise((resolve, reject) => {
    const forget = call.onCancel(() => reject(new CancelledError(subject)));
    work.then(resolve, reject).finally(forget);
  });
}
