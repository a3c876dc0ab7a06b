import { readFile } from "../../file-step";
import type { Command, Result, Step } from "../../step";
import type { Done, Job, Plan, Report } from "./job";
import { type Answers, observationFor } from "./observation";

/** A job in the queue, with the type of its plan hidden. */
export interface PendingJob {
  readonly subject: string;
  /** Of its facts. */
  readonly commands: readonly Command[];
  readonly noCache: boolean;
  readonly isolated: boolean;
  /** Undefined where planning failed: then the job has failed with that error. */
  readonly plan: (answers: Answers) => PlannedJob | undefined;
  readonly fail: (error: unknown) => void;
}

/** A job whose steps are known. */
export interface PlannedJob {
  readonly pending: PendingJob;
  readonly steps: readonly Step[];
  /** Of its facts, and of the files that its steps change. */
  readonly commands: readonly Command[];
  readonly finish: (answers: Answers, done: readonly Done[], unflushed?: Result) => void;
}

export function pendingJob<P extends Plan>(
  job: Job<P>,
  resolve: (report: Report<P>) => void,
  fail: (error: unknown) => void,
): PendingJob {
  const commands = job.facts.map(({ command }) => command);
  const pending: PendingJob = {
    subject: job.subject,
    commands,
    noCache: job.noCache === true,
    isolated: job.isolated === true,
    fail,
    plan: (answers) =>
      tryOr(() => {
        const before = job.plan(observationFor(job, answers));
        const steps = before.steps();
        const finish = (later: Answers, done: readonly Done[], unflushed?: Result) => {
          tryOr(() => {
            const after = later === answers ? before : job.plan(observationFor(job, later));
            resolve({ before, after, done, ...(unflushed && { unflushed }) });
          }, fail);
        };
        return { pending, steps, commands: [...commands, ...filesOf(steps).map(readFile)], finish };
      }, fail),
  };
  return pending;
}

/** Files that are changed as a whole: their text has to be known. */
function filesOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => ("file" in step ? [step.file] : []));
}

/** Calls `work`; on an exception passes it to `onError` and returns undefined. */
export function tryOr<T>(work: () => T, onError: (error: unknown) => void): T | undefined {
  try {
    return work();
  } catch (error) {
    onError(error);
    return undefined;
  }
}
