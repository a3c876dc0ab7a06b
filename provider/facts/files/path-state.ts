import type { Fact } from "../fact";

/** What is at a path. */
export interface PathState {
  readonly state: "missing" | "empty" | "full" | "not a directory";
  /** The same place without symbolic links on the way. */
  readonly real: string;
  /** The one name in a directory that has no other. */
  readonly only?: string;
  /** For a place that is missing: the first directory on the way to it that is missing too. */
  readonly firstMissing?: string;
}

/** What is at a path of this host. */
export function pathState(path: string): Fact<PathState> {
  return { command: { sh: placeIn("$1", "$2"), args: [path, PLACE], inShell: true }, parse: parsePathState };
}

/** Shell text that prints what is at a path, which may lie below a mount whose server is dead: whoever touches that waits for ever. */
export function placeIn(path: string, place: string): string {
  return `timeout -s KILL 5 sh -c "${place}" sh "${path}" || {
  echo "${path} did not answer within 5 s: is the server of a file system above it dead?" >&2
  false
}`;
}

// Shell patterns instead of ls: no other process than readlink. The directory is missing up to the last slash that is cut.
export const PLACE = `real=$(readlink -m -- "$1") || exit
if [ ! -e "$real" ]; then
  first=$real
  while up=\${first%/*}; [ -n "$up" ] && [ ! -e "$up" ]; do first=$up; done
  printf 'missing\\n%s\\n%s\\n' "$real" "$first"
elif [ ! -d "$real" ]; then printf 'not a directory\\n%s\\n' "$real"
else
  state=empty only=
  for one in "$real"/* "$real"/.[!.]* "$real"/..?*; do
    [ -e "$one" ] || [ -L "$one" ] || continue
    [ "$state" = empty ] || { only=; break; }
    state=full only=\${one##*/}
  done
  printf '%s\\n%s\\n%s\\n' "$state" "$real" "$only"
fi`;

export function parsePathState(output: string): PathState {
  const [state, real, more = ""] = output.split("\n");
  if (real === undefined || !STATES.some((known) => known === state)) {
    throw new Error(`cannot read "${output.slice(0, 80)}" as what is at a path`);
  }
  return {
    state: state as PathState["state"],
    real,
    ...(state === "missing" && more !== "" && { firstMissing: more }),
    ...(state === "full" && more !== "" && { only: more }),
  };
}

const STATES = ["missing", "empty", "full", "not a directory"] as const;

/** Removes directories that we made, from the deepest up to the first, as long as they are empty, or gone already. */
export const UNMAKE = `at=$1
while [ "$at" != / ] && { [ ! -e "$at" ] || rmdir -- "$at" 2>/dev/null; }; do
  [ "$at" != "$2" ] || break
  at=\${at%/*}
done
:`;
