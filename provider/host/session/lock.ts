import { LockError } from "../../errors";
import { writeAdvice } from "../../file-step";
import { OWN } from "../../own-file";
import type { Command, Result } from "../../step";
import { PENDING } from "../rollback/rollback-script";

/** The lock against a second writer: another run of ours, on this machine or on any other. */
export interface Lock {
  readonly path: string;
  /** Seconds to wait for the other writer. */
  readonly patience: number;
  /** Whether a script over this connection has found it to be ours. */
  readonly isOurs?: boolean;
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
  return { sh: `${WHO}\nwho "$@"`, args: [path, PENDING], inShell: true };
}

/**
 * As `lastWriter`, and makes oneself known as the last one, where nobody writes. The script of a run that has given up may still be on its way
 * to a host that was frozen: once somebody else has looked, it finds that it was overtaken, and does nothing.
 */
export function arrive({ path }: Lock, arrival: string): Command {
  return { sh: ARRIVE, args: [path, PENDING, arrival], inShell: true };
}

/** Waits until nobody writes. Prints `free`, or when so many seconds are over `busy` or `back`, and what `lastWriter` would. */
export function awaitWriter({ path }: Lock, seconds: number): Command {
  return { sh: AWAIT, args: [path, PENDING, `${seconds}`], patience: seconds };
}

/** Stands after the writer while the host may take a change back by itself. */
export const MAY_GO_BACK = "+back:";

const WHO = `who() {
  w=
  read -r w rest 2>/dev/null <"$1"
  [ -d "$2" ] || [ -d "$2.due" ] && w=$w${MAY_GO_BACK}
  echo "$w"
}`;

// A lock that cannot be taken says nothing here: whoever wants to write is told of it. A script of ours that has it says so within a second.
// shellcheck disable=SC3067: dash, bash and busybox have -O, and POSIX since 2024.
const ARRIVE = `${WHO}
${OWN}
umask 077
if own "$1" 2>/dev/null; then
  { flock -w 1 9 && echo "$3" >"$1"; } 2>/dev/null 9>>"$1"
fi 2>/dev/null
umask 022
who "$1" "$2"`;

// Whoever waits longest gets the lock first: a script of ours that waits for it has run by then. It is shared, so that two that wait do
// not wait for each other.
// shellcheck disable=SC3067: dash, bash and busybox have -O, and POSIX since 2024.
const AWAIT = `${WHO}
s=free left=$3
if [ -O "$1" ] && [ -r "$1" ]; then
  flock -s -w "$3" 9 9<"$1"
  [ $? != 1 ] || s=busy
fi
while [ $s = free ] && { [ -d "$2" ] || [ -d "$2.due" ]; }; do
  [ "$left" -gt 0 ] || s=back
  left=$((left - 1))
  [ $s = back ] || sleep 1
done
echo "$s $(who "$@")"`;

/** The exit code of a script that did nothing, because another one had written since its plan was made. */
export const OVERTAKEN = 4;

/** The error for a batch whose lock was not taken. */
export function lockError(name: string, { path, patience }: Lock, result: Result | undefined): LockError {
  const output = result?.stderr.trim() ?? "";
  if (result?.code === BUSY && output === "") return busyError(name, path, patience);
  return new LockError(
    [
      `${name}: the lock against a second writer cannot be taken`,
      `  $ flock -w ${patience} ${path} true`,
      ...(output === "" ? [] : [`  ${output}`]),
      result?.code === NOT_OURS
        ? "Nothing was changed: whoever can open the lock can hold it, and keep us from writing."
        : `Nothing was changed. ${whyNot(output)}`,
    ].join("\n"),
  );
}

/** The error for a writer that was waited for in vain. */
export function busyError(name: string, path: string, seconds: number): LockError {
  return new LockError(
    [
      `${name}: another run is writing to this host, and did not finish within ${seconds} s`,
      `  $ flock -w ${seconds} ${path} true`,
      `Nothing was changed. Wait for the other run; "fuser ${path}" on the host names its process.`,
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
