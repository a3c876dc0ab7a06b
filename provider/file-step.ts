import { FLUSH } from "./flush";
import { OWN } from "./own-file";
import { PLAIN, READABLE } from "./readable";
import type { Advice, Command } from "./step";

/** The folder of our records on a host. */
export const RECORDS = "/var/lib/pulumi-lvs";

/** Reads a whole file. The first line of the output says whether there is one. */
export function readFile(path: string): Command {
  const ofFile = { path, print: formatFile };
  return { sh: READ, args: [path], inShell: true, changedOnlyBy: [`file ${path}`], ofFile };
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

// Of our own folder, only files of root's are read: a record says what is written back to the host.
// shellcheck disable=SC3067: dash, bash and busybox have it, and POSIX since 2024.
const READ = `${PLAIN}
if [ ! -e "$1" ]; then echo none
elif plain "$1"; then case $1 in
  ${RECORDS}/*) [ ! -L "$1" ] && [ -O "$1" ] || { echo "$1 is a link or another user's file: nobody but root may write there. Look who made it, and remove it" >&2; false; } ;;
esac && { echo file; head -c ${READABLE + 1} -- "$1"; }
else false
fi`;

/**
 * Replaces a file as a whole: a temporary file beside it, whose name starts with a dot so that no glob of a network
 * manager reads it, flushed to disk, then renamed. An existing file keeps its owner, mode, ACL and security context, and a
 * symbolic link stays one; what is no file, such as /dev/null, is refused. `before` is the text that the file must still have: if it
 * was changed meanwhile, nothing is written. A record of ours is refused where another user could have made it. `isOurs`: what is there was
 * made by such a write a moment ago, so the host need not be asked whether it may be replaced.
 */
export function writeFile(
  path: string,
  text: string,
  before: string | undefined,
  { mode = "0644", isRecord = false, isOurs = false } = {},
): Command {
  const was = before === undefined ? "none" : "file";
  const sort = isRecord || isOurs ? [isRecord ? "record" : "", ...(isOurs ? ["ours"] : [])] : [];
  return { sh: WRITE, args: [path, text, was, before ?? "", mode, ...sort], inShell: true };
}

/**
 * Removes a file, if it still has the text `before`; of a link what it leads to. One that masks a file stays as it is. With our last
 * record its folder goes, at once: whoever looks after a cut finds neither or both.
 */
export function removeFile(path: string, before: string): Command {
  return { sh: REMOVE, args: [path, before], inShell: true };
}

/** The exit code of a write that found another text than expected. */
export const CHANGED_MEANWHILE = 75;

/** What to do where a file cannot be written. */
export const writeAdvice: readonly Advice[] = [
  {
    when: /no space left on device/i,
    say: "Free space or inodes on that file system, and run again. The file is as it was: it is replaced as a whole, or not at all.",
  },
  { when: /quota exceeded/i, say: "Raise root's quota on that file system, and run again." },
  {
    when: /read-only file system/i,
    say: "Is that file system meant to be read-only (an image, a container), or did an error make it so (dmesg)? Mount it writable, and run again.",
  },
  {
    when: /operation not permitted/i,
    say: "Is the file or its folder immutable? lsattr shows it, and chattr -i ends it.",
  },
  {
    when: /device or resource busy/i,
    say: "Is something mounted on the file itself, as in containers? findmnt shows it. Such a file cannot be replaced: unmount it, and run again.",
  },
];

// A link to /dev/null masks a file. The device itself would be replaced, or removed with the link of the operator.
const REGULAR = `[ ! -e "$path" ] || [ -f "$path" ]`;

// A link is the host's own, also one that led to nothing before us.
const FOLLOW = `[ ! -L "$path" ] || path=$(readlink -f -- "$path") || return 1`;

// A command substitution would eat trailing newlines: so the name of the kernel comes after the text. One process, as echo would take a subshell.
const STILL = `still() {
  now=none
  [ -e "$path" ] && now=file:$(cat -- "$path" /proc/sys/kernel/ostype)
  [ "$now" = "$was" ]
}
changed() {
  echo "$path was changed by somebody else meanwhile" >&2
  return ${CHANGED_MEANWHILE}
}`;

// Every run of ours has the lock: such a file was left behind when one was cut off.
export const SWEEP = `for left in "$dir"/.pulumi-lvs.*; do [ ! -f "$left" ] || rm -f -- "$left"; done`;

// Every process takes the host some milliseconds for which a batch waits, so shell builtins are used where there are any. They do not
// say why they fail, so a write that failed is tried once more by a program that does. A new directory is an entry of another one.
// The text is compared once, at the end: an operator's editor and a manager know nothing of our lock, and a flush takes its time.
// shellcheck disable=SC3067: dash, bash and busybox have -O, and POSIX since 2024.
// shellcheck disable=SC2046: of the folder and of the file, the mode and the number of names, as four words; of what is not there, none.
// A record has no attributes but those that we give it.
const WRITE = `replace() {
path=$1 dir=\${1%/*} names=\${7:+1} like=$3
if [ "$6" = record ]; then
  like=none
  ${OWN}
  record() {
    [ "$dir" != ${RECORDS} ] || own "$dir" -d "$1" || return
    own "$path" "" "$3" && names=$4
  }
  if [ -n "$7" ]; then record 700 1 600 1; else record $(stat -c '%a %h' -- "$dir" "$path" 2>/dev/null); fi || return 1
fi
${FOLLOW}
${REGULAR} || { echo "$1 leads to $path, which is no regular file. Who masks a file makes such a link: remove it, and run again" >&2; return 1; }
${STILL}
was=none
[ "$3" = file ] && was=file:$4Linux
if [ -e "$path" ]; then [ "$was" != none ]; else [ "$was" = none ]; fi || { changed; return; }
${FLUSH}
dir=\${path%/*}
failed() {
  [ ! -e "$new" ] || rm -f -- "$new"
  echo "$path could not be written. The file system of $dir:" >&2
  df -P -- "$dir" >&2; df -iP -- "$dir" >&2
  return 1
}
umask 022
[ "$dir" != ${RECORDS} ] || umask 077
entries=
[ -d "$dir" ] || { entries=-f; mkdir -p -- "$dir"; } || return 1
${SWEEP}
umask 077
IFS=- read -r _ _ _ _ random </proc/sys/kernel/random/uuid
new=$dir/.pulumi-lvs.\${random#??}
if [ "$was" != none ]; then
  names=\${names:-$(stat -c %h -- "$path")} || { failed; return; }
  [ "$names" = 1 ] || { echo "$path has $names names (hard links), and a new file would take the place of one: make them one, or symbolic links" >&2; return 1; }
fi
if [ "$like" != none ]; then
  cp -p --preserve=all -- "$path" "$new" || { failed; return; }
else
  set -C; true >"$new" || { failed; return; }; set +C
  [ "$5" = 0600 ] || chmod "$5" "$new" || { failed; return; }
fi
printf %s "$2" 2>/dev/null >"$new" || printf %s "$2" 2>/dev/null | cat >"$new" || { failed; return; }
[ "$like" != none ] || ! command -v restorecon >/dev/null || restorecon -- "$new" || { failed; return; }
flush -- "$new" || { failed; return; }
still || { rm -f -- "$new"; changed; return; }
if mv -f -- "$new" "$path" && flush $entries -- "$dir"; then return 0; fi
failed
}
replace "$@"
set -- $?
umask 022; set +C
return "$1"`;

const REMOVE = `path=$1
${FOLLOW}
${REGULAR} || return 0
${STILL}
was=file:$2Linux
still || { changed; return; }
${FLUSH}
dir=\${path%/*}
${SWEEP}
rm -f -- "$path" || return 1
[ "$dir" != ${RECORDS} ] || ! rmdir -- "$dir" 2>/dev/null || dir=\${dir%/*}
flush -- "$dir"`;
