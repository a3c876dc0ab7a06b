import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionError } from "../../errors";
import { parseFile, readFile } from "../../file-step";
import type { Connection } from "../../model/connection";
import type { Command, Result } from "../../step";
import { underGuard } from "../rollback/commit-confirmed";
import { lifeline } from "../shell/reconnect";
import { observeScript } from "../shell/script";
import { nameOf } from "../ssh/connect";
import { allWell, applyScript, changesOf, doneBy, readings, sendable } from "./apply-script";
import { attempt } from "./attempt";
import { ANSWER_AGE, answers, distinct, without } from "./fact-cache";
import type { Job, Report, Session } from "./job";
import { lockError, lockFor } from "./lock";
import { type Errand, filesOf, schedule, type Unit } from "./schedule";
import { popularity } from "./shared-facts";

/** A session that can be ended. */
export interface OpenSession extends Session {
  readonly close: () => void;
}

interface Waiting {
  readonly job: Job;
  readonly resolve: (report: Report) => void;
  readonly reject: (error: unknown) => void;
}

interface Decided extends Errand {
  readonly waiting: Waiting;
  /** What it asked for, and the files that its steps change. */
  readonly observe: readonly Command[];
}

/** The part of a round trip that is spent on letting more come along, and the most of it in milliseconds. */
const GATHERING = 1 / 4;
const LONGEST_GATHERING = 60;

/** One host: connects when the first job comes, and lets what comes meanwhile travel together. */
export function openSession(connection: Connection): OpenSession {
  const name = nameOf(connection);
  const line = lifeline(connection);
  const known = answers();
  const asked = popularity();
  let queue: Waiting[] = [];
  let busy = false;
  let lastTrip = 0;

  async function work(): Promise<void> {
    busy = true;
    // Calls that the engine makes together arrive in the same turn or the next.
    await new Promise(setImmediate);
    while (queue.length > 0) {
      // What the engine does for each answer takes it some time: its next call is waited for as long as that is worth it.
      await sleep(Math.min(lastTrip * GATHERING, LONGEST_GATHERING));
      const batch = queue;
      queue = [];
      const start = Date.now();
      await travel(batch).catch((error: unknown) => {
        known.forget();
        for (const { reject } of batch) reject(error);
      });
      lastTrip = Date.now() - start;
    }
    busy = false;
  }

  async function travel(batch: readonly Waiting[]): Promise<void> {
    for (const { job } of batch) asked.count(job.subject, job.observe);
    if (batch.some(({ job }) => job.fresh === true)) known.forget();
    await look(batch.flatMap(({ job }) => job.observe));
    const decided = batch.flatMap(decide);
    if (decided.length === 0) return;
    const careful = decided.filter(isGuarded);
    const others = decided.filter((one) => !careful.includes(one));
    if (careful.length === 0 || decided.length === 1) {
      await look(decided.flatMap(({ observe }) => observe));
      await apply(decided);
      return;
    }
    if (others.length > 0) await travel(others.map(({ waiting }) => waiting));
    for (const { waiting } of careful) await alone(waiting);
  }

  /** What may cut us off travels by itself: nobody else shall share its fate. */
  async function alone(waiting: Waiting): Promise<void> {
    await travel([waiting]).catch((error: unknown) => {
      known.forget();
      waiting.reject(error);
    });
  }

  async function look(commands: readonly Command[]): Promise<void> {
    const missing = known.missing(commands);
    if (missing.length === 0) return;
    const at = Date.now();
    known.learn(missing, await line.observe(observeScript(missing)), at);
  }

  /** A job that throws, or has nothing to do, ends here; the others go on. */
  function decide(waiting: Waiting): Decided[] {
    const { job, resolve, reject } = waiting;
    const seen = known.observation(job.observe);
    const steps = attempt(() => job.decide(seen), reject);
    if (steps === undefined) return [];
    if (steps.length === 0) {
      resolve({ seen, done: [] });
      return [];
    }
    return [{ waiting, steps, alone: job.alone === true, observe: [...job.observe, ...filesOf(steps).map(readFile)] }];
  }

  async function apply(decided: readonly Decided[]): Promise<void> {
    const plan = plannable(decided);
    if (plan === undefined) return;
    const { jobs, units } = plan;
    if (units.length === 0) {
      for (const { waiting } of jobs) waiting.resolve({ seen: known.observation(waiting.job.observe), done: [] });
      return;
    }
    const lock = lockFor((await line.greeting()).uid, connection.deadline);
    // Whatever comes of it, what was known of these is not true any more.
    known.forget(changesOf(units));
    const wanted = distinct([...jobs.flatMap(({ observe }) => observe), ...asked.popular()]);
    const written = readings(units);
    const commands = without(written.commands, known.missing(wanted, ANSWER_AGE / 2));
    const at = Date.now();
    const send = () => line.apply(applyScript(units, commands, lock), units.length, commands.length);
    const [locked, ...results] = await guardedly(jobs, units, send);
    if (locked?.code !== 0) throw lockError(name, lock, locked);
    const outcomes = results.slice(0, units.length);
    known.learn(commands, results.slice(units.length), at);
    const well = allWell(units, outcomes);
    // A file that was written whole says what was written: reading it would only cost the host a process.
    if (well) known.learn(written.commands, written.results, at);
    else await look(jobs.flatMap(({ observe }) => observe));
    for (const [index, { waiting }] of jobs.entries()) {
      waiting.resolve({ seen: known.observation(waiting.job.observe), done: doneBy(index, units, outcomes) });
    }
    if (!well) known.forget();
  }

  function guardedly(jobs: readonly Decided[], units: readonly Unit[], apply: () => ReturnType<typeof line.apply>) {
    const index = units.findIndex(({ guarded }) => guarded === true);
    const [job] = jobs;
    if (job === undefined || index === -1) return apply();
    return underGuard(connection, {
      subject: job.waiting.job.subject,
      says: units[index]?.says ?? "",
      apply,
      isMade: (results) => results[index + 1]?.code === 0,
      drop: line.close,
    });
  }

  /** A job whose steps cannot be put into commands (an edit that throws, a word with a blank) fails alone. */
  function plannable(decided: readonly Decided[]): { jobs: readonly Decided[]; units: readonly Unit[] } | undefined {
    const jobs = decided.filter(
      (one) => attempt(() => sendable(schedule([one], textOf(one))), one.waiting.reject) !== undefined,
    );
    const everybody = known.observation(jobs.flatMap(({ observe }) => observe));
    const units = attempt(
      () => schedule(jobs, (path) => parseFile(readable(path, everybody.answer(readFile(path))))),
      (error) => {
        for (const { waiting } of jobs) waiting.reject(error);
      },
    );
    return jobs.length === 0 || units === undefined ? undefined : { jobs, units };
  }

  function textOf({ observe }: Decided): (path: string) => string | undefined {
    const seen = known.observation(observe);
    return (path) => parseFile(readable(path, seen.answer(readFile(path))));
  }

  function readable(path: string, result: Result): string {
    if (result.code === 0) return result.stdout;
    throw new Error(`${name}: cannot read ${path}: ${result.stderr.trim()}`);
  }

  return {
    name,
    reachedAt: async () => (await line.greeting()).reachedAt,
    submit: (job) =>
      new Promise<Report>((resolve, reject) => {
        queue.push({ job, resolve, reject });
        if (!busy) void work();
      }),
    close: () => {
      line.close();
      known.forget();
      const error = new ConnectionError(`${name}: the session was closed`);
      for (const { reject } of queue.splice(0)) reject(error);
    },
  };
}

function isGuarded({ steps }: Decided): boolean {
  return steps.some((step) => "command" in step && step.undo !== undefined);
}
