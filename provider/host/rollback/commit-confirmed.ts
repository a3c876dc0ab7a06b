import { setTimeout as sleep } from "node:timers/promises";
import { CutOffError } from "../../errors";
import type { Connection } from "../../model/connection";
import type { Command, Result } from "../../step";
import type { Clock } from "../clock";
import type { Say } from "../saying";
import { observeScript } from "../shell/script";
import { openShell } from "../shell/shell";
import { connect } from "../ssh/connect";
import { confirm, type Outcome, parseOutcome, status, WINDOW } from "./rollback-script";

type Results = readonly (Result | undefined)[];

/** A change that may cut us off. */
export interface RiskyChange {
  readonly subject: string;
  /** The change as a person would type it. */
  readonly summary: string;
  readonly apply: () => Promise<Results>;
  /** Whether the change was made, so that it has to be confirmed. */
  readonly isApplied: (results: Results) => boolean;
  /** Takes what one waits for. */
  readonly say: Say;
  /** Ends the connection over which the change was sent. */
  readonly disconnect: () => void;
}

/**
 * Applies the change, and confirms it over a new connection. Without an answer, or without a new connection, waits until the host
 * has rolled back, and throws a CutOffError with the outcome.
 */
export async function commitConfirmed(connection: Connection, change: RiskyChange, clock: Clock): Promise<Results> {
  try {
    return await applyAndConfirm(connection, change, clock);
  } finally {
    change.say(undefined);
  }
}

async function applyAndConfirm(connection: Connection, change: RiskyChange, clock: Clock): Promise<Results> {
  const start = clock.now();
  const sent = change.apply().then(
    (results) => ({ results }),
    (error: unknown) => ({ error }),
  );
  const answer = await within(WINDOW * 1000, sent);
  if (answer !== undefined && "results" in answer) {
    if (!change.isApplied(answer.results)) return answer.results;
    change.say("the change may have cut us off, and a new connection has to show that it has not");
    const why = await reconfirm(connection, start + TIME_TO_CONFIRM, clock);
    if (why === undefined) return answer.results;
    change.disconnect();
    throw await cutOff(connection, change, why, start, clock);
  }
  change.disconnect();
  const why = answer === undefined ? `no answer within ${WINDOW} s` : messageOf(answer.error);
  throw await cutOff(connection, change, why, start, clock);
}

/** Milliseconds for the confirmation. Ends well before the window does, or the host could roll back what we take for confirmed. */
const TIME_TO_CONFIRM = (WINDOW - 8) * 1000;

/** undefined: the host keeps the change. Otherwise the reason why it does not. */
async function reconfirm(connection: Connection, until: number, clock: Clock): Promise<string | undefined> {
  let why = "no new connection";
  while (clock.now() < until) {
    try {
      const left = Math.ceil((until - clock.now()) / 1000);
      const { outcome } = await runOnce(connection, confirm(), left);
      return outcome === "kept" ? undefined : "the new connection came too late";
    } catch (error) {
      why = messageOf(error);
      await clock.sleep(Math.min(1000, Math.max(0, until - clock.now())));
    }
  }
  return why;
}

/** Waits until the host has rolled back, for as long as that can take. */
async function cutOff(connection: Connection, change: RiskyChange, why: string, start: number, clock: Clock) {
  change.say(`the change has cut us off, and we wait until the host takes it back, ${WINDOW} s after it was made`);
  const until = start + (2 * WINDOW + 30) * 1000;
  await clock.sleep(Math.max(0, start + (WINDOW + 1) * 1000 - clock.now()));
  let last: Outcome | undefined;
  let output = "";
  while (clock.now() < until && last !== "undone" && last !== "nothing") {
    try {
      ({ outcome: last, output } = await runOnce(connection, status(), 15));
    } catch {
      last = undefined;
    }
    if (last === undefined || last === "waiting") await clock.sleep(2000);
  }
  return new CutOffError(change.subject, change.summary, why, describeOutcome(last, output));
}

export function describeOutcome(outcome: Outcome | undefined, output: string): string {
  if (outcome === "undone" && output === "") return `the host rolled it back after ${WINDOW} s`;
  if (outcome === "undone") return `the host rolled it back after ${WINDOW} s, with the output: ${output}`;
  if (outcome === "nothing") return "nothing was changed";
  return `the host rolls back after ${WINDOW} s, and could not be reached since`;
}

/** One command over a connection of its own. */
async function runOnce(connection: Connection, command: Command, seconds: number) {
  const perDialTimeout = Math.max(1, Math.min(connection.perDialTimeout ?? 8, seconds, 8));
  const once = { ...connection, dialErrorLimit: 1, perDialTimeout, deadline: perDialTimeout };
  const link = await connect(once);
  try {
    const shell = await openShell(link, once);
    const [result] = await shell.run(observeScript([command]));
    if (result?.code !== 0) throw new Error(result?.stderr.trim() ?? "no answer");
    return parseOutcome(result.stdout);
  } finally {
    link.close();
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  const timer = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
