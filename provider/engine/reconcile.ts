import { CommandError, InDoubtError, NotConvergedError, UserError } from "../errors";
import { CHANGED_MEANWHILE, writeAdvice } from "../file-step";
import type { Done, Job, Report, Session } from "../host/session/job";
import type { Assessment, Draining, Phase, Reconcilable, RuntimeKind, Target } from "../kinds/runtime-kind";
import { describeStep, PUT_BACK } from "../step";
import { type Waiting, waitForDrain } from "./drain";
import { HalfDoneError } from "./half-done";

export interface Seen {
  /** Undefined: it is not there. */
  readonly observed: object | undefined;
  /** Of an object that is not there, or is to go: whether something is left that a removal would take away. */
  readonly hasLeftovers: boolean;
  /** Whether the host's record has a change that was begun, and maybe not ended. */
  readonly isBegun: boolean;
}

/** How often a change is repeated that others preceded, or gave more to do. */
const MAX_REPEATED = 10;

/** One object on one host. */
export class Reconciler {
  readonly #session: Session;
  readonly #kind: RuntimeKind;
  readonly #target: Target;
  readonly #waiting: Waiting;
  /** For errors. */
  readonly #subject: string;
  readonly #object: Reconcilable;

  constructor(session: Session, kind: RuntimeKind, target: Target, waiting: Waiting) {
    this.#session = session;
    this.#kind = kind;
    this.#target = target;
    this.#waiting = waiting;
    this.#subject = `${kind.name} ${kind.key(target.subject)} on ${session.name}`;
    this.#object = kind.reconcilable(target);
  }

  async observe(): Promise<Seen> {
    const { after } = await this.#session.submit(this.#job("observe"));
    return { observed: after.observed, hasLeftovers: after.hasLeftovers(), isBegun: after.isBegun };
  }

  /** Brings the object into its desired state, and verifies that by a new observation, which it returns. Does nothing where nothing differs. */
  async reconcile(): Promise<object | undefined> {
    const { desired, lastApplied } = this.#target;
    await this.#refuseLockout();
    const mayDrain = desired === undefined || lastApplied !== undefined;
    const after = await this.#converge(mayDrain ? "drain" : "change");
    const drained = after.draining === undefined ? after : await this.#finishDrain(after.draining);
    if (after.why !== undefined) this.#waiting.log(`${this.#subject}: ${after.why}`);
    const final = desired === undefined && drained.hasLeftovers() ? await this.#converge("cleanup") : drained;
    return final.observed;
  }

  async #refuseLockout(): Promise<void> {
    const { desired } = this.#target;
    if (desired === undefined || this.#kind.lockoutProblem === undefined) return;
    const problem = this.#kind.lockoutProblem(desired, await this.#session.reachedAt());
    if (problem !== undefined) throw new UserError(`${this.#subject}: ${problem.property} ${problem.reason}`);
  }

  async #finishDrain(draining: Draining): Promise<Assessment> {
    await waitForDrain(this.#session, { subject: this.#subject, advice: this.#kind.advice }, draining, this.#waiting);
    return this.#converge("change");
  }

  /** One attempt in a batch with others, and where that was not enough an isolated one, so that its error is its own. */
  async #converge(phase: Phase): Promise<Assessment> {
    let report = await this.#session.submit(this.#job(phase)).catch((error: unknown) => {
      throw this.#inDoubt(error);
    });
    for (let attempt = 1; !report.after.isConverged; attempt += 1) {
      const { after } = report;
      // Another writer that changed a file first is no failure: observe again, and do what is left. Nor is one that took away what this one shared with it.
      const isMoving = wasOvertaken(report) || (attempt > 1 && hasMoreToDo(report));
      if (wasPutBack(report) || attempt > (isMoving ? MAX_REPEATED : 1))
        throw this.#halfDone(this.#failureOf(report), after);
      // A refusal may depend on what the first attempt changed: then the error has to report what that left behind.
      report = await this.#session.submit({ ...this.#job(phase), isolated: true }).catch((error: unknown) => {
        throw this.#halfDone(error, after);
      });
    }
    const { after, unflushed } = report;
    if (unflushed !== undefined)
      throw this.#halfDone(new CommandError(this.#subject, "sync", unflushed, writeAdvice), after);
    return after;
  }

  /** What was begun, a state has to know: else no destroy would look for it, and a program that is changed back would find nothing to do. */
  #halfDone(error: unknown, { observed, hasLeftovers }: Assessment): unknown {
    const { desired } = this.#target;
    const left = observed ?? (hasLeftovers() ? desired : undefined);
    return error instanceof Error && left !== undefined ? new HalfDoneError(error, left) : this.#inDoubt(error);
  }

  /** Of what was sent and not answered, all that is known is what was desired, and what was there before. */
  #inDoubt(error: unknown): unknown {
    const { desired, lastApplied } = this.#target;
    const isInDoubt = desired !== undefined && error instanceof InDoubtError;
    return isInDoubt ? new HalfDoneError(error.cause, lastApplied ?? desired) : error;
  }

  #job(phase: Phase): Job<Assessment> {
    return {
      subject: this.#subject,
      facts: this.#object.facts,
      advice: this.#kind.advice,
      needs: this.#kind.needs,
      plan: (observation) => {
        const assessment = this.#withSubject(() => this.#object.assess(observation, phase));
        return { ...assessment, steps: () => this.#withSubject(assessment.steps) };
      },
    };
  }

  /** A kind that refuses gives the reason, without the subject. */
  #withSubject<T>(refusable: () => T): T {
    try {
      return refusable();
    } catch (error) {
      throw error instanceof UserError ? new UserError(`${this.#subject}: ${error.message}`) : error;
    }
  }

  #failureOf({ done, after }: Report<Assessment>): Error {
    const failed = done.find(({ result }) => result.code !== 0);
    if (failed?.result.code === PUT_BACK) return new UserError(`${this.#subject}: ${failed.result.stderr.trim()}`);
    if (failed !== undefined) {
      const advice = "file" in failed.step ? [...writeAdvice, ...this.#kind.advice] : this.#kind.advice;
      return new CommandError(this.#subject, failed.command, failed.result, advice);
    }
    return new NotConvergedError(this.#subject, after.steps().map(describeStep), done.flatMap(outputOf));
  }
}

function wasOvertaken(report: Report<Assessment>): boolean {
  return failureIn(report) === CHANGED_MEANWHILE;
}

/** Whether all was done, and something else is left: what was done last is not undone at once by somebody who manages the same. */
function hasMoreToDo(report: Report<Assessment>): boolean {
  if (failureIn(report) !== undefined) return false;
  const done = new Set(report.done.map(({ command }) => command));
  return report.after.steps().some((step) => !done.has(describeStep(step)));
}

function wasPutBack(report: Report<Assessment>): boolean {
  return failureIn(report) === PUT_BACK;
}

function failureIn({ done }: Report<Assessment>): number | undefined {
  return done.find(({ result }) => result.code !== 0)?.result.code;
}

function outputOf({ result }: Done): string[] {
  return [result.stderr.trim(), result.stdout.trim()].filter((text) => text !== "");
}
