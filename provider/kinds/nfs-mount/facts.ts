import type { Fact } from "../../facts/fact";
import { type PathState, PLACE, parsePathState } from "../../facts/files/path-state";
import type { LiveOptions } from "./options";

/** What is mounted at a path; or else what the path is. */
export type MountPoint =
  | ({ readonly source: string; readonly type: string } & LiveOptions)
  | { readonly nothing: PathState };

/**
 * Asks the kernel's table, and nobody else: a look at a mount whose server is dead would never end. Only a path where nothing
 * is mounted is looked at, and that with a deadline, for it may lie below such a mount.
 */
export function mountPoint(path: string): Fact<MountPoint> {
  return {
    command: { sh: LOOK, args: [escapeField(path), path, PLACE] },
    parse: parseMountPoint,
  };
}

/** As /proc/self/mountinfo and fstab write a name: blanks and the like as octal codes. */
export function escapeField(text: string): string {
  return text.replaceAll(/[ \t\n\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

export function unescapeField(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

// What was mounted last covers what was mounted before.
// shellcheck disable=SC2034: the fields are named for readers.
const LOOK = `found=
while read -r id parent device root at found_options rest; do
  [ "$at" = "$1" ] && found="$found_options $rest"
done </proc/self/mountinfo
if [ -n "$found" ]; then printf 'mounted %s\\n' "$found"; exit; fi
timeout -s KILL 5 sh -c "$3" sh "$2" && exit
echo "no answer about $2 within 5 s: is a file system above it dead?" >&2
exit 1`;

export function parseMountPoint(output: string): MountPoint {
  const line = output.split("\n")[0] ?? "";
  if (!line.startsWith("mounted ")) return { nothing: parsePathState(output) };
  const [own, theirs] = line.slice("mounted ".length).split(" - ");
  const [flags] = (own ?? "").split(" ");
  const [type, source, nfs] = (theirs ?? "").split(" ");
  if (flags === undefined || type === undefined || source === undefined || nfs === undefined) {
    throw new Error(`cannot read "${line}" as a line of /proc/self/mountinfo`);
  }
  return { type, source: unescapeField(source), flags: flags.split(","), nfs: nfs.split(",") };
}
