import { LockError } from "../../errors";
import { writeAdvice } from "../../file-step";
import type { Command, Result } from "../../step";

/** The lock against a second writer: another run of ours, on this machine or on any other. */
export interface Lock {
  readonly path: string;
  /** Seconds to wait for the other writer. */
  readonly patience: number;
}

/**
 * Root's lock is in /run, where no other user can create it first: in /run/lock, which is world-writable, the kernel does not let
 * root open another user's file (fs.protected_regular). The wait ends before the deadline of a command does.
 */
export function lockFor(uid: number, deadline: number): Lock {
  const path = uid === 0 ? "/run/pulumi-lvs.lock" : `/run/lock/pulumi-lvs-${uid}.lock`;
  return { path, patience: Math.max(1, Math.min(30, deadline - 1)) };
}

/** Asks who wrote last. Read before other facts: it tells whether they are older than what somebody wrote. */
export function lastWriter({ path }: Lock): Command {
  return { sh: 'w=; read -r w rest 2>/dev/null <"$1"; echo "$w"', args: [path], inShell: true };
}

/** The exit code of a script that did nothing, because another one had written since its plan was made. */
export const OVERTAKEN = 4;

/** The error for a batch whose lock was not taken. */
export function lockError(name: string, { path, patience }: Lock, result: Result | undefined): LockError {
  const output = result?.stderr.trim() ?? "";
  const isBusy = result?.code === BUSY && output === "";
  return new LockError(
    [
      isBusy
        ? `${name}: another run is writing to this host, and did not finish within ${patience} s`
        : `${name}: the lock against a second writer cannot be taken`,
      `  $ flock -w ${patience} ${path} true`,
      ...(output === "" ? [] : [`  ${output}`]),
      isBusy
        ? `Nothing was changed. Wait for the other run; "fuser ${path}" on the host names its process.`
        : result?.code === NOT_OURS
          ? "Nothing was changed: whoever can open the lock can hold it, and keep us from writing."
          : `Nothing was changed. ${whyNot(output)}`,
    ].join("\n"),
  );
}

function whyNot(output: string): string {
  const known = writeAdvice.find(({ when }) => when.test(output));
  if (known !== undefined) return known.say;
  return "The host needs util-linux (flock), and the user write permission there: connect as root, or set sudo: true.";
}

const BUSY = 1;
const NOT_OURS = 3;
