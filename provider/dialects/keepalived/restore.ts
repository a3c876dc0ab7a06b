import {
  DROP_IN_FOLDER,
  FRAGMENTS,
  FRAGMENTS_PATTERN,
  LOADED,
  PENDING,
  PROTOCOL_FILE,
  RUN_FOLDER,
  STAGE,
} from "../../facts/keepalived/paths";
import type { CommandStep } from "../../step";
import type { OriginalDaemon } from "./record";

/** The daemon as it was before us. Nothing happens where somebody has a file of ours by now. */
export function restoreDaemon({ running, enabled, protocol }: OriginalDaemon): CommandStep {
  return {
    command: { sh: RESTORE, args: [running ? "running" : "stopped", enabled, ...(protocol ? [] : [PROTOCOL_FILE])] },
    once: true,
  };
}

// "systemctl enable" and "disable" read all units anew.
const RESTORE = `unit=keepalived.service running=$1 enabled=$2 protocol=$3
set -- ${FRAGMENTS_PATTERN}
[ ! -e "$1" ] || exit 0
[ "$running" = running ] || ! systemctl --quiet is-active $unit || systemctl stop $unit || exit
rm -rf -- ${STAGE}
rm -f -- ${LOADED} ${PENDING}
if [ -n "$protocol" ] && [ -e "$protocol" ]; then rm -f -- "$protocol"; (cd /etc && rmdir -p -- iproute2/rt_addrprotos.d 2>/dev/null); fi
rmdir -- ${RUN_FOLDER} ${FRAGMENTS} ${DROP_IN_FOLDER} 2>/dev/null
[ "$enabled" != disabled ] || ! systemctl --quiet is-enabled $unit 2>/dev/null || systemctl --quiet disable $unit || exit
[ ! -d /run/systemd/system ] || systemctl daemon-reload`;
