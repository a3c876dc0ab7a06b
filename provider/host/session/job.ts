import type { Fact, FactValues } from "../../facts/fact";
import type { Needs } from "../../facts/programs";
import type { Machine } from "../../model/machine";
import type { Advice, Command, Result, Step } from "../../step";

/** The answers of a host to the facts of one job, read at one time. An error of it names the job's subject. */
export interface Observation extends FactValues {
  /** The raw answer to a command of the job's facts. */
  readonly answer: (command: Command) => Result;
}

/** What a job wants done, after an observation. */
export interface Plan {
  /** Empty: nothing to do. Throwing fails this job alone. */
  readonly steps: () => readonly Step[];
}

/** Facts to read on a host, and changes that depend on them. Jobs that are submitted together share their round trips. */
export interface Job<P extends Plan = Plan> {
  /** For errors: `RealServer tcp 192.0.2.10:80 -> 10.0.0.11:80 on director1`. */
  readonly subject: string;
  readonly facts: readonly Fact<unknown>[];
  /** Pure. Called once before the steps, and after them once more for the report. Throwing fails this job alone. */
  readonly plan: (observation: Observation) => P;
  /** What to do when a fact cannot be read, by the command's output. */
  readonly advice?: readonly Advice[];
  /** What the host must have for it. */
  readonly needs?: Needs;
  /** Read the facts anew, however young the cached answers are. */
  readonly noCache?: boolean;
  /** Merge no step of this job with those of others. For a second attempt: its errors are its own. */
  readonly isolated?: boolean;
}

/** A step that was run, with its outcome. A merged step stands in the report of each job that contributed to it. */
export interface Done {
  readonly step: Step;
  /** The command as it was run. */
  readonly command: string;
  readonly result: Result;
}

/** The outcome of a job. */
export interface Report<P extends Plan = Plan> {
  /** The plan that was carried out. */
  readonly before: P;
  /** The plan made from an observation after the steps; the same as `before` where there were none. */
  readonly after: P;
  readonly done: readonly Done[];
  /** What the host said where it could not make the outcome outlast a power cut. */
  readonly unflushed?: Result;
}

/** All communication with one host in one operation: one connection, one queue, one lock. */
export interface Session {
  /** How messages name this host: `director1`, or `root@192.0.2.1:22`. */
  readonly name: string;
  /** Where our session enters the host, as its own shell reports it. Connects. */
  readonly reachedAt: () => Promise<{ readonly address: string; readonly port: number }>;
  /** The machine that it is. Connects. */
  readonly machine: () => Promise<Machine>;
  readonly submit: <P extends Plan>(job: Job<P>) => Promise<Report<P>>;
}
