import * as node from "node:module";

/** What the first requests compile is kept, too. */
const AFTER_MS = 100;

/**
 * With NODE_COMPILE_CACHE, Node keeps compiled code in files, which it writes when a process ends by itself. Pulumi kills the provider at the
 * end of each run, so nothing of it would ever be kept. Without that variable this does nothing.
 */
export function keepCompiledCode(): void {
  // Node has it from 22.10 on.
  const { flushCompileCache } = node as Partial<typeof node>;
  if (flushCompileCache !== undefined) setTimeout(flushCompileCache, AFTER_MS).unref();
}
