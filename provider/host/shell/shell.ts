import { randomBytes } from "node:crypto";
import type { ClientChannel } from "ssh2";
import { ConnectionError } from "../../errors";
import { encode } from "../../model/bytes";
import type { Connection } from "../../model/connection";
import { hostName } from "../../model/host-name";
import type { Result } from "../../step";
import { listener } from "../saying";
import { type Link } from "../ssh/connect";
import { Deadline } from "../ssh/deadline";
import { describeEnd } from "../ssh/dial";
import { type ShellInfo, startShell } from "../ssh/login-shell";
import { MOST, type Replies, replies } from "./replies";
import type { Script } from "./script";

/** A shell that stays open on a host: a round trip on it takes a few milliseconds, a new process sixty. */
export interface Shell {
  readonly info: ShellInfo;
  /** One script at a time. An entry that was skipped has no result. */
  readonly run: (script: Script) => Promise<readonly (Result | undefined)[]>;
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

interface Running {
  readonly script: Script;
  readonly answers: Replies;
  readonly finish: (outcome: Error | Results) => void;
  readonly onOutput: (stream: "stdout" | "stderr", chunk: Buffer) => void;
}

/** Starts the shell, as root if the connection says so. Throws what `startShell` throws. */
export async function openShell(link: Link, connection: Connection): Promise<Shell> {
  const { channel, info } = await startShell(link, connection);
  let running: Running | undefined;
  let lost: string | undefined;
  const lose = (why: string) => {
    lost ??= why;
    running?.finish(lostError(connection, running, lost));
  };
  const receive = (stream: "stdout" | "stderr") => (chunk: Buffer) => running?.onOutput(stream, chunk);
  channel.on("data", receive("stdout"));
  channel.stderr.on("data", receive("stderr"));
  hearEnd(channel, link, lose);
  const close = () => {
    lost ??= "we closed the connection";
    link.close();
  };
  const giveUp = (error: ConnectionError) => {
    lost ??= "we closed the connection";
    link.reset();
    running?.finish(error);
  };
  return {
    info,
    isOpen: () => lost === undefined,
    close,
    run: (script) =>
      new Promise((resolve, reject) => {
        const nonce = randomBytes(16).toString("hex");
        const end = (outcome: Error | Results) => {
          running = undefined;
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        };
        running = runningOf({ script, nonce, connection }, giveUp, end);
        if (lost === undefined) write(channel, script.text(nonce));
        else lose(lost);
      }),
  };
}

type Results = readonly (Result | undefined)[];

interface Sent {
  readonly script: Script;
  readonly nonce: string;
  readonly connection: Connection;
}

/** A script from now until it ends, or is given up. */
function runningOf(
  { script, nonce, connection }: Sent,
  giveUp: (error: ConnectionError) => void,
  end: (outcome: Error | Results) => void,
): Running {
  const say = listener();
  const answers = replies(nonce, script.summaries.length);
  const finish = (outcome: Error | Results) => {
    deadline.end();
    say(undefined, true);
    end(outcome);
  };
  const patience = () => script.patience?.[answers.passed()] ?? 0;
  const late = () => giveUp(lateError(connection, { script, answers }, patience()));
  // The deadline is for each command: it begins anew with each that ends.
  const limit = () => connection.deadline + patience();
  const deadline = new Deadline(limit(), late);
  let passed = 0;
  say(script.doing?.[0], true);
  const onOutput = (stream: "stdout" | "stderr", chunk: Buffer) => {
    answers.take(stream, chunk);
    const words = stream === "stderr" ? wordsOfWait(chunk) : undefined;
    if (words !== undefined) say(`${script.doing?.[passed] ?? ""}: ${words}`, true);
    const results = answers.results();
    if (results !== undefined) finish(results);
    else if (answers.tooMuch()) giveUp(endlessError(connection, { script, answers }));
    else if (answers.passed() > passed) {
      passed = answers.passed();
      say(script.doing?.[passed], true);
      deadline.restart(limit());
    }
  };
  return { script, answers, finish, onOutput };
}

/** A command of ours that waits says what for. */
function wordsOfWait(chunk: Buffer): string | undefined {
  return /(?:^|\n)(waiting for [ -~]{1,200})\n$/.exec(chunk.toString("latin1", 0, 1000))?.[1];
}

function hearEnd(channel: ClientChannel, { client }: Link, lose: (why: string) => void): void {
  channel.on("close", () => lose("the shell ended"));
  channel.on("error", (error: Error) => lose(error.message));
  client.on("error", (error) => lose(describeEnd(error)));
  client.on("close", () => lose("the connection was closed"));
  // It may have ended in the same packet as its greeting, before anything here listened.
  if (channel.readableEnded) lose("the shell ended");
}

function write(channel: ClientChannel, text: string): void {
  channel.write(encode(text));
}

type Unfinished = Pick<Running, "script" | "answers">;

function lateError(connection: Connection, unfinished: Unfinished, patience: number): ConnectionError {
  const seconds = connection.deadline + patience;
  const setting = patience === 0 ? "deadline" : `deadline, and ${patience} s more for such a command`;
  return new ConnectionError(
    [
      `${hostName(connection)}: a command did not end within ${seconds} s (${setting}), and the connection was closed`,
      ...unfinishedLines(unfinished),
      "It may still be running there: the next run observes the host again. If it needs that long, raise the host's deadline.",
    ].join("\n"),
  );
}

function endlessError(connection: Connection, unfinished: Unfinished): ConnectionError {
  return new ConnectionError(
    [
      `${hostName(connection)}: a command printed more than ${MOST >> 20} MiB, and the connection was closed`,
      ...unfinishedLines(unfinished),
      "Run it on the host: no file and no program there should have so much to say.",
    ].join("\n"),
  );
}

/** The host or the network ended the connection. Not thrown where we closed it. */
export class LostConnectionError extends ConnectionError {}

function lostError(connection: Connection, unfinished: Unfinished, why: string): LostConnectionError {
  return new LostConnectionError(
    [
      `${hostName(connection)}: the connection was lost while a command was running: ${why}`,
      ...unfinishedLines(unfinished),
      "Whether the host completed it is unknown: the next run observes the host again.",
    ].join("\n"),
  );
}

function unfinishedLines({ script, answers }: Unfinished): string[] {
  const { stdout, stderr } = answers.unfinished();
  const isHidden = script.hides?.[answers.passed()] === true;
  const output = isHidden ? undefined : [stderr, stdout].map((text) => text.trim()).find((text) => text !== "");
  return [
    `$ ${script.summaries[answers.passed()] ?? "(the end of the script)"}`,
    ...(output === undefined ? [] : [output.slice(-500)]),
  ].map((line) => line.replaceAll(/^/gm, "  "));
}
