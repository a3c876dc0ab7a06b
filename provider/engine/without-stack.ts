import { ConnectionError, LvsError } from "../errors";
import { printable } from "../printable";
import { HalfDoneError } from "./half-done";

/** Pulumi prints an error's stack beside its message. Errors for users have a message that is enough; a bug keeps its stack. */
export async function withoutStack<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = wholeOnce(thrown);
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

const known = new Set<string>();

/** What keeps all resources of a host from it is said whole once in a run: those after the first have its first line. */
function wholeOnce(error: unknown): unknown {
  if (!(error instanceof ConnectionError)) return error;
  const { message } = error;
  const [first = "", ...rest] = message.split("\n");
  if (rest.length === 0 || !known.has(message)) {
    known.add(message);
    return error;
  }
  return new ConnectionError(`${first} (another resource of this host has the whole error)`);
}
