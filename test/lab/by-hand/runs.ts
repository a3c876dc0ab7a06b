import { systemClock } from "../../../provider/host/clock.ts";
import { runBatch } from "../../../provider/host/session/batch.ts";
import { FactCache } from "../../../provider/host/session/fact-cache.ts";
import type { Session } from "../../../provider/host/session/job.ts";
import { type PendingJob, pendingJob } from "../../../provider/host/session/pending-job.ts";
import { Queue } from "../../../provider/host/session/queue.ts";
import { SharedFacts } from "../../../provider/host/session/shared-facts.ts";
import { Turns } from "../../../provider/host/session/turns.ts";
import { reconnectingShell } from "../../../provider/host/shell/reconnect.ts";
import type { Connection } from "../../../provider/model/connection.ts";
import { hostName } from "../../../provider/model/host-name.ts";

/** Runs one after another over one connection: each begins without what the one before has read, as another process would. */
export class Runs {
  readonly #connection: Connection;
  readonly #shell: ReturnType<typeof reconnectingShell>;
  #current: Session;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#shell = reconnectingShell(connection, systemClock, () => undefined);
    this.#current = this.#session();
  }

  get current(): Session {
    return this.#current;
  }

  begin(): void {
    this.#current = this.#session();
  }

  close(): void {
    this.#shell.close();
  }

  #session(): Session {
    const [name, shell] = [hostName(this.#connection), this.#shell];
    const own = { cache: new FactCache(systemClock.now), shared: new SharedFacts(), turns: new Turns() };
    const host = { name, connection: this.#connection, shell, ...own, log: () => undefined, clock: systemClock };
    const queue = new Queue<PendingJob>((jobs) => runBatch(host, jobs), systemClock);
    return {
      name,
      reachedAt: async () => (await shell.info()).reachedAt,
      machine: async () => (await shell.info()).machine,
      submit: (job) => new Promise((resolve, reject) => queue.add(pendingJob(job, resolve, reject))),
    };
  }
}
