import { ConnectionError } from "../../errors";
import type { Connection } from "../../model/connection";
import { hostName } from "../../model/host-name";
import type { Command } from "../../step";
import type { Clock } from "../clock";
import { observeScript } from "./script";
import type { Shell } from "./shell";

/** Seconds that we wait for a host to end its boot, or its shutdown and the boot after that. */
export const BOOT_LIMIT = 300;

/** What a wait has to do with the outside. */
export interface Waiting {
  readonly clock: Clock;
  /** A time of the clock. */
  readonly until: number;
  /** Shows a line to the operator. */
  readonly log: (line: string) => void;
}

/**
 * Waits until the host has booted. What a boot has read before we change a file it does afterwards: a VIP, rules or a daemon that we
 * removed would come up again, and nothing would know of them. Throws where the limit is over, and what it throws where the host goes down.
 */
export async function waitForBoot(shell: Shell, connection: Connection, { clock, until, log }: Waiting): Promise<void> {
  const name = hostName(connection);
  let shown = "";
  let { phase } = shell.info;
  // The first look is short: it says what is waited for.
  for (let seconds = 0; phase !== "booted"; seconds = ROUND) {
    const left = Math.ceil((until - clock.now()) / 1000);
    const [result] = await shell.run(observeScript([lookFor(Math.max(0, Math.min(seconds, left)))]));
    const [word = "", ...jobs] = (result?.stdout ?? "").split("\n").filter((line) => line !== "");
    if (word === "booted") return;
    phase = word === "stopping" ? "stopping" : "starting";
    const what = phase === "stopping" ? "going down" : "booting";
    if (clock.now() >= until) throw tooLong(name, what, jobs);
    const line = `${name}: the host is ${what}, and we wait for it${jobs.length === 0 ? "" : `: ${jobs.join(", ")}`}`;
    if (line !== shown) log(line);
    shown = line;
  }
}

/** Seconds of one look. */
const ROUND = 5;

function lookFor(seconds: number): Command {
  return { sh: AWAIT, args: [String(seconds)], patience: ROUND + NETWORK_MANAGER };
}

/** Seconds that NetworkManager has to bring up what it does at boot: systemd does not wait for that. */
const NETWORK_MANAGER = 30;

// A mount whose server is dead keeps systemd "starting" for minutes. Where nothing but mounts is left, with targets that wait for them, no
// service that we could touch is still to come.
// "maintenance", "degraded", "offline" and what else systemd says end the wait. is-system-running has --wait since systemd 240 only.
const AWAIT = `left=$1
only_mounts() {
  jobs=$(timeout 5 systemctl --no-legend --no-pager --plain list-jobs) && [ -n "$jobs" ] || return 1
  printf '%s\\n' "$jobs" | while read -r id unit rest; do
    case $id$unit in *[0-9]*.mount | *[0-9]*.target | "") ;; *) exit 1 ;; esac
  done
}
while :; do
  state=$(timeout 5 systemctl is-system-running 2>/dev/null)
  [ "$state" != starting ] || ! only_mounts || state=running
  case $state in
    initializing | starting | stopping) ;;
    *)
      if systemctl --quiet is-active NetworkManager.service 2>/dev/null && command -v nm-online >/dev/null; then
        timeout ${NETWORK_MANAGER} nm-online --quiet --wait-for-startup --timeout=${NETWORK_MANAGER - 1}
      fi
      echo booted
      exit 0 ;;
  esac
  [ "$left" -gt 0 ] || break
  left=$((left - 1))
  sleep 1
done
echo "$state"
timeout 5 systemctl --no-legend --no-pager --plain list-jobs | while read -r id unit type rest; do
  case $id in *[0-9]) [ "$type" = "" ] || echo "$unit ($type $rest)" ;; esac
done`;

function tooLong(name: string, what: string, jobs: readonly string[]): ConnectionError {
  return new ConnectionError(
    [
      `${name}: the host is still ${what} after ${BOOT_LIMIT} s, and would do afterwards what it has read before a change of ours`,
      "  $ systemctl list-jobs",
      ...(jobs.length === 0 ? ["no job waits"] : jobs).map((job) => `  ${job}`),
      "Nothing was changed. Run again when that is over, or end the job that does not end (systemctl cancel).",
    ].join("\n"),
  );
}
