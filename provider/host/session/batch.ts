import { applyBatch } from "./apply-batch";
import { type HostContext, observe } from "./host-context";
import type { PendingJob, PlannedJob } from "./pending-job";

/** Observes for all jobs at once, plans each, applies all plans together. Every job ends with a report or an error. */
export async function runBatch(host: HostContext, jobs: readonly PendingJob[]): Promise<void> {
  try {
    for (const { subject, commands } of jobs) host.shared.count(subject, commands);
    if (jobs.some(({ noCache }) => noCache)) host.cache.invalidate();
    await observe(
      host,
      jobs.flatMap(({ commands }) => commands),
    );
    await applyInOrder(
      host,
      jobs.flatMap((job) => plan(host, job)),
    );
  } catch (error) {
    host.cache.invalidate();
    for (const { fail } of jobs) fail(error);
  }
}

/** A job that throws, or has nothing to do, ends here; the others go on. */
function plan({ cache }: HostContext, job: PendingJob): readonly PlannedJob[] {
  const answers = cache.snapshot(job.commands);
  const planned = job.plan(answers);
  if (planned === undefined) return [];
  if (planned.steps.length > 0) return [planned];
  planned.finish(answers, []);
  return [];
}

/** A change that may cut us off is applied by itself, after the others: no other job shall share its outcome. */
async function applyInOrder(host: HostContext, planned: readonly PlannedJob[]): Promise<void> {
  if (planned.length === 0) return;
  const risky = planned.filter(needsRollback);
  if (risky.length === 0 || planned.length === 1) {
    await observe(
      host,
      planned.flatMap(({ commands }) => commands),
    );
    const left = await applyBatch(host, planned);
    if (left.length > 0) await runBatch(host, pendingOf(left));
    return;
  }
  const others = planned.filter((job) => !risky.includes(job));
  if (others.length > 0) await runBatch(host, pendingOf(others));
  for (const { pending } of risky) await runBatch(host, [pending]);
}

function pendingOf(planned: readonly PlannedJob[]): readonly PendingJob[] {
  return planned.map(({ pending }) => pending);
}

function needsRollback({ steps }: PlannedJob): boolean {
  return steps.some((step) => "command" in step && step.undo !== undefined);
}
