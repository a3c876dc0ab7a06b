import { RECORDS, SWEEP } from "../../file-step";
import { FLUSH } from "../../flush";
import { parentOf } from "../../model/path";
import type { Step } from "../../step";
import { KEPT, keptPath } from "./kept";
import { isOfSystemd } from "./options";

/** Puts back what was there before us: the copy, or nothing. */
export function restoreStep(path: string, wasThere: boolean): Step {
  const summary = wasThere ? `put ${keptPath(path)} back to ${path}` : `remove ${path}`;
  const args = [path, wasThere ? keptPath(path) : ""];
  return { command: { sh: RESTORE, args, summary }, places: [parentOf(path)] };
}

/** Removes the marks of a change that has ended, and with the file itself the copy. */
export function forgetSteps(path: string, what: "marks" | "copy"): readonly Step[] {
  const kept = keptPath(path);
  const marks = [`${kept}+begun`, `${kept}+last`, `${kept}+none`, `${kept}+new`];
  const args = what === "copy" ? [...marks, kept] : marks;
  const summary = what === "copy" ? `remove ${kept}` : `${path} is loaded`;
  return [{ command: { sh: FORGET, args, summary }, places: [RECORDS] }];
}

/** Tells whoever has read a file that it is another one, for all files of a batch at once. */
export function tellSteps(path: string, unit: string | undefined): readonly Step[] {
  const systemd: Step = { command: { run: ["systemctl", "daemon-reload"] }, once: true };
  return [...(isOfSystemd(path) ? [systemd] : []), ...(unit === undefined ? [] : [reloadStep(unit)])];
}

/** Reloads a unit that runs. */
export function reloadStep(unit: string): Step {
  return { command: { sh: RELOAD, args: [unit], patience: 100, summary: `systemctl reload ${unit}` }, once: true };
}

// A file that we could not replace is as it was.
const RESTORE = `path=$1 kept=$2
${FLUSH}
dir=\${path%/*}
[ -n "$dir" ] || dir=/
[ -d "$dir" ] || { [ -z "$kept" ] && exit; mkdir -p -- "$dir" || exit; }
${SWEEP}
as() { stat -c '%a %u %g %Y' -- "$1" && sha256sum <"$1"; }
if [ -n "$kept" ]; then
  [ ! -e "$path" ] || [ "$(as "$path")" != "$(as "$kept")" ] || exit 0
  umask 077
  IFS=- read -r _ _ _ _ random </proc/sys/kernel/random/uuid
  new=$dir/.pulumi-lvs.\${random#??}
  if ! cp -p --preserve=all -- "$kept" "$new" || ! flush -- "$new" || ! mv -f -- "$new" "$path"; then
    rm -f -- "$new"
    exit 1
  fi
else rm -f -- "$path" || exit
fi
flush -- "$dir"`;

const FORGET = `rm -f -- "$@" && { rmdir -- ${KEPT} 2>/dev/null; rmdir -- ${RECORDS} 2>/dev/null; :; }`;

// The unit's own messages are in its status. One that does not run reads its files when it starts.
const RELOAD = `systemctl is-active --quiet -- "$1" || exit 0
systemctl reload -- "$1" && exit
rc=$?
systemctl --no-pager --full --lines=10 status -- "$1" >&2
exit $rc`;
