import type { Command } from "./step";

/** Reads a whole file. The first line of the output says whether there is one. */
export function readFile(path: string): Command {
  return { sh: READ, args: [path], inShell: true, changedOnlyBy: [`file ${path}`] };
}

/** The text in the output of `readFile`, or undefined when there is no such file. */
export function parseFile(output: string): string | undefined {
  if (output === "none\n") return undefined;
  if (!output.startsWith("file\n")) throw new Error(`cannot read "${output.slice(0, 80)}" as a file's text`);
  return output.slice("file\n".length);
}

/** The output of `readFile` for this text. */
export function formatFile(text: string | undefined): string {
  return text === undefined ? "none\n" : `file\n${text}`;
}

const READ = 'if [ -e "$1" ]; then echo file; cat -- "$1"; else echo none; fi';

/**
 * Replaces a file as a whole: a temporary file beside it, whose name starts with a dot so that no glob of a network
 * manager reads it, flushed to disk, then renamed. An existing file keeps its owner, mode and security context, and a
 * symbolic link stays one. `before` is the text that the file must still have: if it was changed meanwhile, nothing is written.
 */
export function writeFile(path: string, text: string, before: string | undefined, mode = "0644"): Command {
  return { sh: WRITE, args: [path, text, before === undefined ? "none" : "file", before ?? "", mode] };
}

/** Removes a file, if it still has the text `before`. */
export function removeFile(path: string, before: string): Command {
  return { sh: REMOVE, args: [path, before] };
}

/** The exit code of a write that found another text than expected. */
export const CHANGED_MEANWHILE = 75;

// "$(cat; echo .)" keeps trailing newlines, which a command substitution would eat.
const STILL = `now=none
[ -e "$path" ] && now=file:$(cat -- "$path"; echo .)`;

// sync of coreutils before 8.24 (RHEL 7) takes no file names: it prints a warning, flushes all disks, and returns 0.
const FLUSH = `flush() { out=$(sync -- "$1" 2>&1) || { printf '%s\\n' "$out" >&2; return 1; }; }`;

// Every process takes the host some milliseconds for which a batch waits, so shell builtins are used where there are any.
const WRITE = `path=$1
[ ! -L "$path" ] || path=$(readlink -f -- "$path") || exit 1
${STILL}
was=none
[ "$3" = file ] && was=file:$4.
[ "$now" = "$was" ] || { echo "$path was changed by somebody else meanwhile" >&2; exit ${CHANGED_MEANWHILE}; }
${FLUSH}
dir=\${path%/*}
[ -d "$dir" ] || mkdir -p -- "$dir" || exit 1
new=$dir/.pulumi-lvs.$$
[ ! -e "$new" ] || rm -f -- "$new"
umask 077; set -C
: >"$new" || exit 1
set +C
if [ -e "$path" ]; then cp -p --preserve=all -- "$path" "$new"; else chmod "$5" "$new"; fi &&
printf %s "$2" >"$new" &&
{ [ -e "$path" ] || ! command -v restorecon >/dev/null || restorecon -- "$new"; } &&
flush "$new" && mv -f -- "$new" "$path" && flush "$dir"
rc=$?
[ $rc = 0 ] || rm -f -- "$new"
exit $rc`;

const REMOVE = `path=$1
${STILL}
[ "$now" = "file:$2." ] || { echo "$path was changed by somebody else meanwhile" >&2; exit ${CHANGED_MEANWHILE}; }
${FLUSH}
rm -f -- "$path" && flush "\${path%/*}"`;
