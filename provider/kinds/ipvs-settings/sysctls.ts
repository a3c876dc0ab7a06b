import { z } from "zod";
import { whole, yesNo } from "../../model/fields";

/** One of the kernel's settings of IPVS: what users call it, and what the kernel does. */
interface Row {
  readonly sysctl: string;
  readonly reason: string;
}

/** On or off. */
export const SWITCHES = {
  backupOnly: row("backup_only", "a host that is backup of a sync daemon does not balance what reaches it balanced"),
  cacheBypass: row("cache_bypass", "send packets for which there is no cache server to where they were going"),
  conntrack: row("conntrack", "let netfilter track balanced connections, for NAT and rules by state on the director"),
  expireNodestConn: row("expire_nodest_conn", "end connections of a real server that was removed, instead of dropping"),
  expireQuiescentTemplate: row(
    "expire_quiescent_template",
    "a persistent client of a real server with weight 0 gets another one",
  ),
  ignoreTunneled: row("ignore_tunneled", "do not balance what came out of a tunnel"),
  natIcmpSend: row("nat_icmp_send", "tell NAT clients by ICMP when a real server has no such port"),
  pmtuDisc: row("pmtu_disc", "tell clients of tunnels by ICMP to send less at once"),
  runEstimation: row("run_estimation", "count rates, for ipvsadm --rate"),
  scheduleIcmp: row("schedule_icmp", "balance ICMP that belongs to no connection"),
  sloppySctp: row("sloppy_sctp", "take an SCTP packet of an unknown connection for the start of one"),
  sloppyTcp: row("sloppy_tcp", "take a TCP packet of an unknown connection for the start of one"),
  snatReroute: row("snat_reroute", "look up the way of NAT replies again, by the address of the VIP"),
  syncPersistMode: row("sync_persist_mode", "do not synchronise the templates of persistent clients"),
} as const;

/** A number each. */
export const NUMBERS = {
  amDroprate: row("am_droprate", "which packet drop_packet drops: one of so many"),
  amemthresh: row("amemthresh", "pages of free memory below which the defences are on"),
  connReuseMode: row("conn_reuse_mode", "what to do with a new connection from a port that is still known"),
  dropEntry: row("drop_entry", "drop entries of connections when memory is short"),
  dropPacket: row("drop_packet", "drop packets when memory is short"),
  secureTcp: row("secure_tcp", "shorter timeouts of TCP when memory is short"),
  syncPorts: row("sync_ports", "threads and ports of a sync daemon"),
  syncQlenMax: row("sync_qlen_max", "messages that wait to be sent to a backup"),
  syncRefreshPeriod: row("sync_refresh_period", "seconds between two messages about an idle connection"),
  syncRetries: row("sync_retries", "how often a message about a connection is sent again"),
  syncSockSize: row("sync_sock_size", "bytes of buffer of a sync daemon's socket"),
  syncVersion: row("sync_version", "format of sync messages"),
} as const;

const RANGES: Readonly<Record<keyof typeof NUMBERS, readonly [number, number]>> = {
  amDroprate: [1, 2147483647],
  amemthresh: [0, 2147483647],
  connReuseMode: [0, 3],
  dropEntry: [0, 3],
  dropPacket: [0, 3],
  secureTcp: [0, 3],
  syncPorts: [1, 64],
  syncQlenMax: [0, 2147483647],
  syncRefreshPeriod: [0, 2147483],
  syncRetries: [0, 3],
  syncSockSize: [0, 2147483647],
  syncVersion: [0, 1],
};

/** With these, 1 and 2 are one wish: the kernel writes 2 while memory is short, and 1 again afterwards. */
export const DEFENCES: readonly string[] = ["dropEntry", "dropPacket", "secureTcp"];

/** After how many packets a connection is synchronised first, and after how many more again. */
export const THRESHOLD = row(
  "sync_threshold",
  "after how many packets a connection is synchronised, and every how many",
);

export const switchNames = Object.keys(SWITCHES) as (keyof typeof SWITCHES)[];
export const numberNames = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[];

const onOff = yesNo.optional();

export const sysctlFields = {
  ...fields(switchNames, () => onOff),
  ...fields(numberNames, (name) => number(name).optional()),
  syncThreshold: z
    .strictObject(
      { packets: whole(0, 2147483647), period: whole(0, 2147483647) },
      { error: "must be { packets, period }, such as { packets: 3, period: 50 }" },
    )
    .refine(({ packets, period }) => period === 0 || packets < period, {
      path: ["packets"],
      error: "must be less than period: the kernel refuses it",
    })
    .optional(),
};

/** The kernel refuses a number of ports that is no power of two. */
function number(name: keyof typeof NUMBERS) {
  const range = whole(...RANGES[name]);
  if (DEFENCES.includes(name)) {
    return range.refine((value) => value !== 2, {
      error: "must be 0 (never), 1 (when memory is short) or 3 (always), not 2: the kernel alone writes that",
    });
  }
  if (name !== "syncPorts") return range;
  return range.refine((value) => (value & (value - 1)) === 0, { error: "must be a power of two: 1, 2, 4 ... 64" });
}

function fields<Name extends string, T>(names: readonly Name[], field: (name: Name) => T): Readonly<Record<Name, T>> {
  return Object.fromEntries(names.map((name) => [name, field(name)])) as Record<Name, T>;
}

function row(sysctl: string, reason: string): Row {
  return { sysctl: `net.ipv4.vs.${sysctl}`, reason };
}
