import { LvsError } from "../../errors";

/** Whether another attempt may succeed: where nobody answers, or where sshd turns callers away, after longer pauses. */
export type Retry = "no" | "soon" | "later";

/** Why there is no connection. */
export class DialError extends LvsError {
  override readonly name: string = "DialError";

  constructor(
    readonly reason: string,
    /** Output or keys, a line each. */
    readonly details: readonly string[],
    /** What to do, a line each. */
    readonly advice: readonly string[],
    readonly retry: Retry = "no",
  ) {
    super(reason);
  }
}

/** A proxy that forwards to no host. */
export class NotForwarded extends DialError {
  override readonly name = "NotForwarded";
}

/** What somebody else has reported in full. */
export class RepeatedDialError extends DialError {
  override readonly name = "RepeatedDialError";

  constructor(reason: string) {
    super(reason, [], []);
  }
}

/** The message of whatever was thrown. Not by its class: under jest, an error of Node's own has another Error class. */
export function messageOf(error: unknown): string {
  return isObject(error) && typeof error["message"] === "string" ? error["message"] : String(error);
}

/** The same without the path that a system call was given: `ENOENT: no such file or directory`. */
export function reasonOf(error: unknown): string {
  return messageOf(error).split(/, [a-z]+ '/)[0] ?? "";
}

/** The code of a system call's error: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return isObject(error) && typeof error["code"] === "string" ? error["code"] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
