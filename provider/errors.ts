import { printable } from "./printable";
import { type Advice, type Command, describeCommand, type Result } from "./step";

/** The base of all errors whose message is written for users. Pulumi prints a stack beside the message, which would only repeat it. */
export class LvsError extends Error {
  override readonly name: string = "LvsError";

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}

/** A mistake in the program or its configuration. The message says what to do. */
export class UserError extends LvsError {
  override readonly name: string = "UserError";
}

/** A host that cannot be reached, or refuses the login. Never means that an object is gone. */
export class ConnectionError extends LvsError {
  override readonly name: string = "ConnectionError";
}

/** The engine was told to end: nothing more is begun. */
export class CancelledError extends LvsError {
  override readonly name: string = "CancelledError";

  constructor(subject: string, what = "and nothing more was begun here") {
    super(`${subject}: the run was cancelled, ${what}. The next "pulumi up" does what is left.`);
  }
}

/** The lock against a second writer could not be taken. */
export class LockError extends LvsError {
  override readonly name: string = "LockError";
}

/** A violated assumption of this code. Keeps its stack. */
export class BugError extends Error {
  override readonly name: string = "BugError";

  constructor(what: string) {
    super(`${what}: this is a bug in pulumi-lvs, please report it`);
  }
}

/** A command that failed on a host: reason, pasteable command, output and advice, a line each. */
export class CommandError extends LvsError {
  override readonly name: string = "CommandError";

  constructor(
    readonly subject: string,
    readonly command: string,
    readonly result: Result,
    advice: readonly Advice[] = [],
  ) {
    const output = [result.stderr, result.stdout].map((text) => text.trim()).find((text) => text !== "");
    super(
      [
        `${subject}: command failed with exit code ${result.code}`,
        indent(`$ ${command}`),
        indent(output ?? "(no output)"),
        ...adviceFor(output ?? "", advice),
      ].join("\n"),
    );
  }
}

/** A change that cut off our connection, so that the host rolled it back. */
export class CutOffError extends LvsError {
  override readonly name: string = "CutOffError";

  constructor(subject: string, command: string, why: string, outcome: string) {
    super(
      [
        `${subject}: no new SSH connection succeeded after this change; ${outcome}`,
        indent(`$ ${command}`),
        indent(why),
        "The change affects the route to this host's SSH address. Add a management route of its own or use another address for SSH, " +
          "and run again.",
      ].join("\n"),
    );
  }
}

/** A change was sent, and what became of it is not known: the connection was lost before the host answered. */
export class InDoubtError extends LvsError {
  override readonly name: string = "InDoubtError";

  constructor(override readonly cause: LvsError) {
    super(cause.message);
  }
}

/** Output that no parser can read. Guessing would be worse. */
export class UnreadableOutputError extends LvsError {
  override readonly name: string = "UnreadableOutputError";

  constructor(subject: string, command: Command, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      [
        `${subject}: unreadable output: ${why}`,
        indent(`$ ${describeCommand(command)}`),
        "Run it on the host: its output matches no supported version. Please report it.",
      ].join("\n"),
      { cause },
    );
  }
}

/** A file that a step edits and that cannot be read. */
export class FileReadError extends LvsError {
  override readonly name: string = "FileReadError";

  constructor(host: string, path: string, output: string) {
    super(`${host}: cannot read ${path}: ${output.trim()}`);
  }
}

/** All steps succeeded, and the observed state still differs from the desired state. */
export class NotConvergedError extends LvsError {
  override readonly name: string = "NotConvergedError";

  constructor(subject: string, left: readonly string[], output: readonly string[]) {
    super(
      [
        `${subject}: the steps succeeded, but the host still differs. Left to do:`,
        ...left.map((line) => indent(`$ ${line}`)),
        ...output.map(indent),
        "Does something else manage this on the host (keepalived, ldirectord, a cron job)? Find it, then run again.",
      ].join("\n"),
    );
  }
}

function adviceFor(output: string, advice: readonly Advice[]): string[] {
  return advice.filter(({ when }) => when.test(output)).map(({ say }) => say);
}

function indent(text: string): string {
  // Not by /^/gm, which takes a carriage return of the host's for the end of a line.
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
