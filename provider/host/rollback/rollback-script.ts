import type { Command } from "../../step";
import { shellText } from "../shell/script";

/** Seconds for which a host waits to hear that it can still be reached. */
export const WINDOW = 30;

/** Where a host keeps what it has to put back. One change at a time; the directory's name is the lock. */
const PENDING = "/run/pulumi-lvs-undo";

/**
 * A change that may cut us off, with the way back. The host itself goes that way when the window is over and nobody has confirmed
 * the change: our connection is not needed for it. If the change fails, it goes back at once.
 */
export function armed(change: Command, undo: Command): Command {
  return { sh: ARM, args: [PENDING, String(WINDOW), shellText(undo), shellText(change)] };
}

/** Keeps the change, if the host has not gone back yet. Said over a new connection, it proves that there is one. */
export function confirmation(): Command {
  return { sh: CONFIRM, args: [PENDING] };
}

/** What has become of it. */
export function inquiry(): Command {
  return { sh: OUTCOME, args: [PENDING] };
}

/** What the two say: the first word of their output. */
export type Outcome = "kept" | "waiting" | "undone" | "nothing";

export function outcomeOf(stdout: string): { readonly outcome: Outcome; readonly said: string } {
  const [word = "", ...said] = stdout.trim().split("\n");
  const known = (["kept", "waiting", "undone", "nothing"] as const).find((one) => one === word);
  if (known === undefined) throw new Error(`cannot read "${stdout.slice(0, 80)}" as what has become of a change`);
  return { outcome: known, said: said.join("\n") };
}

/** Ends the clock of a directory, and removes it. */
const STOP_CLOCK = `read -r kind name <"$1/clock"
if [ "$kind" = unit ]; then systemctl stop "$name"; else kill -- "-$name"; fi >/dev/null 2>&1
rm -rf -- "$1"`;

// The rename decides between the clock and the confirmation: only one of them finds the directory. systemd-run takes the clock
// out of our session, whose processes some hosts end with it.
// shellcheck disable=SC2016: the clock reads its own arguments.
const ARM = `dir=$1 window=$2
if ! mkdir -m 700 -- "$dir"; then
  echo "another change waits for its confirmation; if it is older than a minute, remove $dir" >&2
  exit 1
fi
rm -rf -- "$dir.undone" "$dir.due"
printf '%s\\n' "$3" >"$dir/undo" || exit 1
clock='sleep "$2"; mv -T -- "$1" "$1.due" || exit 0; sh "$1.due/undo" >"$1.due/said" 2>&1; mv -T -- "$1.due" "$1.undone"'
unit=pulumi-lvs-undo-$$.service
if [ -d /run/systemd/system ] &&
  systemd-run --unit="$unit" sh -c "$clock" sh "$dir" "$window" </dev/null >/dev/null 2>&1; then echo "unit $unit"
else setsid sh -c "$clock" sh "$dir" "$window" </dev/null >/dev/null 2>&1 & echo "group $!"
fi >"$dir/clock"
sh -c "$4"
code=$?
[ "$code" = 0 ] && exit 0
mv -T -- "$dir" "$dir.due" || exit "$code"
sh "$dir.due/undo" >&2
set -- "$dir.due"
${STOP_CLOCK}
exit "$code"`;

const OUTCOME = `if [ -d "$1" ] || [ -d "$1.due" ]; then echo waiting
elif [ -d "$1.undone" ]; then echo undone; cat -- "$1.undone/said"; rm -rf -- "$1.undone"
else echo nothing
fi`;

const CONFIRM = `if mv -T -- "$1" "$1.kept" 2>/dev/null; then
  set -- "$1.kept"
  ${STOP_CLOCK}
  echo kept
  exit
fi
${OUTCOME}`;
