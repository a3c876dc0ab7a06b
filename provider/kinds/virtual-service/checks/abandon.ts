import { FRAGMENTS_PATTERN, MAIN_FILE } from "../../../facts/keepalived/paths";
import type { CommandStep } from "../../../step";

/** Has keepalived give up its services without a word to the kernel, where nobody else has one. Once for a batch, when all files have gone. */
export function abandonServices(): CommandStep {
  return { command: { sh: ABANDON, args: [] }, once: true };
}

// A process that has services deletes their rules when it ends or reads its files anew. The daemon starts another one at once, and with the files of its last
// reading: so it is halted meanwhile, and goes on with a reload, which is the first signal that it takes. Its process of addresses knows nothing of all this.
export const ABANDON = `for file in ${FRAGMENTS_PATTERN}; do
  case $file in *'/*.conf' | */vrrp-*) ;; *) exit 0 ;; esac
done
! grep -E '^[[:space:]]*(virtual_server|include)' ${MAIN_FILE} 2>/dev/null | grep -qvF 'include ${FRAGMENTS_PATTERN}' || exit 0
main=$(systemctl show --property=MainPID --value keepalived.service 2>/dev/null)
checkers=$(cat /run/checkers.pid 2>/dev/null || cat /run/keepalived/checkers.pid 2>/dev/null)
case $main:$checkers in 0:* | :* | *: | *[!0-9:]*) exit 0 ;; esac
grep -qx "PPid:[[:space:]]*$main" "/proc/$checkers/status" 2>/dev/null || exit 0
# With this option the daemon would end.
! tr '\\0' '\\n' <"/proc/$main/cmdline" | grep -qE '^(-[A-Za-z]*R|--dont-respawn$)' || exit 0
trap '' HUP INT TERM
kill -STOP "$main" && kill -KILL "$checkers"
kill -HUP "$main"
kill -CONT "$main"`;
