import type { Reach } from "../../model/connection";
import type { Login } from "./auth";
import { withinDial } from "./deadline";
import { DialError } from "./dial-error";

/** How far a login has come. */
export type Stage = "version" | "keys" | "login";

/** As ssh2 calls its own. */
export const TIMEOUT = "client-timeout";

/** What the host keeps us waiting for at each stage. */
const AWAITED = {
  version: "it takes the connection, and does not say that it is an SSH server",
  keys: "it stops in the exchange of keys",
  login: "it stops in the login",
} as const satisfies Record<Stage, string>;

/** Why a connection that was taken did not become a login. */
export function explain(
  error: Error & { level?: string },
  { stage, words }: { readonly stage: Stage; readonly words: string },
  ways: readonly Login[],
  reach: Reach,
): DialError {
  const isShaken = stage === "login";
  // A host that stops in the middle of a login has refused nothing.
  if (error.level === TIMEOUT)
    return new DialError(
      `no answer ${withinDial(reach)}: ${AWAITED[stage]}`,
      [],
      [IS_IT_UP, CONNECTION_OF_LAST_UP],
      !isShaken,
    );
  if (/no matching host key/i.test(error.message)) {
    return new DialError(
      "the host has no key of the types that are known for it",
      [error.message],
      [
        "Add its other keys (ssh-keyscan prints them) to hostKey or to the known hosts file, or take the old ones out if it was installed anew.",
      ],
    );
  }
  // Before the handshake: an sshd that is busy (MaxStartups), starting or stopping. It has not judged us yet.
  if (!isShaken)
    return new DialError(
      error.message,
      words === "" ? [] : [words],
      [IS_IT_UP, CONNECTION_OF_LAST_UP],
      error.level !== "handshake",
    );
  return new DialError(
    "the login was refused",
    [error.message, `tried: ${ways.map(({ label }) => label).join(", ")}`],
    [CONNECTION_OF_LAST_UP],
  );
}

export const IS_IT_UP = "Is the host up, and do its address and port lead to an sshd?";

export const CONNECTION_OF_LAST_UP =
  'Plain "pulumi refresh" and "pulumi destroy" use the connection of the last "pulumi up": add --run-program if it has changed since.';
