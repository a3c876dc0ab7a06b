import type { Result } from "../../step";

/** The lock against a second writer: another run of ours, on this machine or on any other. */
export interface Lock {
  readonly path: string;
  /** Seconds to wait for the other one. */
  readonly patience: number;
}

/**
 * Root's lock lies where nobody else can make it first: the kernel does not let root open another user's file in /run/lock,
 * which is everybody's. The wait ends before the deadline of a command does.
 */
export function lockFor(uid: number, deadline: number): Lock {
  const path = uid === 0 ? "/run/pulumi-lvs.lock" : `/run/lock/pulumi-lvs-${uid}.lock`;
  return { path, patience: Math.max(1, Math.min(30, deadline - 1)) };
}

/** Nothing was written, because the lock could not be had. */
export function lockError(name: string, { path, patience }: Lock, result: Result | undefined): Error {
  const said = result?.stderr.trim() ?? "";
  const held = result?.code === HELD && said === "";
  return new Error(
    [
      held
        ? `${name}: another run is writing to this host, and did not finish within ${patience} s`
        : `${name}: the lock against a second writer cannot be taken`,
      `  $ flock -w ${patience} ${path} true`,
      ...(said === "" ? [] : [`  ${said}`]),
      held
        ? `Nothing was changed. Wait for the other run; "fuser ${path}" on the host names its process.`
        : "Nothing was changed. It takes util-linux (flock) on the host, and the right to write there: connect as root, or set sudo: true.",
    ].join("\n"),
  );
}

const HELD = 1;
