import type { Command } from "../../step";
import { shellText } from "../shell/script";

/** Seconds after which a host rolls back, unless the change was confirmed. */
export const WINDOW = 30;

/** Where a host keeps the undo command of the pending change. One change at a time: the directory's name is the lock. */
export const PENDING = "/run/pulumi-lvs-undo";

/**
 * A change that may cut us off, with its undo. The host itself runs the undo when the window is over and the change was not
 * confirmed: that needs no connection of ours. If the change fails, the undo runs at once.
 */
export function withRollback(change: Command, undo: Command): Command {
  return { sh: APPLY, args: [PENDING, String(WINDOW), shellText(undo), shellText(change)] };
}

/** Keeps the change, unless it was rolled back already. Must be sent over a new connection, which proves that the host is reachable. */
export function confirm(): Command {
  return { sh: CONFIRM, args: [PENDING] };
}

/** Reads the outcome of the last change. */
export function status(): Command {
  return { sh: STATUS, args: [PENDING] };
}

/** The first word that `confirm` and `status` print. */
export type Outcome = "kept" | "waiting" | "undone" | "nothing";

const OUTCOMES: readonly Outcome[] = ["kept", "waiting", "undone", "nothing"];

/** The outcome, and the output of the undo command. */
export function parseOutcome(stdout: string): { readonly outcome: Outcome; readonly output: string } {
  const [word = "", ...output] = stdout.trim().split("\n");
  const outcome = OUTCOMES.find((one) => one === word);
  if (outcome === undefined) throw new Error(`cannot read "${stdout.slice(0, 80)}" as the outcome of a change`);
  return { outcome, output: output.join("\n") };
}

const STOP = `if [ "$kind" = unit ]; then systemctl stop "$name"; else kill -- "-$name"; fi >/dev/null 2>&1`;

/** Stops the timer of a pending change, and removes its directory. */
const STOP_TIMER = `read -r kind name <"$1/clock"
${STOP}
rm -rf -- "$1"`;

// The rename decides between the timer and the confirmation: only one of them finds the directory. systemd-run takes the timer out
// of our session, whose processes some hosts kill at its end. What the timer needs is written before it is started: on a full disk,
// nothing is changed. A builtin does not say that a disk is full, so a write that failed is tried once more by a program that does.
// shellcheck disable=SC2016: the timer reads its own arguments.
const APPLY = `dir=$1 window=$2
if ! mkdir -m 700 -- "$dir"; then
  [ ! -d "$dir" ] || echo "another change waits for its confirmation; if it is older than a minute, remove $dir" >&2
  exit 1
fi
keep() { printf '%s\\n' "$2" 2>/dev/null >"$dir/$1" || printf '%s\\n' "$2" 2>/dev/null | cat >"$dir/$1" || refuse "$1"; }
refuse() {
  if [ -n "$timer" ]; then kind=\${timer%% *} name=\${timer#* }; ${STOP}; fi
  echo "$dir/$1 could not be written, and without a way back nothing is changed. The file system of \${dir%/*}:" >&2
  rm -rf -- "$dir"
  df -P -- "\${dir%/*}" >&2; df -iP -- "\${dir%/*}" >&2
  exit 1
}
timer=
rm -rf -- "$dir.undone" "$dir.due"
keep undo "$3"
keep said ""
clock='sleep "$2"; mv -T -- "$1" "$1.due" || exit 0; sh "$1.due/undo" >"$1.due/said" 2>&1; mv -T -- "$1.due" "$1.undone"'
unit=pulumi-lvs-undo-$$.service
if [ -d /run/systemd/system ] &&
  systemd-run --unit="$unit" sh -c "$clock" sh "$dir" "$window" </dev/null >/dev/null 2>&1; then timer="unit $unit"
else
  setsid sh -c "$clock" sh "$dir" "$window" </dev/null >/dev/null 2>&1 &
  timer="group $!"
fi
keep clock "$timer"
sh -c "$4"
code=$?
[ "$code" = 0 ] && exit 0
mv -T -- "$dir" "$dir.due" || exit "$code"
sh "$dir.due/undo" >&2
set -- "$dir.due"
${STOP_TIMER}
exit "$code"`;

const STATUS = `if [ -d "$1" ] || [ -d "$1.due" ]; then echo waiting
elif [ -d "$1.undone" ]; then echo undone; cat -- "$1.undone/said"; rm -rf -- "$1.undone"
else echo nothing
fi`;

const CONFIRM = `if mv -T -- "$1" "$1.kept" 2>/dev/null; then
  set -- "$1.kept"
  ${STOP_TIMER}
  echo kept
  exit
fi
${STATUS}`;
