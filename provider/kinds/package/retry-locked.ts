import type { CommandStep } from "../../step";

/** Seconds for the work itself: a download over a slow line, a script of a package. */
const WORK = 900;

/**
 * Runs `work "$1"` of the shell text until it is not told any more that somebody else holds a lock. Its words come out when it
 * fails. `locked` are patterns of a shell's `case`, of the words that mean a lock.
 */
export function patiently(work: string, locked: string, name: string, lockTimeout: number): CommandStep {
  return {
    command: {
      sh: `${work}\nlocked() { case $1 in ${locked}) ;; *) return 1 ;; esac; }\n${LOOP}`,
      args: [name, `${lockTimeout}`],
      patience: lockTimeout + WORK,
    },
  };
}

const LOOP = `end=$(($(date +%s) + $2))
while :; do
  said=$(work "$1" "$2" 2>&1) && exit
  rc=$?
  locked "$said" || break
  if [ "$(date +%s)" -ge $end ]; then
    echo "another program held the package lock for $2 s" >&2
    break
  fi
  sleep 2
done
printf '%s\\n' "$said" | tail -n 20 >&2
exit "$rc"`;
