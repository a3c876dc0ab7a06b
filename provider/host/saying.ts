import { AsyncLocalStorage } from "node:async_hooks";

/** Takes what one waits for, in words; undefined: for nothing more. `isUsual`: the command that runs, where there is nothing better to say. */
export type Say = (line: string | undefined, isUsual?: boolean) => void;

const sayings = new AsyncLocalStorage<Say>();

/** Does the work. What it waits for, at any depth, is said to `say`. */
export function saying<T>(say: Say, work: () => Promise<T>): Promise<T> {
  return sayings.run(say, work);
}

/** What a host is waited for, with its name. */
export function sayOf(host: string, log: Say): Say {
  return (line, isUsual) => log(line === undefined ? undefined : `${host}: ${line}`, isUsual);
}

/** Whoever listens to what this work waits for. */
export function listener(): Say {
  return sayings.getStore() ?? (() => undefined);
}
