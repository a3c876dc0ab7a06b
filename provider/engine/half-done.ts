import { LvsError } from "../errors";

/** A change that was begun and not finished, with what it left on the host, or may have left. */
export class HalfDoneError extends LvsError {
  override readonly name: string = "HalfDoneError";

  constructor(
    override readonly cause: Error,
    readonly observed: object,
  ) {
    super(cause.message);
  }
}
