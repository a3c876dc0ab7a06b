import { FLUSH } from "../../flush";
import type { Command, Step } from "../../step";

/**
 * What makes that commands have written into the host's files outlast a power cut: systemctl, update-rc.d, nmcli, package managers and mkdir
 * leave that to the kernel, which takes 5 to 30 seconds. One process for a batch, and none where no step leaves anything there.
 */
export function flushesAfter(steps: readonly Step[]): readonly Command[] {
  const writing = steps.filter(mayWriteFiles);
  if (writing.length === 0) return [];
  const places = writing.flatMap((step) => ("command" in step ? (step.places ?? []) : []));
  return [{ sh: FLUSH_ALL, args: [...new Set([...USUAL, ...places])], patience: 60 }];
}

/** What a person types for it. */
export const FLUSH_SUMMARY = "sync";

/** Whether a step may have changed files in a way that is not flushed at once, as those are that it edits itself. */
export function mayWriteFiles(step: Step): boolean {
  if (!("command" in step)) return false;
  return !("run" in step.command) || !LIVE_ONLY.includes(step.command.run[0]);
}

/** These change what the kernel has, and no file. */
const LIVE_ONLY: readonly string[] = ["ip", "ipvsadm", "sysctl", "modprobe"];

/** Where the configuration of a host is, its records, and the files of packages: on most hosts one file system. */
const USUAL = ["/etc", "/usr", "/var/lib"];

// A directory may be gone again: then what it was in has changed.
const FLUSH_ALL = `${FLUSH}
for place; do
  shift
  until [ -e "$place" ]; do place=\${place%/*}; [ -n "$place" ] || place=/; done
  set -- "$@" "$place"
done
flush -f -- "$@"`;
