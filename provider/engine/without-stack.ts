import { LvsError } from "../errors";
import { printable } from "../printable";
import { HalfDoneError } from "./half-done";

/** Pulumi prints an error's stack beside its message. Errors for users have a message that is enough; a bug keeps its stack. */
export async function withoutStack<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HalfDoneError && !(error.cause instanceof LvsError)) error.stack = error.cause.stack ?? "";
    else if (error instanceof LvsError) error.stack = "";
    throw shown(error);
  }
}

/** A bug may quote the host as well: its words reach no terminal as they are. */
function shown(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  error.message = printable(error.message);
  if (error.stack !== undefined) error.stack = printable(error.stack);
  return error;
}
