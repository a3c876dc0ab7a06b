import { CancelledError, ConnectionError } from "../../errors";
import { missingPrograms } from "../../facts/programs";
import type { Connection } from "../../model/connection";
import { hostName } from "../../model/host-name";
import { type Call, currentCall, isEngineAtItsLimit, unlessCancelled } from "../call";
import { type Clock, systemClock } from "../clock";
import { engineLives } from "../engine";
import { needsOfRun } from "../needs-of-run";
import { Progress } from "../progress";
import { reconnectingShell } from "../shell/reconnect";
import { demand } from "../ssh/login/needs";
import type { ShellInfo } from "../ssh/login-shell";
import { tell } from "../tell";
import { runBatch } from "./batch";
import { FactCache, MAX_AGE } from "./fact-cache";
import type { HostContext } from "./host-context";
import type { Job, Plan, Report, Session } from "./job";
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

/** Connects with the first job. Jobs that arrive during a round trip share the next one. `log`: shows why somebody waits. */
export function openSession(
  connection: Connection,
  clock: Clock = systemClock,
  log: (line: string, call?: Call) => void = tell,
): OpenSession {
  const progress = new Progress(log);
  const shell = reconnectingShell(connection, clock, progress.say);
  return sessionOn({ connection, shell, clock, engineLives, log: progress.say }, progress);
}

/** Over a shell that there is. It knows nothing yet of the host. */
export function sessionOn(
  way: Omit<HostContext, "name" | "cache" | "shared" | "turns">,
  progress = new Progress(() => undefined),
): OpenSession {
  const { connection, shell, clock } = way;
  const name = hostName(connection);
  const cache = new FactCache(clock.now);
  const host: HostContext = { ...way, name, cache, shared: new SharedFacts(), turns: new Turns() };
  let forgetting: NodeJS.Timeout | undefined;
  const queue = new Queue<PendingJob>(
    async (jobs) => {
      clearTimeout(forgetting);
      await runBatch(host, jobs);
      // The host may be needed no more in this run, which goes on with many others.
      forgetting = setTimeout(() => cache.forgetOld(), MAX_AGE + 1).unref();
    },
    clock,
    isEngineAtItsLimit,
  );
  const waiting = <T>(work: Promise<T>) => work.finally(progress.begin(currentCall()));
  const info = () => waiting(unlessCancelled(name, shell.info()));
  const submit = <P extends Plan>(job: Job<P>) =>
    new Promise<Report<P>>((resolve, reject) => {
      const pending = pendingJob(job, resolve, reject);
      queue.add(pending);
      currentCall()?.onCancel(() => pending.cancel(new CancelledError(job.subject)));
    });
  let lacked: readonly string[] | undefined;
  const look = async () => {
    const plan: Job<Plan & { readonly found: readonly string[] }>["plan"] = (seen) => ({
      found: seen.get(missingPrograms),
      steps: () => [],
    });
    const { after } = await submit({ subject: name, facts: [missingPrograms], plan });
    lacked = after.found;
    return lacked;
  };
  const supplied = async <P extends Plan>(job: Job<P>) => {
    if (job.needs === undefined) return submit(job);
    needsOfRun.declare(name, job.needs);
    const { missing } = await info();
    await demand(name, job.needs, lacked ?? missing, look);
    return submit(job);
  };
  return {
    name,
    reachedAt: async () => (await info()).reachedAt,
    info,
    machine: async () => (await info()).machine,
    submit: (job) => waiting(supplied(job)),
    close: () => {
      shell.close();
      cache.invalidate();
      for (const { fail } of queue.clear()) fail(new ConnectionError(`${name}: the session was closed`));
    },
  };
}
