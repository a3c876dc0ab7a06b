import type { Fact } from "../fact";
import { MANAGER_OF_UNIT } from "./manager-units";

/** Where our SSH session enters the host, and which network managers are responsible for that interface. */
export interface SshPath {
  /** The host's address that we are connected to; undefined if unknown. */
  readonly address?: string;
  readonly device?: string;
  readonly managedBy: readonly string[];
}

// sshd sets SSH_CONNECTION for the first process of a session, and sudo drops it: then the environment of our ancestors is searched.
// shellcheck disable=SC2046,SC2086: `set` splits the words of a line.
const READ_SSH_PATH = `pid=$$ line=$SSH_CONNECTION
while [ -z "$line" ] && [ "$pid" -gt 1 ]; do
  line=$(tr '\\0' '\\n' 2>/dev/null <"/proc/$pid/environ" | grep '^SSH_CONNECTION=')
  line=\${line#*=}
  while read -r name value; do
    if [ "$name" = PPid: ]; then pid=$value; break; fi
  done <"/proc/$pid/status"
done
set -- $line
address=\${3%%%*}
set --
if [ -n "$address" ]; then
  echo "address $address"
  set -- $(ip -o addr show to "$address")
fi
if [ $# -gt 1 ]; then
  index=\${1%:} device=$2
  echo "device $device"
  if command -v nmcli >/dev/null; then
    nmcli -t -f DEVICE,STATE device 2>/dev/null | while IFS=: read -r one state; do
      [ "$one" != "$device" ] || echo "NetworkManager $state"
    done
  fi
  if [ -r "/run/systemd/netif/links/$index" ]; then
    while IFS='=' read -r name value; do
      [ "$name" != ADMIN_STATE ] || echo "systemd-networkd $value"
    done <"/run/systemd/netif/links/$index"
  fi
  if [ -r /run/network/ifstate ]; then
    while IFS='=' read -r one rest; do
      [ "$one" != "$device" ] || echo "networking has it up"
    done </run/network/ifstate
  fi
  # ifupdown2 keeps what it has up in a file of Python, with each name as its text.
  if [ -d /usr/share/ifupdown2 ]; then
    folder=/var/tmp/network
    { while IFS='=: ' read -r name value; do
      [ "$name" != state_dir ] || folder=\${value:-$folder}
    done </etc/network/ifupdown2/ifupdown2.conf; } 2>/dev/null
    ! LC_ALL=C grep -aqwFe "$device" "$folder/ifstatenew" 2>/dev/null || echo "networking has it up"
  fi
  [ ! -e "/etc/sysconfig/network-scripts/ifcfg-$device" ] || echo "network has a file"
  [ ! -e "/etc/sysconfig/network/ifcfg-$device" ] || echo "wicked has a file"
fi
:`;

/** Where our SSH session enters the host. */
export const sshPath: Fact<SshPath> = { command: { sh: READ_SSH_PATH, inShell: true }, parse: parseSshPath };

export function parseSshPath(output: string): SshPath {
  const lines = output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(" "));
  const valueOf = (key: string) => lines.find(([first]) => first === key)?.[1];
  const [address, device] = [valueOf("address"), valueOf("device")];
  const known = new Set(Object.values(MANAGER_OF_UNIT));
  const managers = lines.flatMap(([name = "", state = ""]) => (known.has(name) && state !== "unmanaged" ? [name] : []));
  return {
    ...(address !== undefined && { address }),
    ...(device !== undefined && { device }),
    managedBy: [...new Set(managers)],
  };
}
