import type { Fact } from "../../facts/fact";
import { ipvsAdvice } from "../../facts/ipvs/table";
import { canonicalAddress } from "../../model/network/address";
import { SYNC_DEFAULTS, type SyncDaemon } from "./schema";

export type Daemon = Omit<SyncDaemon, "boot" | "live">;

/** The sync daemons that run, by their role. */
export type Daemons = ReadonlyMap<string, Daemon>;

/** If IPVS is not loaded, no daemon runs, and ipvsadm is not called, because it would load the module. */
export const syncDaemons: Fact<Daemons> = {
  command: {
    inShell: true,
    sh: `if [ -e /proc/net/ip_vs ]; then
  for dir in /sys/class/net/*; do
    { read -r mtu <"$dir/mtu"; } 2>/dev/null && echo "mtu \${dir##*/} $mtu"
  done
  ipvsadm -Ln --daemon
fi`,
  },
  parse: parseDaemons,
  advice: ipvsAdvice,
};

/** `master sync daemon (mcast=eth0, syncid=5, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)`; 1.26 stops after syncid. */
export function parseDaemons(output: string): Daemons {
  const lines = output.split("\n").map((line) => line.trim());
  const mtus = new Map(
    lines.flatMap((line) => {
      const [, name, mtu] = /^mtu (\S+) (\d+)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(mtu)] as const];
    }),
  );
  const daemons = lines
    .filter((line) => line !== "" && !line.startsWith("mtu "))
    .map((line) => parseDaemon(line, mtus));
  return new Map(daemons.map((daemon) => [daemon.role, daemon]));
}

function parseDaemon(line: string, mtus: ReadonlyMap<string, number>): Daemon {
  const [, role, list] = /^(master|backup) sync daemon \((.*)\)$/.exec(line) ?? [];
  const fields = new Map((list ?? "").split(", ").map((pair) => pair.split("=") as [string, string]));
  const device = fields.get("mcast");
  if ((role !== "master" && role !== "backup") || device === undefined) {
    throw new Error(`cannot read "${line}" as a sync daemon, from ipvsadm -L --daemon`);
  }
  const number = (name: string, fallback: number) => Number(fields.get(name) ?? fallback);
  const group = canonicalAddress(fields.get("group") ?? SYNC_DEFAULTS.group);
  const kernelDefault = defaultLength(role, group, mtus.get(device));
  const maxLength = number("maxlen", kernelDefault);
  return {
    role,
    device,
    syncId: number("syncid", SYNC_DEFAULTS.syncId),
    group,
    port: number("port", SYNC_DEFAULTS.port),
    ttl: number("ttl", SYNC_DEFAULTS.ttl),
    ...(maxLength !== kernelDefault && { maxLength }),
  };
}

/** The kernel's default: the payload of a packet of 1500 bytes, or for a backup of the device's MTU if that is larger. */
function defaultLength(role: SyncDaemon["role"], group: string, mtu = ETHERNET): number {
  const packet = role === "backup" ? Math.max(ETHERNET, mtu) : ETHERNET;
  return packet - (group.includes(":") ? 40 : 20) - 8;
}

const ETHERNET = 1500;
