import { placeOf } from "../../../../provider/dialects/network/declaration.ts";
import { declaredByNetworkd } from "../../../../provider/dialects/network/networkd/declared.ts";
import { readNetworkFile } from "../../../../provider/dialects/network/networkd/network-files.ts";
import { UserError } from "../../../../provider/errors.ts";
import { tar } from "../../../../tools/lab/boot/tar.ts";
import type { LabHost } from "../../../../tools/lab/host/host.ts";
import type { Texts } from "../../../support/differential.ts";
import type { LabFormat } from "../compare.ts";
import { networkConfigOf } from "./network-config.ts";
import { DEVICE, FILE, IPS, networkdTexts } from "./networkd-texts.ts";

/** What a .network file and its drop-ins bring up of two addresses, with prefix and label. The host's side is a running networkd. */
export const networkdFiles: LabFormat = {
  name: "networkd",
  host: "networkd1",
  texts: networkdTexts(),
  refusedAtMost: 0.35,
  ours: (files) => {
    const active = new Map([[DEVICE, { networkFile: `/${FILE}` }]]);
    const config = { ...networkConfigOf(files, ""), activeConfigs: active };
    const { problem } = readNetworkFile(`/${FILE}`, config);
    if (problem !== undefined) throw new UserError(`${placeOf(problem)}: ${problem.reason}`);
    return IPS.flatMap((ip) => declaredByNetworkd({ address: ip }, config))
      .map((one) => {
        if (one.unclear !== undefined) throw new UserError(`${placeOf(one)}: ${one.unclear}`);
        return `${one.address ?? ""} ${one.label ?? ""}`;
      })
      .sort();
  },
  read: readByNetworkd,
};

/** One networkd reads all texts: each has a device and files of its own, with a number in place of the device's name. */
async function readByNetworkd(host: LabHost, all: readonly Texts[]): Promise<readonly unknown[]> {
  const files = all.flatMap((texts, index) =>
    Object.entries(texts).map(([path, text]) => ({
      path: path.replaceAll(DEVICE, deviceOf(index)),
      text: text.replaceAll(DEVICE, deviceOf(index)),
    })),
  );
  const devices = all.map((_, index) => `link add ${deviceOf(index)} index ${FIRST + index} type dummy\n`);
  const input = tar([...files, { path: "devices", text: devices.join("") }, { path: "observe", text: OBSERVE }]);
  const { stdout } = await host.sh(START, { input, timeout: 120_000 });
  const [states = "", addresses = ""] = stdout.split("\n--\n");
  const unread = new Set(states.split("\n").filter((line) => line.endsWith("=unmanaged")));
  return all.map((_, index) => {
    if (unread.has(`${FIRST + index}:ADMIN_STATE=unmanaged`)) return undefined;
    const device = deviceOf(index);
    const lines = addresses.split("\n").filter((line) => line.startsWith(`${FIRST + index}: `));
    return lines.flatMap((line) => addressIn(line.replaceAll(device, DEVICE))).sort();
  });
}

/** Indexes of devices. Names are as long as the one that they stand for, because labels have a limit. */
const FIRST = 1000;

function deviceOf(index: number): string {
  return `n${String(index).padStart(DEVICE.length - 1, "0")}`;
}

/** `1003: eth0    inet 192.168.4.5/32 scope global eth0:1\       valid_lft forever preferred_lft forever`. */
function addressIn(line: string): string[] {
  const [, family, address = "", rest = ""] = /^\d+: \S+ +(inet6?) (\S+) ([^\\]*)\\/.exec(line) ?? [];
  if (!IPS.includes(address.split("/")[0] ?? "")) return [];
  const label = rest.replace(/^.*?scope \S+ (?:(?:secondary|deprecated|noprefixroute|nodad) )*/, "").trimEnd();
  return [`${address} ${family === "inet" ? label : ""}`];
}

/** A network, mounts and processes of its own: the host's own networkd and its cards do not notice, and all of it ends with the script. */
const START = `work=$(mktemp -d) && cd "$work" && tar xf - || exit
trap 'rm -rf "$work"' EXIT
unshare --net --mount --pid --fork sh ./observe`;

/** With a /sys that is read-only, networkd does not wait for udev. */
const OBSERVE = `mount -t sysfs -o ro sysfs /sys && mkdir -p etc/systemd/network run/systemd/network || exit
mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/network /run/systemd/netif /etc/systemd/network || exit
mount --bind run/systemd/network /run/systemd/network && mount --bind etc/systemd/network /etc/systemd/network || exit
chown systemd-network: /run/systemd/netif && ip -batch devices || exit
for program in /usr/lib/systemd/systemd-networkd /lib/systemd/systemd-networkd; do [ ! -x "$program" ] || break; done
"$program" 2>messages &
work=$PWD wanted=$(wc -l <devices) tries=0
until cd /run/systemd/netif/links 2>/dev/null &&
  [ "$(grep -lE '^ADMIN_STATE=(configured|failed|unmanaged)$' [1-9]??? 2>/dev/null | wc -l)" -eq "$wanted" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { grep -E '^ADMIN_STATE=(pending|initialized|configuring)' * | tail -n 3; tail -n 5 "$work/messages"; exit 1; } >&2
  sleep 0.1
done
grep -H '^ADMIN_STATE=' [1-9]???
echo --
ip -o addr show`;
