import type { Connection } from "../../model/connection";
import type { Command } from "../../step";
import type { Clock } from "../clock";
import type { ReconnectingShell } from "../shell/reconnect";
import { observeScript } from "../shell/script";
import type { FactCache } from "./fact-cache";
import { type Lock, lastWriter, lockFor } from "./lock";
import type { SharedFacts } from "./shared-facts";
import type { Turns } from "./turns";

/** What the batches of one host share. */
export interface HostContext {
  readonly name: string;
  readonly connection: Connection;
  readonly shell: ReconnectingShell;
  readonly cache: FactCache;
  readonly shared: SharedFacts;
  readonly turns: Turns;
  readonly clock: Clock;
}

/** Reads what is not in the cache: all of it again where the connection is another one than before, or another run has written. */
export async function observe(host: HostContext, commands: readonly Command[]): Promise<void> {
  const { shell, cache, clock, turns } = host;
  for (let missing = cache.missing(commands); missing.length > 0; missing = cache.missing(commands)) {
    const writer = lastWriter(await lockOf(host));
    const readAt = clock.now();
    const [wrote, ...results] = await shell.observe(observeScript([writer, ...missing]), missing.length);
    const isSame = cache.keepsFor(shell.generation());
    const isStillTrue = turns.saw(wrote?.stdout.trim() ?? "");
    if (!isStillTrue) cache.invalidate();
    cache.store(missing, results, readAt);
    if (isSame && isStillTrue) return;
  }
}

/** Connects. */
export async function lockOf({ shell, connection }: HostContext): Promise<Lock> {
  return lockFor((await shell.info()).uid, connection.deadline);
}
