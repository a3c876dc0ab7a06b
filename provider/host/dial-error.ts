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
