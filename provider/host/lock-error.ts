import type { Result } from "../step";
import { LOCK, LOCK_PATIENCE } from "./apply";

/** Nothing was written, because the lock could not be had. */
export function lockError(name: string, result: Result | undefined): Error {
  const said = result?.stderr.trim() ?? "";
  const held = result?.code === 1 && !/not found/.test(said);
  return new Error(
    [
      held
        ? `${name}: another run is writing to this host, and did not finish within ${LOCK_PATIENCE} s`
        : `${name}: the lock against a second writer cannot be taken`,
      `  $ flock -w ${LOCK_PATIENCE} ${LOCK} true`,
      ...(said === "" ? [] : [`  ${said}`]),
      held
        ? `Nothing was changed. Wait for the other run; "fuser ${LOCK}" on the host names its process.`
        : "Nothing was changed. It takes util-linux (flock) on the host, and the right to write there: connect as root, or set sudo: true.",
    ].join("\n"),
  );
}
