import { createHash } from "node:crypto";
import type { Fact } from "../../facts/fact";
import type { OriginalState } from "../../facts/files/original-state";
import type { PathState } from "../../facts/files/path-state";
import { encode } from "../../model/bytes";
import { READABLE } from "../../readable";
import { MOST } from "./options";

/** What is at the path of a file. */
export type Place =
  | { readonly state: "missing" }
  | { readonly state: "link"; readonly to: string }
  /** A directory, a device ... */
  | { readonly state: "other"; readonly type: string }
  | RegularFile;

export interface RegularFile {
  readonly state: "file";
  /** Four octal digits. */
  readonly mode: string;
  readonly uid: string;
  readonly gid: string;
  readonly owner: string;
  readonly group: string;
  /** How many names it has: hard links. */
  readonly names: number;
  readonly size: number;
  /** Undefined: it is too large to be read here. */
  readonly sha256: string | undefined;
  /** Absent where the digest is the known one, or where it is larger than a file of ours may be. Bytes that are no UTF-8 are lone surrogates. */
  readonly text?: string;
}

export interface FileLook {
  readonly place: Place;
  /** A change was begun, and maybe not ended. */
  readonly isBegun: boolean;
  /** There is a copy of the file that was there before us. */
  readonly isKept: boolean;
}

/** The observation of a host that may have a file. */
export interface FileSeen {
  readonly look: FileLook;
  readonly folder: PathState;
  readonly before: OriginalState;
}

/** Looks at a file. Its content comes along only where its digest is not the known one. */
export function fileLook(path: string, known: string, kept: string): Fact<FileLook> {
  return {
    command: { sh: LOOK, args: [path, known, kept, AT], inShell: true, summary: `look at ${path}` },
    parse: parseFileLook,
  };
}

// Below a mount whose server is dead, each touch waits for ever. /etc is on the host's own disk, and there processes are saved.
const LOOK = `if place=$(case $1 in
  /etc/*) eval "$4" ;;
  *) timeout -s KILL 10 sh -c "$4" sh "$1" ;;
esac); then
  marks=
  [ ! -e "$3" ] || marks=kept
  for mark in begun last none; do [ ! -e "$3+$mark" ] || marks="$marks begun"; done
  printf '%s\\n%s\\n' "$marks" "$place"
  size=\${place#*
} sum=\${place##*
}
  case $place in
    file*) [ "$sum" = "$2" ] || [ "\${size%% *}" -gt ${MOST} ] || { echo text; timeout -s KILL 10 cat -- "$1"; } || {
      echo "$1 could not be read" >&2; false; } ;;
  esac
else
  echo "$1 could not be read. Is the server of a file system above it dead?" >&2
  false
fi`;

// Up to how large a file is one of ours the size says, and the digest of what is even larger takes too long.
const AT = `if [ -L "$1" ]; then echo link; readlink -m -- "$1"
elif [ ! -e "$1" ]; then echo missing
elif [ ! -f "$1" ]; then echo other; stat -c %F -- "$1"
else
  shown=$(stat -c "%s %a %u %g %h
%U
%G" -- "$1") && {
    printf "file\\n%s\\n" "$shown"
    if [ "\${shown%% *}" -gt ${READABLE} ]; then echo large
    else sum=$(sha256sum <"$1") && echo "\${sum%% *}"
    fi
  }
fi`;

/** Throws without the text, which may be a secret. */
export function parseFileLook(output: string): FileLook {
  const [marks = "", state = "", ...lines] = output.split("\n", HEAD);
  const place = placeOf(state, lines, output);
  if (place === undefined) throw new Error("cannot read what is at the path of a file");
  return { place, isBegun: marks.includes("begun"), isKept: marks.includes("kept") };
}

function placeOf(state: string, lines: readonly string[], output: string): Place | undefined {
  if (state === "missing") return { state };
  if (state === "link") return { state, to: lines[0] ?? "" };
  if (state === "other") return { state, type: lines[0] ?? "" };
  const [numbers = "", owner, group, digest = "", more] = lines;
  const [, size, mode = "", uid, gid, names] = /^(\d+) ([0-7]{1,4}) (\d+) (\d+) (\d+)$/.exec(numbers) ?? [];
  if (state !== "file" || owner === undefined || group === undefined) return undefined;
  if (size === undefined || uid === undefined || gid === undefined || !/^(?:large|[0-9a-f]{64})$/.test(digest))
    return undefined;
  const text = more === "text" ? output.slice(output.split("\n", HEAD).join("\n").length + 1) : undefined;
  // It may have been changed between the two looks at it.
  const sha256 = text === undefined ? digest : createHash("sha256").update(encode(text)).digest("hex");
  return {
    state: "file",
    mode: mode.padStart(4, "0"),
    ...{ uid, gid, owner, group, names: Number(names), size: Number(size) },
    sha256: digest === "large" ? undefined : sha256,
    ...(text !== undefined && { text }),
  };
}

/** Lines in front of a file's own text. */
const HEAD = 7;
