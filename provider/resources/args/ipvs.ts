import type * as pulumi from "@pulumi/pulumi";

/** `ipvsadm --set`: when the kernel forgets an idle connection. A timeout that is not named stays as it is. */
export interface TimeoutsArgs {
  /** Seconds for an established TCP connection without packets, 1 to 2678400. In place. @default left as it is; the kernel's is 900 */
  tcp?: pulumi.Input<number>;
  /** Seconds for a TCP connection that is closing, 1 to 2678400. In place. @default left as it is; the kernel's is 120 */
  tcpFin?: pulumi.Input<number>;
  /** Seconds for UDP, 1 to 2678400. In place. @default left as it is; the kernel's is 300 */
  udp?: pulumi.Input<number>;
}

/** Sysctl `sync_threshold`: when a master sends a connection to its backup. */
export interface SyncThresholdArgs {
  /** After so many packets for the first time. Less than `period`. */
  packets: pulumi.Input<number>;
  /** Again after each so many packets. 0: never again. */
  period: pulumi.Input<number>;
}

/**
 * Sysctls `net.ipv4.vs.*`, with the kernel's names in camel case: `conn_reuse_mode` is `connReuseMode`. Each change is in place. The
 * kernel's documentation describes all of them: "/proc/sys/net/ipv4/vs/* Variables", Documentation/networking/ipvs-sysctl.rst.
 */
export interface IpvsSysctlArgs {
  /**
   * Sysctl `backup_only`. Balance nothing while a backup sync daemon runs. Refused where the host runs a master as well: it would
   * balance nothing when it has the VIP.
   * @default left as it is; the kernel's is false
   */
  backupOnly?: pulumi.Input<boolean>;
  /**
   * Sysctl `cache_bypass`. Transparent caches: packets without a cache server go to their original destination.
   * @default left as it is; the kernel's is false
   */
  cacheBypass?: pulumi.Input<boolean>;
  /**
   * Sysctl `conntrack`. netfilter tracks balanced connections, for MASQUERADE of clients and rules by state on the director.
   * Costs memory and time for each connection; the module is loaded with nf_conntrack.
   * @default left as it is; the kernel's is false
   */
  conntrack?: pulumi.Input<boolean>;
  /**
   * Sysctl `expire_nodest_conn`. End connections of a removed real server at once. Otherwise their packets are dropped until it
   * comes back.
   * @default left as it is; the kernel's is false
   */
  expireNodestConn?: pulumi.Input<boolean>;
  /**
   * Sysctl `expire_quiescent_template`. A persistent client of a real server with weight 0 gets another server at once.
   * Otherwise a drain waits for the client.
   * @default left as it is; the kernel's is false
   */
  expireQuiescentTemplate?: pulumi.Input<boolean>;
  /**
   * Sysctl `ignore_tunneled`. Do not balance packets that came out of a tunnel.
   * @default left as it is; the kernel's is false
   */
  ignoreTunneled?: pulumi.Input<boolean>;
  /**
   * Sysctl `nat_icmp_send`. NAT: send clients an ICMP error when the real server has no such port.
   * @default left as it is; the kernel's is false
   */
  natIcmpSend?: pulumi.Input<boolean>;
  /**
   * Sysctl `pmtu_disc`. Tunnels: send clients an ICMP error when a packet is too large. Otherwise packets are fragmented.
   * @default left as it is; the kernel's is true
   */
  pmtuDisc?: pulumi.Input<boolean>;
  /**
   * Sysctl `run_estimation`. Compute rates, for `ipvsadm --rate`. Needs Linux 5.15.
   * @default left as it is; the kernel's is true
   */
  runEstimation?: pulumi.Input<boolean>;
  /**
   * Sysctl `schedule_icmp`. Balance ICMP packets that belong to no connection.
   * @default left as it is; the kernel's is false
   */
  scheduleIcmp?: pulumi.Input<boolean>;
  /**
   * Sysctl `sloppy_sctp`. SCTP: any packet of an unknown connection starts one.
   * @default left as it is; the kernel's is false
   */
  sloppySctp?: pulumi.Input<boolean>;
  /**
   * Sysctl `sloppy_tcp`. TCP: any packet of an unknown connection starts one, for directors that take over without a sync
   * daemon.
   * @default left as it is; the kernel's is false
   */
  sloppyTcp?: pulumi.Input<boolean>;
  /**
   * Sysctl `snat_reroute`. NAT: route replies again, by the address of the VIP.
   * @default left as it is; the kernel's is true
   */
  snatReroute?: pulumi.Input<boolean>;
  /**
   * Sysctl `sync_persist_mode`. Synchronise connections of persistent clients only, and not their templates.
   * @default left as it is; the kernel's is false
   */
  syncPersistMode?: pulumi.Input<boolean>;
  /**
   * Sysctl `am_droprate`. `dropPacket: 3` drops one packet of so many. 1 or more.
   * @default left as it is; the kernel's is 10
   */
  amDroprate?: pulumi.Input<number>;
  /**
   * Sysctl `amemthresh`. Pages of free memory below which `dropEntry: 1`, `dropPacket: 1` and `secureTcp: 1` act. 0 or more.
   * @default left as it is; the kernel's is 1024
   */
  amemthresh?: pulumi.Input<number>;
  /**
   * Sysctl `conn_lfactor`: how full the connection table gets before it grows, -8 to 8. It has up to 2 to the power of this entries for
   * each row: -4 is one for 16 rows, 2 is four for each. Less takes more memory and less time. Needs Linux 7.1.
   * @default left as it is; the kernel's is -4
   */
  connLfactor?: pulumi.Input<number>;
  /**
   * Sysctl `conn_max`: connections, 0 to 1073741824 (16777216 on 32 bits). The director takes no new one while it has so many.
   * Needs Linux 7.2.
   * @default left as it is; the kernel's is the greatest
   */
  connMax?: pulumi.Input<number>;
  /**
   * Sysctl `conn_reuse_mode`: what happens to a new connection from a client port that the director still has an entry for.
   *
   * - 0: it goes to the real server of the old connection.
   * - 1: it is scheduled again if the old connection is in TIME_WAIT (NAT only), or, with `expireNodestConn`, if its real server has
   *   weight 0.
   * - 2: as 1, and also if the old connection is in FIN_WAIT, the last state that a director sees with direct routing and tunnels.
   * - 3: both bits of the kernel, 1 and 2.
   *
   * @default left as it is; the kernel's is 1
   */
  connReuseMode?: pulumi.Input<number>;
  /**
   * Sysctl `drop_entry`. Drop connection entries: 0 never, 1 when memory is short, 3 always. (The kernel writes 2 while 1
   * acts.)
   * @default left as it is; the kernel's is 0
   */
  dropEntry?: pulumi.Input<number>;
  /**
   * Sysctl `drop_packet`. Drop packets: 0 never, 1 when memory is short, 3 always. (The kernel writes 2 while 1 acts.)
   * @default left as it is; the kernel's is 0
   */
  dropPacket?: pulumi.Input<number>;
  /** Sysctl `est_nice`: niceness of the threads that count rates, -20 to 19. Needs Linux 6.2. @default left as it is; the kernel's is 0 */
  estNice?: pulumi.Input<number>;
  /**
   * Sysctl `secure_tcp`. Use shorter timeouts for TCP: 0 never, 1 when memory is short, 3 always. (The kernel writes 2 while 1
   * acts.)
   * @default left as it is; the kernel's is 0
   */
  secureTcp?: pulumi.Input<number>;
  /**
   * Sysctl `svc_lfactor`: how full the table of services gets before it grows, -8 to 8. It has up to 2 to the power of this services for
   * each row. Needs Linux 7.1.
   * @default left as it is; the kernel's is -3
   */
  svcLfactor?: pulumi.Input<number>;
  /**
   * Sysctl `sync_ports`. Threads of a sync daemon, each with a port: a power of two, 1 to 64. The same on both sides.
   * @default left as it is; the kernel's is 1
   */
  syncPorts?: pulumi.Input<number>;
  /**
   * Sysctl `sync_qlen_max`. Messages that may wait to be sent to a backup. 0 or more.
   * @default left as it is; the kernel's is a share of the memory
   */
  syncQlenMax?: pulumi.Input<number>;
  /**
   * Sysctl `sync_refresh_period`. Seconds between two messages about a connection without changes, 0 to 2147483. 0: by packets,
   * see `syncThreshold`.
   * @default left as it is; the kernel's is 0
   */
  syncRefreshPeriod?: pulumi.Input<number>;
  /**
   * Sysctl `sync_retries`. How often a message about a connection is sent again, 0 to 3.
   * @default left as it is; the kernel's is 0
   */
  syncRetries?: pulumi.Input<number>;
  /**
   * Sysctl `sync_sock_size`. Bytes of buffer of a sync daemon's socket. 0: the system's default.
   * @default left as it is; the kernel's is 0
   */
  syncSockSize?: pulumi.Input<number>;
  /**
   * Sysctl `sync_version`. Format of sync messages: 0 for backups with Linux before 2.6.39, or 1.
   * @default left as it is; the kernel's is 1
   */
  syncVersion?: pulumi.Input<number>;
  /**
   * Sysctl `est_cpulist`: the processors on which rates are counted, such as "0-3,8". One that the host does not have is refused.
   * Needs Linux 6.2.
   * @default left as it is; the kernel's are those for threads of its own
   */
  estCpulist?: pulumi.Input<string>;
  /** Sysctl `sync_threshold`: when a connection is sent to a backup. @default left as it is; the kernel's is { packets: 3, period: 50 } */
  syncThreshold?: pulumi.Input<SyncThresholdArgs>;
}
