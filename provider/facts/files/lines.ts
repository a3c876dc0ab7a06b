import { WITHIN_REASON } from "../../readable";
import type { Command } from "../../step";
import type { Fact } from "../fact";

/** A line of a file on the host, with its number, for messages. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

export function numbered(lines: readonly string[]): Line[] {
  return lines.map((text, index) => ({ number: index + 1, text }));
}

/** Files by path, in the order in which the shell lists them. An empty file has no lines. */
export type Files = ReadonlyMap<string, readonly Line[]>;

/** The lines of all files that match the patterns, read by one process. Patterns are constants: the shell expands them. */
export function fileLines(...patterns: readonly string[]): Fact<Files> {
  return { command: readLines(patterns), parse: parseLines };
}

function readLines(patterns: readonly string[]): Command {
  return { sh: READ, args: [...patterns], inShell: true, changedOnlyBy: patterns.map((pattern) => `file ${pattern}`) };
}

// Patterns are left unquoted, so that the shell expands them. `printf` lists each file by itself: awk prints nothing for an empty
// file, nor for a link to /dev/null or to nowhere, with which an operator masks a file of the distribution.
const READ = `for pattern; do shift; for file in $pattern; do
  case $file in *[[:cntrl:]]*) continue ;; esac
  [ -e "$file" ] || [ -L "$file" ] || continue
  printf 'file\\t%s\\n' "$file"
  [ -f "$file" ] && [ -r "$file" ] && set -- "$@" "$file"
done; done
[ $# -eq 0 ] || awk '${WITHIN_REASON}
{ print FNR "\\t" FILENAME "\\t" $0 }' "$@"`;

/** `file	/etc/fstab` for each file, then `1	/etc/fstab	proc /proc proc defaults 0 0` for each line. */
export function parseLines(output: string): Files {
  const files = new Map<string, Line[]>();
  for (const line of output.split("\n").filter((text) => text !== "")) {
    const [number = "", path, ...rest] = line.split("\t");
    if (path === undefined) throw new Error(`cannot read "${line}" as a line of a file`);
    const lines = files.get(path) ?? [];
    files.set(path, lines);
    if (number !== "file") lines.push({ number: Number(number), text: rest.join("\t") });
  }
  return files;
}

/** Computed once for one reading of a host's files, however often it is asked for: each setting of each resource asks. */
export function onceFor<T>(compute: (files: Files) => T): (files: Files) => T {
  const known = new WeakMap<Files, { readonly value: T }>();
  return (files) => {
    const found = known.get(files) ?? { value: compute(files) };
    known.set(files, found);
    return found.value;
  };
}
