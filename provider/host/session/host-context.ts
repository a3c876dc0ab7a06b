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

/** Reads what is not in the cache: all of it again where the connection is another one than before. */
export async function observe({ shell, cache, clock }: HostContext, commands: readonly Command[]): Promise<void> {
  for (let missing = cache.missing(commands); missing.length > 0; missing = cache.missing(commands)) {
    const readAt = clock.now();
    const results = await shell.observe(observeScript(missing));
    const isSame = cache.keepsFor(shell.generation());
    cache.store(missing, results, readAt);
    if (isSame) return;
  }
}
