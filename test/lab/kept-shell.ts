import { systemClock } from "../../provider/host/clock.ts";
import { runBatch } from "../../provider/host/session/batch.ts";
import { FactCache } from "../../provider/host/session/fact-cache.ts";
import type { HostContext } from "../../provider/host/session/host-context.ts";
import type { Session } from "../../provider/host/session/job.ts";
import { type PendingJob, pendingJob } from "../../provider/host/session/pending-job.ts";
import { Queue } from "../../provider/host/session/queue.ts";
import { SharedFacts } from "../../provider/host/session/shared-facts.ts";
import { Turns } from "../../provider/host/session/turns.ts";
import { type ReconnectingShell, reconnectingShell } from "../../provider/host/shell/reconnect.ts";
import { observeScript } from "../../provider/host/shell/script.ts";
import type { Connection } from "../../provider/model/connection.ts";
import { hostName } from "../../provider/model/host-name.ts";

/** A session of a run whose shell outlasts it. */
export interface KeptSession extends Session {
  /** What was read before is void. */
  readonly forget: () => void;
}

/** One login for runs that follow each other, where what they show is not about logins: one takes as long as a small run. */
export class KeptShell {
  readonly #shell: ReconnectingShell;
  readonly #connection: Connection;

  /** `through`: what stands between the sessions and the shell. */
  constructor(connection: Connection, through = (shell: ReconnectingShell) => shell) {
    this.#connection = connection;
    this.#shell = through(reconnectingShell(connection, systemClock, () => undefined));
  }

  /** Of one run: it begins without what the run before has read, as another process would. */
  session(): KeptSession {
    const shell = this.#shell;
    const name = hostName(this.#connection);
    const host: HostContext = {
      name,
      connection: this.#connection,
      shell,
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
      forget: () => host.cache.invalidate(),
    };
  }

  /** As another person on the host would, and in one round trip: the output, whatever became of the command. */
  async sh(text: string): Promise<string> {
    const [result] = await this.#shell.observe(observeScript([{ sh: text }]), 1);
    return result?.stdout ?? "";
  }

  close(): void {
    this.#shell.close();
  }
}
