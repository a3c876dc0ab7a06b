import type { Connection } from "../../model/connection";
import type { Command } from "../../step";
import type { Clock } from "../clock";
import type { ReconnectingShell } from "../shell/reconnect";
import { observeScript } from "../shell/script";
import type { FactCache } from "./fact-cache";
import type { SharedFacts } from "./shared-facts";

/** What the batches of one host share. */
export interface HostContext {
  readonly name: string;
  readonly connection: Connection;
  readonly shell: ReconnectingShell;
  readonly cache: FactCache;
  readonly shared: SharedFacts;
  readonly clock: Clock;
}

/** Reads what is not in the cache. */
export async function observe({ shell, cache, clock }: HostContext, commands: readonly Command[]): Promise<void> {
  const missing = cache.missing(commands);
  if (missing.length === 0) return;
  const readAt = clock.now();
  cache.store(missing, await shell.observe(observeScript(missing)), readAt);
}
