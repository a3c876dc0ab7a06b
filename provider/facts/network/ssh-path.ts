import type { Fact } from "../fact";

/** How our own SSH session comes into the host, and who keeps that up. */
export interface SshPath {
  /** The host's address that we are connected to. undefined: it cannot be told. */
  readonly address?: string;
  readonly device?: string;
  /** Those of the network managers that have this device in hand. */
  readonly keptBy: readonly string[];
}

/** Services that keep a network up, by the name of their unit; aliases and helpers lead to the same. */
export const NETWORK_MANAGERS: Readonly<Record<string, string>> = {
  "NetworkManager.service": "NetworkManager",
  "network-manager.service": "NetworkManager",
  "dbus-org.freedesktop.NetworkManager.service": "NetworkManager",
  "systemd-networkd.service": "systemd-networkd",
  "systemd-networkd.socket": "systemd-networkd",
  "dbus-org.freedesktop.network1.service": "systemd-networkd",
  "networking.service": "networking",
  "network.service": "network",
  "wicked.service": "wicked",
  "wickedd.service": "wicked",
};

export const sshPath: Fact<SshPath> = { command: { sh: askWayIn() }, parse: parseSshPath };

/** sshd told the first process of our session where it comes from; sudo does not hand that on, so it is looked for upwards. */
// shellcheck disable=SC2046,SC2086: `set` splits the words of a line.
function askWayIn(): string {
  return `pid=$$ address=
while [ "$pid" -gt 1 ]; do
  line=$(tr '\\0' '\\n' 2>/dev/null <"/proc/$pid/environ" | grep '^SSH_CONNECTION=')
  if [ -n "$line" ]; then set -- \${line#*=}; address=\${3%%%*}; break; fi
  while read -r name value; do
    if [ "$name" = PPid: ]; then pid=$value; break; fi
  done <"/proc/$pid/status"
done
[ -n "$address" ] || exit 0
echo "address $address"
set -- $(ip -o addr show to "$address")
[ $# -gt 1 ] || exit 0
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
[ ! -e "/etc/sysconfig/network-scripts/ifcfg-$device" ] || echo "network has a file"
[ ! -e "/etc/sysconfig/network/ifcfg-$device" ] || echo "wicked has a file"
:`;
}

export function parseSshPath(output: string): SshPath {
  const said = output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(" "));
  const value = (label: string) => said.find(([first]) => first === label)?.[1];
  const [address, device] = [value("address"), value("device")];
  const keepers = said.filter(
    ([first = "", state = ""]) => Object.values(NETWORK_MANAGERS).includes(first) && state !== "unmanaged",
  );
  return {
    ...(address !== undefined && { address }),
    ...(device !== undefined && { device }),
    keptBy: [...new Set(keepers.map(([first = ""]) => first))],
  };
}
