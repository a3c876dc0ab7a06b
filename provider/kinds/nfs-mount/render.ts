import { createDirectory, createdFrom, removeCreatedDirectory } from "../../dialects/created-directory";
import { UserError } from "../../errors";
import { dropOriginal } from "../../facts/files/original-state";
import type { CommandStep, Step } from "../../step";
import { desiredEntry, type MountSeen, sameEntry } from "./find";
import { dropEntry, FSTAB, findEntry, formatEntry, putEntry } from "./fstab";
import { mountFlags } from "./options";
import { describeHidden, refuseMount } from "./refuse";
import type { WantedMount } from "./schema";

export type MountChange =
  | { readonly op: "write" | "mount" | "remount"; readonly want: WantedMount }
  | { readonly op: "unmount"; readonly path: string; readonly under?: string }
  | { readonly op: "keepDirectory"; readonly path: string }
  | { readonly op: "removeEntry"; readonly path: string; readonly source: string }
  | { readonly op: "removeDirectory"; readonly path: string };

export function renderMount(change: MountChange, seen: MountSeen): readonly Step[] {
  switch (change.op) {
    case "write":
      refuseMount(change.want, seen);
      return [
        ...("unmounted" in seen.at
          ? createDirectory("NfsMount", change.want.path, seen.at.unmounted, seen.before)
          : []),
        ...writeEntry(change.want, seen.fstab),
      ];
    case "mount":
      return [mount(change.want.path)];
    case "remount":
      return [remount(change.want)];
    case "unmount":
      if (change.under !== undefined) throw new UserError(describeHidden(change.path, change.under));
      return [unmount(change.path)];
    case "removeEntry":
      return [
        { file: FSTAB, summary: `remove ${change.path}`, edit: (text) => dropEntry(text, change.path, change.source) },
        RELOAD,
        ...leaveDirectory(change, seen),
      ];
    case "keepDirectory":
      return [dropOriginal("NfsMount", change.path)];
    case "removeDirectory":
      return removeCreatedDirectory("NfsMount", change.path, seen.before);
  }
}

/** The directory that we made goes with the entry, if it is empty and nothing else is mounted there, now or by a line of somebody else. */
function leaveDirectory({ path, source }: { readonly path: string; readonly source: string }, seen: MountSeen) {
  if (createdFrom(seen.before, "NfsMount", path) === undefined) return [];
  const isUnused = findEntry(dropEntry(seen.fstab, path, source), path) === undefined;
  return renderMount(isUnused ? { op: "removeDirectory", path } : { op: "keepDirectory", path }, seen);
}

function writeEntry(want: WantedMount, fstab: string | undefined): readonly Step[] {
  const entry = desiredEntry(want);
  const current = findEntry(fstab, want.path);
  if (current !== undefined && sameEntry(current, entry)) return [];
  return [{ file: FSTAB, summary: formatEntry(entry), edit: (text) => putEntry(text, entry) }, RELOAD];
}

/** systemd generates units from fstab, and mounts by those. */
const RELOAD: CommandStep = {
  command: { sh: "[ ! -d /run/systemd/system ] || systemctl daemon-reload" },
  once: true,
};

/** Mounts by the line of fstab, as the next boot does. KILL: a process that waits for a dead server ignores other signals. */
function mount(path: string): Step {
  return { command: { run: ["timeout", "-s", "KILL", "30", "mount", "--", path], patience: 30 } };
}

function unmount(path: string): Step {
  return { command: { sh: UNMOUNT, args: [path, pattern(path)], patience: 15 } };
}

/** The kernel can change the flags of a mount in use; other options need an unmount and a mount. */
function remount(want: WantedMount): Step {
  const options = ["remount", ...mountFlags(want.options)].join(",");
  return { command: { sh: REMOUNT, args: [want.path, pattern(want.path), options], patience: 50 } };
}

// Processes that use the mount are found by the targets of their links in /proc: fuser would contact the server, which may be dead.
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

/** The path as a pattern of find(1) that matches nothing else. */
function pattern(path: string): string {
  return path.replaceAll(/[*?[\]\\]/g, (character) => `\\${character}`);
}
