import type { Command, Result, Step } from "../../step";

/** What was seen on a host in one look. */
export interface Observation {
  /** The answer to a command that was asked for. Throws for one that was not. */
  readonly answer: (command: Command) => Result;
}

/** A wish that one host is looked at, and perhaps changed. Jobs that arrive together travel together. */
export interface Job {
  /** Whose job this is, for errors: `RealServer tcp 192.0.2.10:80 -> 10.0.0.11:80`. */
  readonly subject: string;
  readonly observe: readonly Command[];
  /** Pure: the steps to take, given what was seen. Empty: nothing to do. Throwing fails this job alone. */
  readonly decide: (seen: Observation) => readonly Step[];
  /** Do not answer from an earlier look, however young. */
  readonly fresh?: boolean;
  /** Do not merge this job's rules with those of others: used for a second try, so that each error finds its owner. */
  readonly alone?: boolean;
}

/** A step that was taken, and its outcome. A merged step stands in the report of each job that had a part in it. */
export interface Done {
  readonly step: Step;
  /** The command as it was run. */
  readonly command: string;
  readonly result: Result;
}

/** What came of a job. */
export interface Report {
  /** After the steps, if there were any. */
  readonly seen: Observation;
  readonly done: readonly Done[];
}

/** One host, for one operation: one connection, one lock, one queue. */
export interface Session {
  /** How messages name this host: `director1`, or `root@192.0.2.1:22`. */
  readonly name: string;
  /** Where our session enters the host, by the host's own account; known once connected. */
  readonly reachedAt: () => Promise<{ readonly address: string; readonly port: number }>;
  readonly submit: (job: Job) => Promise<Report>;
}
