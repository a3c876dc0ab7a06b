import { KEPT_PREFIX } from "../../../facts/keepalived/fragments";
import { RUN_FOLDER } from "../../../facts/keepalived/paths";
import type { CommandStep } from "../../../step";

/** Adds rules again and again, in the background, until `stopKeeping`, or for 15 s: what is there already is refused, and stays as it is. */
export function keepRules(name: string, rules: readonly string[]): CommandStep {
  return { command: { sh: KEEP, args: [pathOf(name), rules.map((rule) => `${rule}\n`).join("")] } };
}

export function stopKeeping(name: string): CommandStep {
  return { command: { sh: STOP, args: [pathOf(name)] } };
}

function pathOf(name: string): string {
  return `${KEPT_PREFIX}${name}`;
}

// One ipvsadm for all of it: a service that is deleted is back within a millisecond.
export const KEEP = `umask 077
mkdir -p -- ${RUN_FOLDER} && : >"$1" || exit
{
  while [ -e "$1" ]; do printf %s "$2" || break; done | timeout 15 ipvsadm -R
  rm -f -- "$1"
} </dev/null >/dev/null 2>&1 &`;

// What is still on its way to ipvsadm is read by then.
export const STOP = `rm -f -- "$1"
sleep 0.2 2>/dev/null || sleep 1`;
