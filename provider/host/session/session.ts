import { ConnectionError } from "../../errors";
import type { Connection } from "../../model/connection";
import { hostName } from "../../model/host-name";
import { type Clock, systemClock } from "../clock";
import { engineLives } from "../engine";
import { print } from "../print";
import { reconnectingShell } from "../shell/reconnect";
import type { ShellInfo } from "../ssh/login-shell";
import { runBatch } from "./batch";
import { FactCache } from "./fact-cache";
import type { HostContext } from "./host-context";
import type { Session } from "./job";
import { type PendingJob, pendingJob } from "./pending-job";
import { Queue } from "./queue";
import { SharedFacts } from "./shared-facts";
import { Turns } from "./turns";

/** A session that can be ended. */
export interface OpenSession extends Session {
  /** Connects. */
  readonly info: () => Promise<ShellInfo>;
  readonly close: () => void;
}

/** Connects with the first job. Jobs that arrive during a round trip share the next one. */
export function openSession(connection: Connection, clock: Clock = systemClock, log = print): OpenSession {
  return sessionOn({ connection, shell: reconnectingShell(connection, clock, log), clock, engineLives, log });
}

/** Over a shell that there is. It knows nothing yet of the host. */
export function sessionOn(way: Omit<HostContext, "name" | "cache" | "shared" | "turns">): OpenSession {
  const { connection, shell, clock } = way;
  const name = hostName(connection);
  const cache = new FactCache(clock.now);
  const host: HostContext = { ...way, name, cache, shared: new SharedFacts(), turns: new Turns() };
  const queue = new Queue<PendingJob>((jobs) => runBatch(host, jobs), clock);
  return {
    name,
    reachedAt: async () => (await shell.info()).reachedAt,
    info: shell.info,
    machine: async () => (await shell.info()).machine,
    submit: (job) => new Promise((resolve, reject) => queue.add(pendingJob(job, resolve, reject))),
    close: () => {
      shell.close();
      cache.invalidate();
      for (const { fail } of queue.clear()) fail(new ConnectionError(`${name}: the session was closed`));
    },
  };
}
