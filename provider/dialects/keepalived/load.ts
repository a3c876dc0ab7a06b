import { FRAGMENTS_PATTERN, KEEPALIVED_DROP_IN, LOADED, PENDING, RUN_FOLDER } from "../../facts/keepalived/paths";
import type { CommandStep } from "../../step";

/**
 * Has the daemon read the files as they are, and waits up to 3 s for it. It is started where it does not run, and never with nothing to do.
 *
 * @param whenEmpty what becomes of it when none of our files is left.
 */
export function loadFragments(whenEmpty: "stop" | "reload"): CommandStep {
  return { command: { sh: LOAD, args: [whenEmpty], doing: "waiting for keepalived to read its files" }, once: true };
}

// systemd does not see a drop-in whose folder is new, and says that it needs no reload. "systemctl reload" always succeeds, and comes back before the daemon has begun. It says in its log when it is through; where that cannot be
// read, 3 s are enough. An operator may have told it to test what it reads, and it says where it has written why it does not.
const LOAD = `unit=keepalived.service
fail() {
  { journalctl --quiet --unit $unit --lines 10 --output cat --no-pager || systemctl --no-pager --full status $unit; } >&2 2>/dev/null
  exit 1
}
is_active() { systemctl --quiet is-active $unit; }
case $(systemctl show --property=LoadState --property=DropInPaths --property=NeedDaemonReload $unit) in
  *not-found*) exit 0 ;;
  *NeedDaemonReload=yes*) systemctl daemon-reload || exit ;;
  *${KEEPALIVED_DROP_IN}*) ;;
  *) systemctl daemon-reload || exit ;;
esac
whenempty=$1
set -- ${FRAGMENTS_PATTERN}
if [ ! -e "$1" ] && [ "$whenempty" = stop ]; then
  systemctl stop $unit || fail
  systemctl reset-failed $unit 2>/dev/null
  rm -f -- ${LOADED} ${PENDING}
  exit 0
fi
[ ! -e "$1" ] || systemctl --quiet is-enabled $unit 2>/dev/null || systemctl --quiet enable $unit || exit
if is_active; then
  cursor=$(journalctl --quiet --unit $unit --lines 0 --show-cursor 2>/dev/null)
  cursor=\${cursor##*cursor: }
  systemctl reload $unit || fail
  round=0
  while [ $round -lt 30 ]; do
    round=$((round + 1))
    sleep 0.1 2>/dev/null || sleep 1
    is_active || fail
    case $(journalctl --quiet --unit $unit --after-cursor "$cursor" --output cat --no-pager 2>/dev/null) in
      *"Reload complete"* | *"Reload finished"*) break ;;
      *"failed validation"*) fail ;;
    esac
  done
elif [ -e "$1" ]; then
  systemctl reset-failed $unit 2>/dev/null
  systemctl start $unit || fail
else
  rm -f -- ${LOADED} ${PENDING}
  exit 0
fi
is_active || fail
umask 077
mkdir -p -- ${RUN_FOLDER} || exit
{
  systemctl show --property=MainPID $unit
  [ ! -e "$1" ] || stat -c '%n %i %s %y' -- "$@"
} >${LOADED} || exit
rm -f -- ${PENDING}`;
