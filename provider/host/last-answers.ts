import { UserError } from "../errors";
import { cancelCalls } from "./call";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** How long an answer may take to leave the process. */
const LEAVES_WITHIN_MS = 500;

/** signal-exit, which comes with Pulumi's SDK, sends the process what it has got once more where it takes itself for the only listener. */
const SAME_REQUEST_MS = 1000;

let unanswered = 0;
let requested: NodeJS.Signals | undefined;
let requestedAt = 0;

/**
 * Does what changes a host. Pulumi forgets a create that its provider does not answer: it is in no state, also where the host has all of it. So
 * a provider that is asked to end in the middle of such work ends after it, and begins no more. Asked again, it ends at once, as it does
 * where nothing is under way.
 */
export async function answered<T>(work: () => Promise<T>): Promise<T> {
  if (requested !== undefined)
    throw new UserError(`nothing was done: the provider of this run was ended by ${requested}`);
  if (unanswered === 0) for (const signal of SIGNALS) process.on(signal, end);
  unanswered += 1;
  try {
    return await work();
  } finally {
    unanswered -= 1;
    if (unanswered === 0) leaveIfRequested();
  }
}

function end(signal: NodeJS.Signals): void {
  cancelCalls();
  if (requested === undefined) [requested, requestedAt] = [signal, performance.now()];
  else if (performance.now() - requestedAt > SAME_REQUEST_MS) leave(signal);
}

/** Nothing is under way any more. */
function leaveIfRequested(): void {
  if (requested === undefined) stopListening();
  else setTimeout(leave, LEAVES_WITHIN_MS, requested);
}

/** As if it had not been heard. */
function leave(signal: NodeJS.Signals): void {
  stopListening();
  process.kill(process.pid, signal);
}

function stopListening(): void {
  for (const signal of SIGNALS) process.off(signal, end);
}
