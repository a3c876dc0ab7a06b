/** Why there is no connection: `retry` when it may be better in a moment. */
export class DialError extends Error {
  override readonly name: string = "DialError";

  constructor(
    readonly reason: string,
    /** What was said or shown, a line each; then what to do. */
    readonly details: readonly string[],
    readonly advice: readonly string[],
    readonly retry = false,
  ) {
    super(reason);
  }
}

/** The words of whatever was thrown. Not by its class: an error of Node's own may come from another realm. */
export function wordsOf(error: unknown): string {
  return isObject(error) && typeof error["message"] === "string" ? error["message"] : String(error);
}

/** The code of a system call's error: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return isObject(error) && typeof error["code"] === "string" ? error["code"] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
