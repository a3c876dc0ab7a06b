import { type Advice, type Command, describeCommand, type Result } from "./step";

/** A mistake in what the user wrote: the message says what to do. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** A host that cannot be reached or does not let us in. Never means that something is gone. */
export class ConnectionError extends Error {
  override readonly name: string = "ConnectionError";
}

/** A command that a host refused. Reason, pasteable command, the host's words, advice: a line each. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";

  constructor(
    readonly subject: string,
    readonly command: string,
    readonly result: Result,
    advice: readonly Advice[] = [],
  ) {
    const said =
      [result.stderr, result.stdout].map((text) => text.trim()).find((text) => text !== "") ??
      "(the host said nothing)";
    super(
      [
        `${subject}: command failed with exit code ${result.code}`,
        indent(`$ ${command}`),
        indent(said),
        ...adviceFor(said, advice),
      ].join("\n"),
    );
  }
}

/** A change after which the host could not be reached any more, so that the host itself put it back. */
export class CutOffError extends Error {
  override readonly name: string = "CutOffError";

  constructor(subject: string, command: string, why: string, outcome: string) {
    super(
      [
        `${subject}: no new SSH connection came through after this change; ${outcome}`,
        indent(`$ ${command}`),
        indent(why),
        "The change concerns the way by which we reach the host. Give that way a route of its own, or reach the host at another " +
          "address, and run again.",
      ].join("\n"),
    );
  }
}

/** Output that no parser of ours understands. Guessing would be worse. */
export class UnreadableOutputError extends Error {
  override readonly name: string = "UnreadableOutputError";

  constructor(subject: string, command: Command, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      [
        `${subject}: unreadable output: ${why}`,
        indent(`$ ${describeCommand(command)}`),
        "Run it on the host: it prints something that none of the versions we know would print.",
      ].join("\n"),
      { cause },
    );
  }
}

/** Everything was done without an error, and still the host is not as it should be. */
export class NotConvergedError extends Error {
  override readonly name: string = "NotConvergedError";

  constructor(subject: string, left: readonly string[], said: readonly string[]) {
    super(
      [
        `${subject}: the host took the change and is still not as it should be. Left to do:`,
        ...left.map((line) => indent(`$ ${line}`)),
        ...said.map(indent),
        "Is something else managing this on the host (keepalived, ldirectord, a cron job)? Find it, then run again.",
      ].join("\n"),
    );
  }
}

function adviceFor(said: string, advice: readonly Advice[]): string[] {
  return advice.filter(({ when }) => when.test(said)).map(({ say }) => say);
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
