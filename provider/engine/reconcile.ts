import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, NotConvergedError, UnreadableOutputError, UserError } from "../errors";
import type { Fact, Facts } from "../facts/fact";
import { CHANGED_MEANWHILE } from "../file-step";
import type { Done, Job, Observation, Report, Session } from "../host/session/job";
import type { AnyKind, Drain } from "../kinds/kind";
import { type Advice, describeCommand, describeStep, type Step } from "../step";

/** What is wished of one object on one host. `goal` undefined: that it goes. */
export interface Wish {
  readonly kind: AnyKind;
  readonly goal: object | undefined;
  /** Who it is about, with its settings: the goal itself, or what earlier runs left. */
  readonly about: object;
  /** The record as earlier runs left it on the host. */
  readonly known?: object;
}

/** The record as the host has it now, or undefined. */
export async function observe(session: Session, wish: Wish): Promise<object | undefined> {
  const report = await session.submit({ ...look(session, wish), decide: () => [] });
  return find(session, wish, report.seen);
}

/** What came of a wish. */
export interface Outcome {
  readonly have: object | undefined;
  /** Something was there before, as wished or not. */
  readonly found: boolean;
}

/** Makes it so, believes only what the host says afterwards, and returns that. Does nothing where nothing is to do. */
export async function converge(session: Session, wish: Wish, log: (line: string) => void): Promise<Outcome> {
  if (wish.goal !== undefined) await guard(session, wish, wish.goal);
  const first = wish.goal !== undefined && wish.known === undefined;
  if (wish.kind.drain !== undefined && !first) await drain(session, wish, log);
  let found: boolean | undefined;
  const seen = await settle(session, wish, (now) => {
    found ??= find(session, wish, now) !== undefined;
    return plan(session, wish, now);
  });
  if (wish.goal === undefined && wish.kind.cleanup !== undefined) {
    const left = (now: Observation) =>
      (wish.kind.cleanup?.(parse(session, wish, now), wish.about) ?? []) as readonly unknown[];
    if (left(seen).length > 0) await settle(session, wish, left);
  }
  return { have: find(session, wish, seen), found: found === true };
}

/** Thrown when a change was begun and not brought to its end: what the host has now is part of the story. */
export class HalfDoneError extends Error {
  constructor(
    override readonly cause: Error,
    readonly have: object,
  ) {
    super(cause.message);
  }
}

/** One try for the batch, and where that was not enough one more alone, so that every error finds its owner. */
async function settle(session: Session, wish: Wish, changes: (seen: Observation) => readonly unknown[]) {
  const render = (seen: Observation) => {
    const facts = parse(session, wish, seen);
    return named(session, wish, () =>
      changes(seen).flatMap((change): readonly Step[] => wish.kind.render(change, facts)),
    );
  };
  const halfDone = (cause: Error, seen: Observation) => {
    const have = find(session, wish, seen);
    return have === undefined ? cause : new HalfDoneError(cause, have);
  };
  let report = await session.submit({ ...look(session, wish), decide: render });
  for (let again = 1; changes(report.seen).length > 0; again++) {
    // To be overtaken by another writer is no failure: look again, and do what is left.
    if (again > (wasOvertaken(report) ? OVERTAKEN_AT_MOST : 1))
      throw halfDone(whyNot(session, wish, report, render(report.seen)), report.seen);
    const { seen } = report;
    // What could not be seen before the first try may refuse the second: then the first one's half is there all the same.
    report = await session.submit({ ...look(session, wish), decide: render, alone: true }).catch((error: unknown) => {
      throw error instanceof Error ? halfDone(error, seen) : error;
    });
  }
  return report.seen;
}

const OVERTAKEN_AT_MOST = 10;

function wasOvertaken({ done }: Report): boolean {
  return done.find(({ result }) => result.code !== 0)?.result.code === CHANGED_MEANWHILE;
}

/** A kind that refuses says why, and not for whom. */
function named<T>(session: Session, wish: Wish, refusable: () => T): T {
  try {
    return refusable();
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${subject(session, wish)}: ${error.message}`) : error;
  }
}

function whyNot(session: Session, wish: Wish, { done }: Report, left: readonly Step[]): Error {
  const failed = done.find(({ result }) => result.code !== 0);
  if (failed) return new CommandError(subject(session, wish), failed.command, failed.result, adviceOf(wish));
  return new NotConvergedError(subject(session, wish), left.map(describeStep), done.flatMap(words));
}

function words({ result }: Done): string[] {
  return [result.stderr.trim(), result.stdout.trim()].filter((text) => text !== "");
}

async function guard(session: Session, wish: Wish, goal: object): Promise<void> {
  if (wish.kind.lockoutProblem === undefined) return;
  const problem = wish.kind.lockoutProblem(goal, await session.reachedAt());
  if (problem) throw new UserError(`${subject(session, wish)}: ${problem.property} ${problem.reason}`);
}

async function drain(session: Session, wish: Wish, log: (line: string) => void): Promise<void> {
  const have = await observe(session, wish);
  const way: Drain<object, unknown> | undefined = have && wish.kind.drain?.(wish.goal, have, wish.about);
  if (!way) return;
  const interim = { ...wish, goal: way.interim, about: way.interim };
  await settle(session, interim, (now) => plan(session, interim, now));
  const end = Date.now() + way.timeout * 1000;
  for (;;) {
    const { subject: name, observe: questions } = look(session, interim);
    const asked = way.canEnd === undefined ? questions : [...questions, way.canEnd.command];
    const { seen } = await session.submit({ subject: name, observe: asked, decide: () => [], fresh: true });
    const left = way.remaining(parse(session, interim, seen));
    if (left === 0) return;
    if (way.canEnd !== undefined && read(session, interim, way.canEnd, seen) === false) {
      log(
        `${subject(session, wish)}: the host takes no packets for it any more, so ${left} connections are not waited for`,
      );
      return;
    }
    if (Date.now() >= end) {
      log(`${subject(session, wish)}: drain timeout of ${way.timeout} s is over with ${left} connections left`);
      return;
    }
    log(`${subject(session, wish)}: draining, ${left} connections left`);
    await sleep(way.pollInterval * 1000);
  }
}

function plan(session: Session, wish: Wish, seen: Observation): readonly unknown[] {
  return wish.kind.plan(wish.goal, find(session, wish, seen));
}

function find(session: Session, wish: Wish, seen: Observation): object | undefined {
  return wish.kind.observe(parse(session, wish, seen), wish.about, wish.known) as object | undefined;
}

function look(session: Session, wish: Wish): Pick<Job, "subject" | "observe"> {
  return { subject: subject(session, wish), observe: factsOf(wish).map(([, { command }]) => command) };
}

function parse(session: Session, wish: Wish, seen: Observation): Record<string, unknown> {
  return Object.fromEntries(factsOf(wish).map(([name, fact]) => [name, read(session, wish, fact, seen)]));
}

function read(session: Session, wish: Wish, fact: Fact<unknown>, seen: Observation): unknown {
  const answer = seen.answer(fact.command);
  if (answer.code !== 0) {
    const advice = [...(fact.advice ?? []), ...adviceOf(wish)];
    throw new CommandError(subject(session, wish), describeCommand(fact.command), answer, advice);
  }
  try {
    return fact.parse(answer.stdout);
  } catch (cause) {
    throw cause instanceof UserError ? cause : new UnreadableOutputError(subject(session, wish), fact.command, cause);
  }
}

function factsOf(wish: Wish): [string, Fact<unknown>][] {
  return Object.entries(wish.kind.facts(wish.about) as Facts<Record<string, unknown>>);
}

function adviceOf({ kind }: Wish): readonly Advice[] {
  return kind.advice ?? [];
}

function subject(session: Session, { kind, about }: Wish): string {
  return `${kind.name} ${kind.key(about)} on ${session.name}`;
}
