import { BugError, FileReadError, InDoubtError, LvsError, UserError } from "../../errors";
import { parseFile, readFile } from "../../file-step";
import type { Result } from "../../step";
import { commitConfirmed } from "../rollback/commit-confirmed";
import { sayOf } from "../saying";
import { mayWriteFiles } from "../shell/flush";
import { applyScript, assertSendable, changesOf, doneBy, flushesOf, resultingFiles, succeeded } from "./apply-script";
import type { BatchedCommand } from "./batched-command";
import { distinct, MAX_AGE, without } from "./fact-cache";
import { type HostContext, lockOf, observe, withSecondLook } from "./host-context";
import { lockError, OVERTAKEN } from "./lock";
import type { Answers } from "./observation";
import { type Outcome, type PlannedJob, tryOr } from "./pending-job";
import { schedule } from "./schedule";

/**
 * Schedules the steps of all jobs, applies them in one script, observes again, and finishes each job. Returns the jobs that were left
 * alone, because the host may have booted, or another run has written, since they were planned: to be planned anew.
 */
export async function applyBatch(host: HostContext, planned: readonly PlannedJob[]): Promise<readonly PlannedJob[]> {
  const { jobs, commands } = scheduleTogether(host, planned);
  if (commands.length === 0) {
    await finishAll(host, jobs, () => ({ done: [] }));
    return [];
  }
  // Connects where the connection was lost.
  await host.shell.info();
  if (!host.cache.keepsFor(host.shell.generation())) return jobs;
  if (!(await host.engineLives()))
    throw new UserError(`${host.name}: the run that asked for this has ended, and nothing more is changed for it`);
  const applied = await apply(host, jobs, commands);
  if (applied === OVERTAKEN || applied === CANCELLED) {
    for (const { pending } of jobs) pending.putOff();
    return jobs;
  }
  const { outcomes, flushed } = applied;
  await finishAll(host, jobs, (job) => {
    const done = doneBy(jobs.indexOf(job), commands, outcomes);
    const unflushed = flushed?.code !== 0 && done.some(({ step }) => mayWriteFiles(step)) ? flushed : undefined;
    return { done, ...(unflushed && { unflushed }) };
  });
  if (!succeeded(commands, outcomes)) host.cache.invalidate();
  return [];
}

/** Reports to each job. */
async function finishAll(host: HostContext, jobs: readonly PlannedJob[], outcomeOf: (job: PlannedJob) => Outcome) {
  await orInDoubt(
    withSecondLook(host, jobs, {
      pendingOf: ({ pending }) => pending,
      work: (job, onError) => job.finish(host.cache.snapshot(job.pending.commands), outcomeOf(job), onError),
      refuse: ({ pending }, error) => pending.fail(error),
    }),
  );
}

interface Schedule {
  readonly jobs: readonly PlannedJob[];
  readonly commands: readonly BatchedCommand[];
}

/** A job whose steps cannot be put into commands (an edit that throws, a word with a blank) fails alone, and the others go on. */
function scheduleTogether(host: HostContext, planned: readonly PlannedJob[]): Schedule {
  const commands = tryOr(
    () => scheduleAll(host, planned),
    () => undefined,
  );
  if (commands !== undefined) return { jobs: planned, commands };
  const jobs = planned.filter((job) => tryOr(() => scheduleAll(host, [job]), job.pending.fail) !== undefined);
  return { jobs, commands: scheduleAll(host, jobs) };
}

function scheduleAll(host: HostContext, jobs: readonly PlannedJob[]): readonly BatchedCommand[] {
  const answers = host.cache.snapshot(jobs.flatMap(({ commands }) => commands));
  const commands = schedule(
    jobs.map(({ steps, pending }) => ({ steps, isolated: pending.isolated })),
    textIn(host, answers),
    (path) => answers(readFile(path))?.isWritten === true,
  );
  assertSendable(commands);
  return commands;
}

interface Applied {
  readonly outcomes: readonly (Result | undefined)[];
  /** Of the flush. */
  readonly flushed: Result | undefined;
}

/** A job of the batch was cancelled before it was sent. */
const CANCELLED = "cancelled";

/** The outcomes, with the cache as it is after them. */
async function apply(
  host: HostContext,
  jobs: readonly PlannedJob[],
  commands: readonly BatchedCommand[],
): Promise<Applied | typeof OVERTAKEN | typeof CANCELLED> {
  const { cache, clock, name, shell, shared, turns } = host;
  const lock = { ...(await lockOf(host)), isOurs: turns.hasHadLock(shell.generation()) };
  const cancelled = jobs.filter(({ pending }) => !pending.begin());
  if (cancelled.length > 0) return CANCELLED;
  const turn = turns.next();
  // Also where it fails halfway: what the commands may have changed is unknown from here on.
  const changes = changesOf(commands);
  cache.invalidate(turn.after === undefined ? undefined : changes);
  const needed = distinct([...jobs.flatMap((job) => job.commands), ...shared.commands()]);
  const files = resultingFiles(commands, needed);
  const observed = without(files.commands, cache.missing(needed, MAX_AGE / 2));
  const readAt = clock.now();
  const send = () => shell.apply(applyScript(commands, observed, lock, turn), commands.length, observed.length);
  const [locked, ...results] = await orInDoubt(withRollback(host, jobs, commands, send));
  const outcomes = results.slice(0, commands.length);
  const flushes = flushesOf(commands).length;
  const firstFact = commands.length + flushes;
  if (locked?.code === OVERTAKEN) {
    turns.wasOvertakenBy(locked.stdout.trim());
    cache.invalidate();
    cache.store(observed, results.slice(firstFact), readAt);
    return OVERTAKEN;
  }
  if (locked?.code !== 0) throw lockError(name, lock, locked);
  turns.took(turn, shell.generation());
  cache.store(observed, results.slice(firstFact), readAt);
  // A file that was written as a whole has the text that we wrote: reading it would only cost the host a process.
  if (succeeded(commands, outcomes))
    cache.store(files.commands, files.results, readAt, { isWritten: changes !== undefined });
  else
    await orInDoubt(
      observe(
        host,
        jobs.flatMap((job) => job.commands),
      ),
    );
  return { outcomes, flushed: flushes === 0 ? undefined : results[commands.length] };
}

/** For what follows the sending: whether the host did it is not known where that fails. */
async function orInDoubt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof LvsError ? new InDoubtError(error) : error;
  }
}

function withRollback(
  { connection, shell, clock, name, log }: HostContext,
  [job]: readonly PlannedJob[],
  commands: readonly BatchedCommand[],
  apply: () => Promise<readonly (Result | undefined)[]>,
) {
  const index = commands.findIndex((command) => command.withRollback);
  const risky = commands[index];
  if (job === undefined || risky === undefined) return apply();
  return commitConfirmed(
    connection,
    {
      subject: job.pending.subject,
      summary: risky.summary,
      apply,
      // Entry 0 is the lock.
      isApplied: (results) => results[index + 1]?.code === 0,
      say: sayOf(name, log),
      disconnect: shell.close,
    },
    clock,
  );
}

function textIn({ name }: HostContext, answers: Answers): (path: string) => string | undefined {
  return (path) => {
    const answer = answers(readFile(path));
    if (answer === undefined) throw new BugError(`the text of ${path} was not read`);
    if (answer.result.code !== 0) throw new FileReadError(name, path, answer.result.stderr);
    return answer.value(parseFile);
  };
}
