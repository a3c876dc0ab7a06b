import { CommandError, NotConvergedError, UserError } from "../errors";
import { CHANGED_MEANWHILE } from "../file-step";
import type { Done, Job, Report, Session } from "../host/session/job";
import type { Assessment, Phase, RuntimeKind, Target } from "../kinds/define-kind";
import { describeStep } from "../step";
import { waitForDrain } from "./drain";
import { HalfDoneError } from "./half-done";

/** One object on one host. */
export interface Reconciler {
  /** The observed state, or undefined. */
  readonly observe: () => Promise<object | undefined>;
  /** Brings the object into its desired state, and verifies that by a new observation. Does nothing where nothing differs. */
  readonly reconcile: () => Promise<Outcome>;
}

export interface Outcome {
  readonly observed: object | undefined;
  /** The object existed before, as desired or not. */
  readonly existed: boolean;
}

/** How often a write is repeated that another writer preceded. */
const MAX_OVERTAKEN = 10;

export function reconciler(
  session: Session,
  kind: RuntimeKind,
  target: Target,
  log: (line: string) => void,
): Reconciler {
  const { desired, subject: record, lastApplied } = target;
  const subject = `${kind.name} ${kind.key(record)} on ${session.name}`;
  const { facts, assess } = kind.reconcilable(target);

  async function observe(): Promise<object | undefined> {
    const { after } = await session.submit(job("observe"));
    return after.observed;
  }

  async function reconcile(): Promise<Outcome> {
    await refuseLockout();
    const mayDrain = desired === undefined || lastApplied !== undefined;
    const { before, after } = await converge(mayDrain ? "drain" : "change");
    const drained = after.draining === undefined ? after : await finishDrain(after.draining);
    const final = desired === undefined && drained.hasLeftovers() ? await cleanUp() : drained;
    return { observed: final.observed, existed: before.observed !== undefined };
  }

  async function refuseLockout(): Promise<void> {
    if (desired === undefined || kind.lockoutProblem === undefined) return;
    const problem = kind.lockoutProblem(desired, await session.reachedAt());
    if (problem !== undefined) throw new UserError(`${subject}: ${problem.property} ${problem.reason}`);
  }

  async function finishDrain(draining: NonNullable<Assessment["draining"]>): Promise<Assessment> {
    await waitForDrain(session, { subject, advice: kind.advice }, draining, log);
    return (await converge("change")).after;
  }

  async function cleanUp(): Promise<Assessment> {
    return (await converge("cleanup")).after;
  }

  /** One attempt in a batch with others, and where that was not enough an isolated one, so that its error is its own. */
  async function converge(phase: Phase): Promise<Pick<Report<Assessment>, "before" | "after">> {
    let report = await session.submit(job(phase));
    const { before } = report;
    for (let attempt = 1; !report.after.isConverged; attempt += 1) {
      const { after } = report;
      // Another writer that changed a file first is no failure: observe again, and do what is left.
      if (attempt > (wasOvertaken(report) ? MAX_OVERTAKEN : 1)) throw halfDone(failureOf(report), after);
      // A refusal may depend on what the first attempt changed: then the error has to report what that left behind.
      report = await session.submit({ ...job(phase), isolated: true }).catch((error: unknown) => {
        throw halfDone(error, after);
      });
    }
    return { before, after: report.after };
  }

  function job(phase: Phase): Job<Assessment> {
    return {
      subject,
      facts,
      advice: kind.advice,
      plan: (observation) => {
        const assessment = withSubject(() => assess(observation, phase));
        return { ...assessment, steps: () => withSubject(assessment.steps) };
      },
    };
  }

  /** A kind that refuses gives the reason, without the subject. */
  function withSubject<T>(refusable: () => T): T {
    try {
      return refusable();
    } catch (error) {
      throw error instanceof UserError ? new UserError(`${subject}: ${error.message}`) : error;
    }
  }

  function failureOf({ done, after }: Report<Assessment>): Error {
    const failed = done.find(({ result }) => result.code !== 0);
    if (failed !== undefined) return new CommandError(subject, failed.command, failed.result, kind.advice);
    return new NotConvergedError(subject, after.steps().map(describeStep), done.flatMap(outputOf));
  }

  return { observe, reconcile };
}

function wasOvertaken({ done }: Report<Assessment>): boolean {
  return done.find(({ result }) => result.code !== 0)?.result.code === CHANGED_MEANWHILE;
}

function halfDone(error: unknown, { observed }: Assessment): unknown {
  return error instanceof Error && observed !== undefined ? new HalfDoneError(error, observed) : error;
}

function outputOf({ result }: Done): string[] {
  return [result.stderr.trim(), result.stdout.trim()].filter((text) => text !== "");
}
