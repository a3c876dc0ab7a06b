import { UserError } from "../../errors";
import type { Connection } from "../../model/connection";
import type { Command } from "../../step";
import type { Clock } from "../clock";
import { WINDOW } from "../rollback/rollback-script";
import type { Say } from "../saying";
import type { ReconnectingShell } from "../shell/reconnect";
import { observeScript } from "../shell/script";
import type { FactCache } from "./fact-cache";
import { arrive, awaitWriter, busyError, type Lock, lastWriter, lockFor, MAY_GO_BACK } from "./lock";
import type { PendingJob } from "./pending-job";
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
  /** Whether anybody still wants a change. */
  readonly engineLives: () => Promise<boolean>;
  /** Shows to the operator what the host is waited for. */
  readonly log: Say;
}

/**
 * Reads what is not in the cache: all of it again where the connection is another one than before, or another run has written. While a
 * script runs, of another run or of one whose connection was lost, what is read is half of it: its end is waited for.
 */
export async function observe(host: HostContext, commands: readonly Command[]): Promise<void> {
  const { shell, cache, clock, turns } = host;
  for (let missing = cache.missing(commands); missing.length > 0; missing = cache.missing(commands)) {
    const lock = await lockOf(host);
    const isArrival = !turns.hasArrived(shell.generation());
    const writer = isArrival ? arrive(lock, turns.arrival()) : lastWriter(lock);
    const readAt = clock.now();
    const [wrote, ...results] = await shell.observe(observeScript([writer, ...missing]), missing.length);
    const isSame = cache.keepsFor(shell.generation());
    const who = wrote?.stdout.trim() ?? "";
    if (isArrival && !turns.isWriting(who)) turns.arrived(shell.generation());
    const isStillTrue = turns.saw(who.replace(MAY_GO_BACK, ""));
    if (!isStillTrue) cache.invalidate();
    if (turns.isWriting(who)) {
      cache.invalidate();
      turns.ended(await endOfWriting(host));
      continue;
    }
    if (!turns.hasArrived(shell.generation())) continue;
    cache.store(missing, results, readAt);
    if (isSame && isStillTrue) return;
  }
}

/**
 * Waits for the end of what another script does, and until the host has taken back what was not confirmed: after a kill, nobody confirms
 * it. Returns who wrote last.
 */
async function endOfWriting(host: HostContext): Promise<string> {
  const { name, shell, clock, log } = host;
  const lock = await lockOf(host);
  const start = clock.now();
  const isOver = (limit: number) => clock.now() >= start + limit * 1000;
  // The first look is short: most scripts end soon.
  for (let seconds = 1; ; seconds = ROUND) {
    const [result] = await shell.observe(observeScript([awaitWriter(lock, seconds)]), 1);
    const [state, writer = ""] = (result?.stdout ?? "").trim().split(" ");
    // A host whose timer was ended takes nothing back any more.
    if (state === "free" || (state === "back" && isOver(WINDOW + 2 * ROUND))) {
      log(undefined);
      return writer;
    }
    if (isOver(LONGEST_SCRIPT)) throw busyError(name, lock.path, LONGEST_SCRIPT);
    if (seconds === 1) log(`${name}: ${state === "back" ? GOES_BACK : WRITES_STILL}, and we wait for it`);
  }
}

const WRITES_STILL = "another run is writing to this host, or an interrupted one still is";
const GOES_BACK = "the host takes back a change of an interrupted run that might have cut it off";

/** Seconds that are waited for another script: it may install a package. */
const LONGEST_SCRIPT = 900;

/** Seconds of one look. */
const ROUND = 5;

/** Connects. */
export async function lockOf({ shell, connection }: HostContext): Promise<Lock> {
  return lockFor((await shell.info()).uid, connection.deadline);
}

/** Another one where a plan that was made before may be out of date: another connection, or another run that wrote. */
export function epochOf({ shell, turns }: HostContext): string {
  return `${shell.generation()} ${turns.last}`;
}

/** What is done for each of some jobs with what was read for them. */
interface Work<J> {
  readonly pendingOf: (job: J) => PendingJob;
  readonly work: (job: J, onError: (error: unknown) => void) => void;
  /** The host was read, and is not as the job needs it. */
  readonly refuse: (job: J, error: UserError) => void;
}

/**
 * Does the work for each job. What could not be read for one is read once more: a file that somebody was just replacing, two listings
 * between which somebody changed a table.
 */
export async function withSecondLook<J>(host: HostContext, jobs: readonly J[], work: Work<J>): Promise<void> {
  const again: J[] = [];
  for (const job of jobs) {
    work.work(job, (error) => {
      if (error instanceof UserError) work.refuse(job, error);
      else again.push(job);
    });
  }
  if (again.length === 0) return;
  await host.clock.sleep(PAUSE);
  host.cache.invalidate();
  const pending = again.map(work.pendingOf);
  await observe(
    host,
    pending.flatMap(({ commands }) => commands),
  );
  for (const job of again) work.work(job, work.pendingOf(job).fail);
}

/** Milliseconds, in which whoever replaces a file has done it. */
const PAUSE = 200;
