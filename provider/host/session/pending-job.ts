import { readFile } from "../../file-step";
import type { Command, Step } from "../../step";
import type { Job, Plan, Report } from "./job";
import { type Answers, observationFor } from "./observation";

/** A job in the queue, with the type of its plan hidden. */
export interface PendingJob {
  readonly subject: string;
  /** Of its facts. */
  readonly commands: readonly Command[];
  readonly noCache: boolean;
  readonly isolated: boolean;
  /** Undefined where planning failed, which `onError` hears. */
  readonly plan: (answers: Answers, onError: (error: unknown) => void) => PlannedJob | undefined;
  readonly fail: (error: unknown) => void;
  /** Fails it, unless its steps are on their way to the host. Then it fails where they were not carried out. */
  readonly cancel: (error: unknown) => void;
  /** Its steps are sent now; false: it has ended already, and they must not be. */
  readonly begin: () => boolean;
  /** They were not carried out. */
  readonly putOff: () => void;
  readonly hasEnded: () => boolean;
}

/** A job whose steps are known. */
export interface PlannedJob {
  readonly pending: PendingJob;
  readonly steps: readonly Step[];
  /** Of its facts, and of the files that its steps change. */
  readonly commands: readonly Command[];
  /** Makes the report, from answers that were read after the steps. */
  readonly finish: (answers: Answers, outcome: Outcome, onError: (error: unknown) => void) => void;
}

/** What became of the steps. */
export type Outcome = Pick<Report, "done" | "unflushed">;

export function pendingJob<P extends Plan>(
  job: Job<P>,
  resolve: (report: Report<P>) => void,
  reject: (error: unknown) => void,
): PendingJob {
  const commands = job.facts.map(({ command }) => command);
  let phase: "waiting" | "begun" | "ended" = "waiting";
  let cancelled: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    phase = "ended";
    reject(error);
  };
  const pending: PendingJob = {
    subject: job.subject,
    commands,
    noCache: job.noCache === true,
    isolated: job.isolated === true,
    fail,
    cancel: (error) => {
      cancelled = { error };
      if (phase === "waiting") fail(error);
    },
    begin: () => {
      if (phase === "waiting") phase = "begun";
      return phase === "begun";
    },
    putOff: () => {
      if (phase !== "begun") return;
      phase = "waiting";
      if (cancelled !== undefined) fail(cancelled.error);
    },
    hasEnded: () => phase === "ended",
    plan: (answers, onError) =>
      tryOr(() => {
        const before = job.plan(observationFor(job, answers));
        const steps = before.steps();
        const finish: PlannedJob["finish"] = (later, outcome, onFinishError) => {
          tryOr(() => {
            const after = later === answers ? before : job.plan(observationFor(job, later));
            phase = "ended";
            resolve({ before, after, ...outcome });
          }, onFinishError);
        };
        return { pending, steps, commands: [...commands, ...filesOf(steps).map(readFile)], finish };
      }, onError),
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
