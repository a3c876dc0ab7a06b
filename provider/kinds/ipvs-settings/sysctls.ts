import { z } from "zod";
import { whole, yesNo } from "../../model/fields";
import { cpuListOf } from "../../model/sysctl/cpu-list";

/** A kernel setting of IPVS, and what the kernel does with it. */
export interface VsSetting {
  readonly sysctl: string;
  readonly reason: string;
  /** The first Linux that has it, where a host may well have an earlier one. */
  readonly since?: string;
}

/** Settings that are on or off, by property. */
export const SWITCHES = {
  backupOnly: vsSetting("backup_only", "balance nothing while a backup sync daemon runs"),
  cacheBypass: vsSetting("cache_bypass", "forward packets to their original destination if there is no cache server"),
  conntrack: vsSetting(
    "conntrack",
    "let netfilter track balanced connections, for NAT and rules by state on the director",
  ),
  expireNodestConn: vsSetting(
    "expire_nodest_conn",
    "end connections to a removed real server at once, instead of dropping their packets",
  ),
  expireQuiescentTemplate: vsSetting(
    "expire_quiescent_template",
    "a persistent client of a real server with weight 0 gets another one",
  ),
  ignoreTunneled: vsSetting("ignore_tunneled", "do not balance packets that came out of a tunnel"),
  natIcmpSend: vsSetting("nat_icmp_send", "send an ICMP error to NAT clients when a real server has no such port"),
  pmtuDisc: vsSetting("pmtu_disc", "send ICMP to clients of tunnels so that they send smaller packets"),
  runEstimation: vsSetting("run_estimation", "count rates, for ipvsadm --rate", "5.15"),
  scheduleIcmp: vsSetting("schedule_icmp", "balance ICMP that belongs to no connection"),
  sloppySctp: vsSetting("sloppy_sctp", "accept any SCTP packet of an unknown connection as its start"),
  sloppyTcp: vsSetting("sloppy_tcp", "accept any TCP packet of an unknown connection as its start"),
  snatReroute: vsSetting("snat_reroute", "route NAT replies again, by the address of the VIP"),
  syncPersistMode: vsSetting("sync_persist_mode", "do not synchronise the templates of persistent clients"),
} as const;

/** Settings with a number, by property. */
export const NUMBERS = {
  amDroprate: vsSetting("am_droprate", "drop_packet drops one packet of this many"),
  amemthresh: vsSetting("amemthresh", "number of free pages below which the defences are active"),
  connLfactor: vsSetting(
    "conn_lfactor",
    "the connection table grows when it has more than two to the power of this entries for each row",
    "7.1",
  ),
  connMax: vsSetting("conn_max", "number of connections from which on the director takes no new one", "7.2"),
  connReuseMode: vsSetting(
    "conn_reuse_mode",
    "handling of a new connection from a client port that has an entry already",
  ),
  dropEntry: vsSetting("drop_entry", "drop entries of connections when memory is short"),
  dropPacket: vsSetting("drop_packet", "drop packets when memory is short"),
  estNice: vsSetting("est_nice", "priority of the threads that count rates", "6.2"),
  secureTcp: vsSetting("secure_tcp", "shorter timeouts of TCP when memory is short"),
  svcLfactor: vsSetting(
    "svc_lfactor",
    "the table of services grows when it has more than two to the power of this services for each row",
    "7.1",
  ),
  syncPorts: vsSetting("sync_ports", "threads and ports of a sync daemon"),
  syncQlenMax: vsSetting("sync_qlen_max", "messages that wait to be sent to a backup"),
  syncRefreshPeriod: vsSetting("sync_refresh_period", "seconds between two messages about an idle connection"),
  syncRetries: vsSetting("sync_retries", "number of repetitions of a message about a connection"),
  syncSockSize: vsSetting("sync_sock_size", "bytes of buffer of a sync daemon's socket"),
  syncVersion: vsSetting("sync_version", "format of sync messages"),
} as const;

const RANGES: Readonly<Record<keyof typeof NUMBERS, readonly [number, number]>> = {
  amDroprate: [1, 2147483647],
  amemthresh: [0, 2147483647],
  connLfactor: [-8, 8],
  connMax: [0, 2 ** 30],
  connReuseMode: [0, 3],
  dropEntry: [0, 3],
  dropPacket: [0, 3],
  estNice: [-20, 19],
  secureTcp: [0, 3],
  svcLfactor: [-8, 8],
  syncPorts: [1, 64],
  syncQlenMax: [0, 2147483647],
  syncRefreshPeriod: [0, 2147483],
  syncRetries: [0, 3],
  syncSockSize: [0, 2147483647],
  syncVersion: [0, 1],
};

/** In these, 1 and 2 are equal: the kernel changes 1 to 2 while memory is short, and back afterwards. */
export const DEFENCES: readonly string[] = ["dropEntry", "dropPacket", "secureTcp"];

/** Two numbers: the packets before a connection is synchronised first, and the packets between two messages. */
export const THRESHOLD = vsSetting(
  "sync_threshold",
  "packets before a connection is synchronised, and packets between two messages",
);

/** A list of processors. */
export const CPUS = vsSetting("est_cpulist", "processors of the threads that count rates", "6.2");

export const switchNames = Object.keys(SWITCHES) as (keyof typeof SWITCHES)[];
export const numberNames = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[];

const CPU_LIST =
  'must be numbers of processors and ranges of them, such as "0-3,8"; without any, use runEstimation: false';

export const sysctlFields = {
  ...fields(switchNames, () => yesNo.optional()),
  ...fields(numberNames, (name) => numberField(name).optional()),
  estCpulist: z
    .string({ error: CPU_LIST })
    .refine((text) => cpuListOf(text) !== undefined, { error: CPU_LIST })
    .transform((text) => cpuListOf(text) ?? text)
    .optional(),
  syncThreshold: z
    .strictObject(
      { packets: whole(0, 2147483647), period: whole(0, 2147483647) },
      { error: "must be { packets, period }, such as { packets: 3, period: 50 }" },
    )
    .refine(({ packets, period }) => period === 0 || packets < period, {
      path: ["packets"],
      error: "must be less than period, or the kernel refuses it",
    })
    .optional(),
};

function numberField(name: keyof typeof NUMBERS) {
  const range = whole(...RANGES[name]);
  if (DEFENCES.includes(name)) {
    return range.refine((value) => value !== 2, {
      error: "must be 0 (never), 1 (when memory is short) or 3 (always), not 2, which only the kernel writes",
    });
  }
  if (name !== "syncPorts") return range;
  // The kernel refuses other numbers of ports.
  return range.refine((value) => (value & (value - 1)) === 0, { error: "must be a power of two: 1, 2, 4 ... 64" });
}

function fields<Name extends string, T>(names: readonly Name[], field: (name: Name) => T): Readonly<Record<Name, T>> {
  return Object.fromEntries(names.map((name) => [name, field(name)])) as Record<Name, T>;
}

function vsSetting(sysctl: string, reason: string, since?: string): VsSetting {
  return { sysctl: `net.ipv4.vs.${sysctl}`, reason, ...(since !== undefined && { since }) };
}
