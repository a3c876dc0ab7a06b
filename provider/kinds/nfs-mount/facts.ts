import type { Fact } from "../../facts/fact";
import { escapeOctal, unescapeOctal } from "../../facts/files/octal";
import { type PathState, PLACE, parsePathState } from "../../facts/files/path-state";
import type { LiveOptions } from "./options";

/** The mount at a path. Without one, the state of the path. */
export type MountPoint =
  | ({ readonly source: string; readonly type: string } & LiveOptions)
  | { readonly unmounted: PathState };

/**
 * Reads the kernel's table of mounts only: to touch a mount whose server is dead would block for ever. The path itself is examined
 * only where nothing is mounted, and with a deadline, because it may lie below such a mount.
 */
export function mountPoint(path: string): Fact<MountPoint> {
  return {
    command: { sh: LOOK, args: [escapeField(path), path, PLACE] },
    parse: parseMountPoint,
  };
}

/** A name as /proc/self/mountinfo and fstab(5) write it. */
export function escapeField(text: string): string {
  return escapeOctal(text, /[ \t\n\\]/g);
}

// Of several mounts at one path the last one counts: it hides the others.
// shellcheck disable=SC2034: the fields are named for readers.
const LOOK = `found=
while read -r id parent device root at found_options rest; do
  [ "$at" = "$1" ] && found="$found_options $rest"
done </proc/self/mountinfo
if [ -n "$found" ]; then printf 'mounted %s\\n' "$found"; exit; fi
timeout -s KILL 5 sh -c "$3" sh "$2" && exit
echo "$2 did not answer within 5 s: is the server of a file system above it dead?" >&2
exit 1`;

export function parseMountPoint(output: string): MountPoint {
  const line = output.split("\n")[0] ?? "";
  if (!line.startsWith("mounted ")) return { unmounted: parsePathState(output) };
  const [own, theirs] = line.slice("mounted ".length).split(" - ");
  const [flags] = (own ?? "").split(" ");
  const [type, source, nfs] = (theirs ?? "").split(" ");
  if (flags === undefined || type === undefined || source === undefined || nfs === undefined) {
    throw new Error(`cannot read "${line}" as a line of /proc/self/mountinfo`);
  }
  return { type, source: unescapeOctal(source), flags: flags.split(","), nfs: nfs.split(",") };
}
