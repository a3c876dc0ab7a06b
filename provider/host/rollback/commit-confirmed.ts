import { setTimeout as sleep } from "node:timers/promises";
import { CutOffError } from "../../errors";
import type { Connection } from "../../model/connection";
import type { Command, Result } from "../../step";
import { observeScript } from "../shell/script";
import { openShell } from "../shell/shell";
import { connect } from "../ssh/connect";
import { confirmation, inquiry, type Outcome, outcomeOf, WINDOW } from "./rollback-script";

type Results = readonly (Result | undefined)[];

/** A change that may cut us off, on its way. */
export interface Guarded {
  readonly subject: string;
  /** The change as a person would type it. */
  readonly says: string;
  readonly apply: () => Promise<Results>;
  /** Whether the change was made, so that it has to be confirmed. */
  readonly isMade: (results: Results) => boolean;
  /** Ends the connection by which the change was sent. */
  readonly drop: () => void;
}

/**
 * Sends the change, and confirms it over a new connection. If there is no answer, or no new connection, waits until the host has
 * put itself back, and throws a CutOffError that says what became of it.
 */
export async function underGuard(connection: Connection, change: Guarded): Promise<Results> {
  const start = Date.now();
  const sent = change.apply().then(
    (results) => ({ results }),
    (error: unknown) => ({ error }),
  );
  const answer = await within(WINDOW * 1000, sent);
  if (answer !== undefined && "results" in answer) {
    if (!change.isMade(answer.results)) return answer.results;
    const why = await confirm(connection, start + PATIENCE);
    if (why === undefined) return answer.results;
    change.drop();
    throw await cutOff(connection, change, why, start);
  }
  change.drop();
  const why = answer === undefined ? `no answer within ${WINDOW} s` : messageOf(answer.error);
  throw await cutOff(connection, change, why, start);
}

/** Milliseconds until a new connection has to be there. Well before the window is over, or both sides could think they won. */
const PATIENCE = (WINDOW - 8) * 1000;

/** undefined: the host keeps the change. Otherwise why it does not. */
async function confirm(connection: Connection, until: number): Promise<string | undefined> {
  let why = "no new connection";
  while (Date.now() < until) {
    try {
      const left = Math.ceil((until - Date.now()) / 1000);
      const { outcome } = await ask(connection, confirmation(), left);
      return outcome === "kept" ? undefined : "the new connection came too late";
    } catch (error) {
      why = messageOf(error);
      await sleep(Math.min(1000, Math.max(0, until - Date.now())));
    }
  }
  return why;
}

/** Waits for the host to have put itself back, as long as that can take. */
async function cutOff(connection: Connection, change: Guarded, why: string, start: number): Promise<Error> {
  const until = start + (2 * WINDOW + 30) * 1000;
  await sleep(Math.max(0, start + (WINDOW + 1) * 1000 - Date.now()));
  let last: Outcome | undefined;
  let said = "";
  while (Date.now() < until && last !== "undone" && last !== "nothing") {
    try {
      ({ outcome: last, said } = await ask(connection, inquiry(), 15));
    } catch {
      last = undefined;
    }
    if (last === undefined || last === "waiting") await sleep(2000);
  }
  return new CutOffError(change.subject, change.says, why, story(last, said));
}

function story(outcome: Outcome | undefined, said: string): string {
  if (outcome === "undone" && said === "") return `the host put itself back after ${WINDOW} s`;
  if (outcome === "undone") return `the host put itself back after ${WINDOW} s, and said: ${said}`;
  if (outcome === "nothing") return "nothing of it was done";
  return `the host was told to put itself back after ${WINDOW} s, and has not been reached since`;
}

/** One command over a connection of its own. */
async function ask(connection: Connection, command: Command, seconds: number) {
  const perDialTimeout = Math.max(1, Math.min(connection.perDialTimeout, seconds, 8));
  const once = { ...connection, dialErrorLimit: 1, perDialTimeout, deadline: perDialTimeout };
  const link = await connect(once);
  try {
    const shell = await openShell(link, once);
    const [result] = await shell.run(observeScript([command]));
    if (result?.code !== 0) throw new Error(result?.stderr.trim() ?? "no answer");
    return outcomeOf(result.stdout);
  } finally {
    link.close();
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  const clock = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: clock.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clock.abort();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
