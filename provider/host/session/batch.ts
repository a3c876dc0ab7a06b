import type { UserError } from "../../errors";
import { patienceOf } from "../shell/script";
import { applyBatch } from "./apply-batch";
import { epochOf, type HostContext, observe, withSecondLook } from "./host-context";
import type { PendingJob, PlannedJob } from "./pending-job";

/** Observes for all jobs at once, plans each, applies all plans together. Every job ends with a report or an error. */
export async function runBatch(host: HostContext, all: readonly PendingJob[]): Promise<void> {
  const jobs = all.filter((job) => !job.hasEnded());
  if (jobs.length === 0) return;
  try {
    for (const { subject, commands } of jobs) host.shared.count(subject, commands);
    if (jobs.some(({ noCache }) => noCache)) host.cache.invalidate();
    await observe(host, commandsOf(jobs));
    const epoch = epochOf(host);
    const { planned, refused } = await planAll(host, jobs);
    await applyInOrder(host, planned, epoch);
    // What stands in the way may have been what another resource has just repaired: a line of its own that keeps a file from being loaded.
    if (planned.length > 0 && refused.length > 0)
      await runBatch(
        host,
        refused.map(({ job }) => job),
      );
    else for (const { job, error } of refused) job.fail(error);
  } catch (error) {
    host.cache.invalidate();
    for (const { fail } of jobs) fail(error);
  }
}

interface Plans {
  /** Those that have something to do. */
  readonly planned: readonly PlannedJob[];
  readonly refused: readonly { readonly job: PendingJob; readonly error: UserError }[];
}

/** A job that throws, or has nothing to do, ends here; the others go on. */
async function planAll(host: HostContext, jobs: readonly PendingJob[]): Promise<Plans> {
  const planned: PlannedJob[] = [];
  const refused: { readonly job: PendingJob; readonly error: UserError }[] = [];
  await withSecondLook(host, jobs, {
    pendingOf: (job) => job,
    work: (job, onError) => planned.push(...plan(host, job, onError)),
    refuse: (job, error) => refused.push({ job, error }),
  });
  return { planned, refused };
}

function plan({ cache }: HostContext, job: PendingJob, onError: (error: unknown) => void): readonly PlannedJob[] {
  const answers = cache.snapshot(job.commands);
  const planned = job.plan(answers, onError);
  if (planned === undefined) return [];
  if (planned.steps.length > 0) return [planned];
  planned.finish(answers, { done: [] }, job.fail);
  return [];
}

/**
 * A change that may cut us off is applied by itself, after the others: no other job shall share its outcome. So is one that may take minutes:
 * a run that is cancelled then begins no more of them.
 */
async function applyInOrder(host: HostContext, planned: readonly PlannedJob[], epoch: string): Promise<void> {
  if (planned.length === 0) return;
  const single = planned.filter((job) => needsRollback(job) || mayTakeMinutes(job));
  if (single.length === 0 || planned.length === 1) {
    await observe(host, commandsOf(planned));
    const left = isOutOfDate(host, epoch) ? planned : await applyBatch(host, planned);
    if (left.length > 0) await runBatch(host, pendingOf(left));
    return;
  }
  const others = planned.filter((job) => !single.includes(job));
  if (others.length > 0) await runBatch(host, pendingOf(others));
  for (const { pending } of single) await runBatch(host, [pending]);
}

function isOutOfDate(host: HostContext, epoch: string): boolean {
  const { turns } = host;
  if (epochOf(host) === epoch || !turns.isPatient()) return false;
  turns.wasOvertakenBy(turns.last);
  return true;
}

function commandsOf(jobs: readonly (PendingJob | PlannedJob)[]) {
  return jobs.flatMap(({ commands }) => commands);
}

function pendingOf(planned: readonly PlannedJob[]): readonly PendingJob[] {
  return planned.map(({ pending }) => pending);
}

function mayTakeMinutes({ steps }: PlannedJob): boolean {
  return steps.some((step) => "command" in step && patienceOf(step.command) >= MINUTES);
}

/** Seconds, beside the deadline. */
const MINUTES = 300;

function needsRollback({ steps }: PlannedJob): boolean {
  return steps.some((step) => "command" in step && step.undo !== undefined);
}
