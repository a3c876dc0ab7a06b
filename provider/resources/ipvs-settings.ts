import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";

/** Seconds, 1 to 2678400 (31 days). Those that are not named are left as they are. */
export interface TimeoutsArgs {
  /** An established TCP connection without packets. @default left as it is; the kernel's is 900 */
  tcp?: pulumi.Input<number>;
  /** A TCP connection that is closing. @default left as it is; the kernel's is 120 */
  tcpFin?: pulumi.Input<number>;
  /** UDP. @default left as it is; the kernel's is 300 */
  udp?: pulumi.Input<number>;
}

/** When a connection is told to a backup. */
export interface SyncThresholdArgs {
  /** First after so many packets. Less than period. */
  packets: pulumi.Input<number>;
  /** And again after so many more. 0: never again. */
  period: pulumi.Input<number>;
}

/** What the kernel has as `net.ipv4.vs.*`, by other spelling: `conn_reuse_mode` is `connReuseMode`. All in place. */
export interface IpvsSysctlArgs {
  /**
   * A host that is backup of a sync daemon does not balance what reaches it balanced. Two hosts that are director and real server
   * at once need it.
   * @default left as it is; the kernel's is false
   */
  backupOnly?: pulumi.Input<boolean>;
  /** Send packets for which there is no cache server to where they were going (transparent caches). @default left as it is; the kernel's is false */
  cacheBypass?: pulumi.Input<boolean>;
  /**
   * netfilter tracks balanced connections: for NAT of clients (MASQUERADE) and rules by state on the director. Costs memory
   * and time for each connection; the module is then loaded with nf_conntrack.
   * @default left as it is; the kernel's is false
   */
  conntrack?: pulumi.Input<boolean>;
  /** End connections of a real server that was removed at once. Without, their packets are dropped until it comes back. @default left as it is; the kernel's is false */
  expireNodestConn?: pulumi.Input<boolean>;
  /** A persistent client of a real server with weight 0 gets another one at once. Without, draining waits for the client. @default left as it is; the kernel's is false */
  expireQuiescentTemplate?: pulumi.Input<boolean>;
  /** Do not balance what came out of a tunnel. @default left as it is; the kernel's is false */
  ignoreTunneled?: pulumi.Input<boolean>;
  /** NAT: tell clients by ICMP when the real server has no such port. @default left as it is; the kernel's is false */
  natIcmpSend?: pulumi.Input<boolean>;
  /** Tunnels: tell clients by ICMP to send less at once. Without, packets are sent in fragments. @default left as it is; the kernel's is true */
  pmtuDisc?: pulumi.Input<boolean>;
  /** Count rates, for `ipvsadm --rate`. Linux 5.15. @default left as it is; the kernel's is true */
  runEstimation?: pulumi.Input<boolean>;
  /** Balance ICMP that belongs to no connection. @default left as it is; the kernel's is false */
  scheduleIcmp?: pulumi.Input<boolean>;
  /** Take an SCTP packet of an unknown connection for the start of one. @default left as it is; the kernel's is false */
  sloppySctp?: pulumi.Input<boolean>;
  /** Take a TCP packet of an unknown connection for the start of one: directors that take over without a sync daemon. @default left as it is; the kernel's is false */
  sloppyTcp?: pulumi.Input<boolean>;
  /** NAT: look up the way of replies again, by the address of the VIP. @default left as it is; the kernel's is true */
  snatReroute?: pulumi.Input<boolean>;
  /** Do not synchronise the templates of persistent clients, only their connections. @default left as it is; the kernel's is false */
  syncPersistMode?: pulumi.Input<boolean>;
  /** Which packet `dropPacket: 3` drops: one of so many. 1 or more. @default left as it is; the kernel's is 10 */
  amDroprate?: pulumi.Input<number>;
  /** Pages of free memory below which the defences (`dropEntry: 1` and so on) are on. 0 or more. @default left as it is; the kernel's is 1024 */
  amemthresh?: pulumi.Input<number>;
  /**
   * A new connection from a port that is still known, 0 to 3: 0 goes where the old one went, 1 is scheduled anew, 2 is
   * added for ports in FIN_WAIT only.
   * @default left as it is; the kernel's is 1
   */
  connReuseMode?: pulumi.Input<number>;
  /** Drop entries of connections: 0 never, 1 when memory is short, 3 always. @default left as it is; the kernel's is 0 */
  dropEntry?: pulumi.Input<number>;
  /** Drop packets: 0 never, 1 when memory is short, 3 always. @default left as it is; the kernel's is 0 */
  dropPacket?: pulumi.Input<number>;
  /** Shorter timeouts of TCP: 0 never, 1 when memory is short, 3 always. @default left as it is; the kernel's is 0 */
  secureTcp?: pulumi.Input<number>;
  /** Threads of a sync daemon, a port each: a power of two, 1 to 64. The same on both sides. @default left as it is; the kernel's is 1 */
  syncPorts?: pulumi.Input<number>;
  /** Messages that wait to be sent to a backup. 0 or more. @default left as it is; the kernel's is a share of the memory */
  syncQlenMax?: pulumi.Input<number>;
  /** Seconds between two messages about a connection without news. 0: by packets, see syncThreshold. @default left as it is; the kernel's is 0 */
  syncRefreshPeriod?: pulumi.Input<number>;
  /** How often a message about a connection is sent again, 0 to 3. @default left as it is; the kernel's is 0 */
  syncRetries?: pulumi.Input<number>;
  /** Bytes of buffer of a sync daemon's socket. 0: the system's. @default left as it is; the kernel's is 0 */
  syncSockSize?: pulumi.Input<number>;
  /** Format of sync messages: 0 for backups before Linux 2.6.39, or 1. @default left as it is; the kernel's is 1 */
  syncVersion?: pulumi.Input<number>;
  /** When a connection is told to a backup: `sync_threshold`. @default left as it is; the kernel's is { packets: 3, period: 50 } */
  syncThreshold?: pulumi.Input<SyncThresholdArgs>;
}

export interface IpvsSettingsArgs extends IpvsSysctlArgs {
  /** The director. One of these for each. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** `ipvsadm --set`. In place. @default left as they are */
  timeouts?: pulumi.Input<TimeoutsArgs>;
  /**
   * The connection table has 2 to the power of so many rows: 8 to 20, up to 27 since Linux 6.5. Counts when the module is
   * loaded, that is at the next boot: until then `pending` says so. @default left as it is; the kernel's is 12
   */
  connTabBits?: pulumi.Input<number>;
  /** Set all of it at boot, too. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** Who loads rules at boot, where it cannot be told by looking at the host. @default asked of the host */
  rulesLoader?: pulumi.Input<"debian" | "rhel">;
}

/**
 * What a director's IPVS goes by as a whole. Only what is given is set; what is given up, or destroyed, goes back to what it
 * was, unless somebody changed it since.
 *
 * ```ts
 * new lvs.IpvsSettings("director1", { host: "director1", timeouts: { udp: 30 }, expireQuiescentTemplate: true, connTabBits: 20 });
 * ```
 */
export class IpvsSettings extends HostResource {
  static readonly __pulumiType = typeToken("IpvsSettings");

  /** Who this is on the host: `ipvs`. */
  declare readonly key: pulumi.Output<string>;
  /** What the host is told. */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  declare readonly timeouts: pulumi.Output<{ tcp?: number; tcpFin?: number; udp?: number } | undefined>;
  declare readonly backupOnly: pulumi.Output<boolean | undefined>;
  declare readonly cacheBypass: pulumi.Output<boolean | undefined>;
  declare readonly conntrack: pulumi.Output<boolean | undefined>;
  declare readonly expireNodestConn: pulumi.Output<boolean | undefined>;
  declare readonly expireQuiescentTemplate: pulumi.Output<boolean | undefined>;
  declare readonly ignoreTunneled: pulumi.Output<boolean | undefined>;
  declare readonly natIcmpSend: pulumi.Output<boolean | undefined>;
  declare readonly pmtuDisc: pulumi.Output<boolean | undefined>;
  declare readonly runEstimation: pulumi.Output<boolean | undefined>;
  declare readonly scheduleIcmp: pulumi.Output<boolean | undefined>;
  declare readonly sloppySctp: pulumi.Output<boolean | undefined>;
  declare readonly sloppyTcp: pulumi.Output<boolean | undefined>;
  declare readonly snatReroute: pulumi.Output<boolean | undefined>;
  declare readonly syncPersistMode: pulumi.Output<boolean | undefined>;
  declare readonly amDroprate: pulumi.Output<number | undefined>;
  declare readonly amemthresh: pulumi.Output<number | undefined>;
  declare readonly connReuseMode: pulumi.Output<number | undefined>;
  declare readonly dropEntry: pulumi.Output<number | undefined>;
  declare readonly dropPacket: pulumi.Output<number | undefined>;
  declare readonly secureTcp: pulumi.Output<number | undefined>;
  declare readonly syncPorts: pulumi.Output<number | undefined>;
  declare readonly syncQlenMax: pulumi.Output<number | undefined>;
  declare readonly syncRefreshPeriod: pulumi.Output<number | undefined>;
  declare readonly syncRetries: pulumi.Output<number | undefined>;
  declare readonly syncSockSize: pulumi.Output<number | undefined>;
  declare readonly syncVersion: pulumi.Output<number | undefined>;
  declare readonly syncThreshold: pulumi.Output<{ packets: number; period: number } | undefined>;
  /** As the next boot will have it. */
  declare readonly connTabBits: pulumi.Output<number | undefined>;
  /** Whether the next boot sets all of it. */
  declare readonly boot: pulumi.Output<boolean>;
  /** What waits for the next boot. */
  declare readonly pending: pulumi.Output<string | undefined>;

  constructor(name: string, args: IpvsSettingsArgs, opts?: pulumi.CustomResourceOptions) {
    super("IpvsSettings", name, args, ["key", "commands", ...RECORD], opts);
  }
}

const RECORD = [
  "timeouts",
  "backupOnly",
  "cacheBypass",
  "conntrack",
  "expireNodestConn",
  "expireQuiescentTemplate",
  "ignoreTunneled",
  "natIcmpSend",
  "pmtuDisc",
  "runEstimation",
  "scheduleIcmp",
  "sloppySctp",
  "sloppyTcp",
  "snatReroute",
  "syncPersistMode",
  "amDroprate",
  "amemthresh",
  "connReuseMode",
  "dropEntry",
  "dropPacket",
  "secureTcp",
  "syncPorts",
  "syncQlenMax",
  "syncRefreshPeriod",
  "syncRetries",
  "syncSockSize",
  "syncVersion",
  "syncThreshold",
  "connTabBits",
  "boot",
  "pending",
];
