import { systemClock } from "../../../provider/host/clock.ts";
import { runBatch } from "../../../provider/host/session/batch.ts";
import { FactCache } from "../../../provider/host/session/fact-cache.ts";
import type { Session } from "../../../provider/host/session/job.ts";
import { type PendingJob, pendingJob } from "../../../provider/host/session/pending-job.ts";
import { Queue } from "../../../provider/host/session/queue.ts";
import { SharedFacts } from "../../../provider/host/session/shared-facts.ts";
import { Turns } from "../../../provider/host/session/turns.ts";
import { reconnectingShell } from "../../../provider/host/shell/reconnect.ts";
import type { Script } from "../../../provider/host/shell/script.ts";
import type { Connection } from "../../../provider/model/connection.ts";
import { hostName } from "../../../provider/model/host-name.ts";

/** When the shell of a host dies: after so many entries of the scripts that change something, of which the lock is the first. */
export class Cut {
  #left: number | undefined;
  /** The entry after which it was cut, as a person would type it. */
  after: string | undefined;

  arm(entries: number): void {
    this.#left = entries;
    this.after = undefined;
  }

  disarm(): void {
    this.#left = undefined;
  }

  /** The script, which ends where it is told to. An entry that is skipped counts, so that each number means one place. */
  into(script: Script, steps: number): Script {
    if (this.#left === undefined) return script;
    if (this.#left > steps) {
      this.#left -= steps + 1;
      return script;
    }
    const at = this.#left;
    this.after = script.summaries[at] ?? "";
    this.#left = undefined;
    const dying = `{ mark() { said "$@"; [ "$1" != ${at} ] || exit 0; }\nsaid() { `;
    return { ...script, text: (nonce) => script.text(nonce).replace("{ mark() { ", dying) };
  }
}

/** A session as the provider opens it, over a shell that dies when told. */
export function cuttingSession(connection: Connection, cut: Cut): Session & { readonly close: () => void } {
  const name = hostName(connection);
  const shell = reconnectingShell(connection, systemClock, () => undefined);
  const host = {
    name,
    connection,
    shell: {
      ...shell,
      apply: (script: Script, steps: number, facts: number) => shell.apply(cut.into(script, steps), steps, facts),
    },
    cache: new FactCache(systemClock.now),
    shared: new SharedFacts(),
    turns: new Turns(),
    engineLives: () => Promise.resolve(true),
    log: () => undefined,
    clock: systemClock,
  };
  const queue = new Queue<PendingJob>((jobs) => runBatch(host, jobs), systemClock);
  return {
    name,
    reachedAt: async () => (await shell.info()).reachedAt,
    machine: async () => (await shell.info()).machine,
    submit: (job) => new Promise((resolve, reject) => queue.add(pendingJob(job, resolve, reject))),
    close: shell.close,
  };
}
