import type { CommandStep } from "../../step";

/** Seconds for the installation itself: a download over a slow line, a script of a package. */
const INSTALLATION = 900;

/**
 * Runs `work "$1"` of the shell text again while another process holds the package lock. `locked`: patterns of a shell's `case` that
 * its output matches then. Prints its output only when it fails.
 */
export function retryWhileLocked(work: string, locked: string, name: string, lockTimeout: number): CommandStep {
  return {
    command: {
      sh: `${work}\nlocked() { case $1 in ${locked}) ;; *) return 1 ;; esac; }\n${LOOP}`,
      args: [name, `${lockTimeout}`],
      patience: lockTimeout + INSTALLATION,
    },
  };
}

// Whoever waits for us is shown what we wait for.
const LOOP = `said='' end=$(($(date +%s) + $2))
while :; do
  output=$(work "$1" "$2" 2>&1) && exit
  rc=$?
  locked "$output" || break
  if [ "$(date +%s)" -ge $end ]; then
    echo "another program held the package lock for $2 s" >&2
    break
  fi
  [ -n "$said" ] || echo "waiting for the package lock, which another program holds" >&2
  said=1
  sleep 2
done
printf '%s\\n' "$output" | tail -n 20 >&2
exit "$rc"`;
