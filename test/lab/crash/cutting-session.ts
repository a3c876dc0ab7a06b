import { systemClock } from "../../../provider/host/clock.ts";
import { runBatch } from "../../../provider/host/session/batch.ts";
import { FactCache } from "../../../provider/host/session/fact-cache.ts";
import type { Session } from "../../../provider/host/session/job.ts";
import { type PendingJob, pendingJob } from "../../../provider/host/session/pending-job.ts";
import { Queue } from "../../../provider/host/session/queue.ts";
import { SharedFacts } from "../../../provider/host/session/shared-facts.ts";
import { Turns } from "../../../provider/host/session/turns.ts";
import { reconnectingShell } from "../../../provider/host/shell/reconnect.ts";
import { observeScript, type Script } from "../../../provider/host/shell/script.ts";
import { LostConnectionError } from "../../../provider/host/shell/shell.ts";
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

  /** The script, which ends where it is told to. Undefined: it is not cut. An entry that is skipped counts, so that each number means one place. */
  into(script: Script, steps: number): Script | undefined {
    if (this.#left === undefined) return undefined;
    if (this.#left > steps) {
      this.#left -= steps + 1;
      return undefined;
    }
    const at = this.#left;
    this.after = script.summaries[at] ?? "";
    this.#left = undefined;
    return { ...script, text: (nonce) => dying(script, at, nonce) };
  }
}

/**
 * A subshell dies in place of the shell, and what it did not do is marked as skipped: another login would take most of the time of a trial.
 * The lock goes with it.
 */
function dying(script: Script, at: number, nonce: string): string {
  const cut = `{ mark() { said "$@"; [ "$1" != ${at} ] || exit 0; }\nsaid() { `;
  const skipped = script.summaries.slice(at).map((_, index) => `printf '\\n${nonce} ${at + index + 1} -\\n'`);
  return `(\n${script.text(nonce).replace("{ mark() { ", cut)})\nfor stream in 1 2; do { ${skipped.join("; ")}; } >&$stream; done\n`;
}

interface CuttingSession extends Session {
  /** As another person on the host would, and in one round trip: the output, whatever became of the command. */
  readonly sh: (text: string) => Promise<string>;
  readonly close: () => void;
}

/** A session as the provider opens it, over a shell that dies when told. */
export function cuttingSession(connection: Connection, cut: Cut): CuttingSession {
  const name = hostName(connection);
  const shell = reconnectingShell(connection, systemClock, () => undefined);
  const host = {
    name,
    connection,
    shell: {
      ...shell,
      apply: async (script: Script, steps: number, facts: number) => {
        const dead = cut.into(script, steps);
        const results = await shell.apply(dead ?? script, steps, facts);
        if (dead !== undefined) throw new LostConnectionError(`${name}: the shell died`);
        return results;
      },
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
    sh: async (text) => {
      const [result] = await shell.observe(observeScript([{ sh: text }]), 1);
      host.cache.invalidate();
      return result?.stdout ?? "";
    },
    close: shell.close,
  };
}
