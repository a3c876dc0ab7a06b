import { makeDirectory, unmakeDirectory } from "../../dialects/created-directory";
import { UserError } from "../../errors";
import { type CommandStep, run, type Step } from "../../step";
import { entryOf, isNfs, type MountSeen, sameEntry } from "./find";
import { dropEntry, entryFor, entryText, FSTAB, putEntry } from "./fstab";
import { mountFlags } from "./options";
import type { WantedMount } from "./schema";

export type MountChange =
  | { readonly op: "write" | "mount" | "remount" | "mount anew"; readonly want: WantedMount }
  | { readonly op: "unmount" | "erase"; readonly path: string }
  | { readonly op: "unmake"; readonly path: string; readonly from: string };

export function renderMount(change: MountChange, seen: MountSeen): readonly Step[] {
  switch (change.op) {
    case "write":
      refuse(change.want, seen);
      return [
        ...("nothing" in seen.at ? makeDirectory("NfsMount", change.want.path, seen.at.nothing) : []),
        ...writeEntry(change.want, seen.fstab),
      ];
    case "mount":
      return [mount(change.want.path)];
    case "remount":
      return [remount(change.want)];
    case "mount anew":
      return [unmount(change.want.path), mount(change.want.path)];
    case "unmount":
      return [unmount(change.path)];
    case "erase":
      return [{ file: FSTAB, summary: `remove ${change.path}`, edit: (text) => dropEntry(text, change.path) }, RELOAD];
    case "unmake":
      return unmakeDirectory("NfsMount", change.path, change.from);
  }
}

function writeEntry(want: WantedMount, fstab: string | undefined): readonly Step[] {
  const entry = entryOf(want);
  const there = entryFor(fstab, want.path);
  if (there !== undefined && sameEntry(there, entry)) return [];
  return [{ file: FSTAB, summary: entryText(entry), edit: (text) => putEntry(text, entry) }, RELOAD];
}

/** systemd makes units of the lines of fstab, and mounts by those. */
const RELOAD: CommandStep = {
  command: { sh: "[ ! -d /run/systemd/system ] || systemctl daemon-reload" },
  once: true,
};

/** By the line of fstab, as the next boot does it. A program that waits for a dead server heeds no other signal. */
function mount(path: string): Step {
  return run("timeout", "-s", "KILL", "30", "mount", "--", path);
}

function unmount(path: string): Step {
  return { command: { sh: UNMOUNT, args: [path, pattern(path)] } };
}

/** The kernel changes flags of a mount in use; for other options it has to be made anew. */
function remount(want: WantedMount): Step {
  const options = ["remount", ...mountFlags(want.options)].join(",");
  return { command: { sh: REMOUNT, args: [want.path, pattern(want.path), options] } };
}

// Who uses it is read from /proc, by the names of links alone: fuser would ask the server.
const UNMOUNT = `timeout -s KILL 15 umount -- "$1" && exit
rc=$?
find /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/exe /proc/[0-9]*/fd -maxdepth 1 -type l \\
  \\( -lname "$2" -o -lname "$2/*" \\) -printf '%h %l\\n' 2>/dev/null | sort -u | while read -r at name; do
  process=\${at#/proc/}; process=\${process%%/*}
  read -r program <"/proc/$process/comm" && echo "$name is in use by process $process ($program)"
done >&2
exit $rc`;

const REMOUNT = `timeout -s KILL 5 mount -o "$3" -- "$1" 2>/dev/null && exit
( ${UNMOUNT} ) && timeout -s KILL 30 mount -- "$1"`;

/** For find, which reads patterns: only this path. */
function pattern(path: string): string {
  return path.replaceAll(/[*?[\]\\]/g, (character) => `\\${character}`);
}

function refuse(want: WantedMount, { at, fstab }: MountSeen): void {
  const { path } = want;
  const entry = entryFor(fstab, path);
  if (entry !== undefined && !isNfs(entry.type)) {
    throw new UserError(
      `${FSTAB} mounts ${entry.source} (${entry.type}) at ${path}: remove that line, or choose another path`,
    );
  }
  if (!("nothing" in at)) {
    if (isNfs(at.type)) return;
    throw new UserError(`${at.source} (${at.type}) is mounted at ${path}: unmount it, or choose another path`);
  }
  const { state, real } = at.nothing;
  if (real !== path)
    throw new UserError(
      `${path} leads through a symbolic link: write ${real}, which is how the kernel names the mount`,
    );
  if (state === "not a directory") throw new UserError(`${path} is not a directory on this host`);
  if (state === "missing" && !want.createPath) {
    throw new UserError(`${path} does not exist on this host: create it, or set createPath: true`);
  }
  if (state === "full" && !want.allowNonEmpty) {
    throw new UserError(
      `${path} is not empty, and what is in it could not be reached while something is mounted over it: ` +
        "move it away, or set allowNonEmpty: true",
    );
  }
}
