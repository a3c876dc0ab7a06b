import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/ipvs-settings/properties";
import type { Host } from "./args/connection";
import type { IpvsSysctlArgs, TimeoutsArgs } from "./args/ipvs";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `IpvsSettings`. */
export interface IpvsSettingsArgs extends IpvsSysctlArgs {
  /** The director. It can have one `IpvsSettings`. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** Timeouts of idle connections: `ipvsadm --set`. In place. @default left as they are */
  timeouts?: pulumi.Input<TimeoutsArgs>;
  /**
   * The connection table has 2 to the power of so many rows: 8 to 20, up to 27 since Linux 6.5. Since 7.1 it grows up to that. A module
   * parameter (`conn_tab_bits` of ip_vs), so it applies from the next boot on; until then the output `pending` is set.
   * @default left as it is; the kernel's is 12
   */
  connTabBits?: pulumi.Input<number>;
  /** Apply the settings at boot, too. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** What loads rules at boot, where the host does not show it. In place. @default detected on the host */
  rulesLoader?: pulumi.Input<"debian" | "rhel">;
}

/**
 * Settings of a director's IPVS as a whole. Only declared settings are set. A setting that is no longer declared, or destroyed, gets its
 * original value back, unless somebody changed it.
 *
 * ```ts
 * new lvs.IpvsSettings("director1", { host: "director1", timeouts: { udp: 30 }, expireQuiescentTemplate: true, connTabBits: 20 });
 * ```
 */
export class IpvsSettings extends HostResource {
  static readonly __pulumiType = typeToken("IpvsSettings");

  /** The live timeouts in seconds, as far as they are declared. */
  declare readonly timeouts: pulumi.Output<{ tcp?: number; tcpFin?: number; udp?: number } | undefined>;
  /** The live value of `backup_only`. Absent: not declared. */
  declare readonly backupOnly: pulumi.Output<boolean | undefined>;
  /** The live value of `cache_bypass`. Absent: not declared. */
  declare readonly cacheBypass: pulumi.Output<boolean | undefined>;
  /** The live value of `conntrack`. Absent: not declared. */
  declare readonly conntrack: pulumi.Output<boolean | undefined>;
  /** The live value of `expire_nodest_conn`. Absent: not declared. */
  declare readonly expireNodestConn: pulumi.Output<boolean | undefined>;
  /** The live value of `expire_quiescent_template`. Absent: not declared. */
  declare readonly expireQuiescentTemplate: pulumi.Output<boolean | undefined>;
  /** The live value of `ignore_tunneled`. Absent: not declared. */
  declare readonly ignoreTunneled: pulumi.Output<boolean | undefined>;
  /** The live value of `nat_icmp_send`. Absent: not declared. */
  declare readonly natIcmpSend: pulumi.Output<boolean | undefined>;
  /** The live value of `pmtu_disc`. Absent: not declared. */
  declare readonly pmtuDisc: pulumi.Output<boolean | undefined>;
  /** The live value of `run_estimation`. Absent: not declared. */
  declare readonly runEstimation: pulumi.Output<boolean | undefined>;
  /** The live value of `schedule_icmp`. Absent: not declared. */
  declare readonly scheduleIcmp: pulumi.Output<boolean | undefined>;
  /** The live value of `sloppy_sctp`. Absent: not declared. */
  declare readonly sloppySctp: pulumi.Output<boolean | undefined>;
  /** The live value of `sloppy_tcp`. Absent: not declared. */
  declare readonly sloppyTcp: pulumi.Output<boolean | undefined>;
  /** The live value of `snat_reroute`. Absent: not declared. */
  declare readonly snatReroute: pulumi.Output<boolean | undefined>;
  /** The live value of `sync_persist_mode`. Absent: not declared. */
  declare readonly syncPersistMode: pulumi.Output<boolean | undefined>;
  /** The live value of `am_droprate`. Absent: not declared. */
  declare readonly amDroprate: pulumi.Output<number | undefined>;
  /** The live value of `amemthresh`. Absent: not declared. */
  declare readonly amemthresh: pulumi.Output<number | undefined>;
  /** The live value of `conn_lfactor`. Absent: not declared. */
  declare readonly connLfactor: pulumi.Output<number | undefined>;
  /** The live value of `conn_max`. Absent: not declared. */
  declare readonly connMax: pulumi.Output<number | undefined>;
  /** The live value of `conn_reuse_mode`. Absent: not declared. */
  declare readonly connReuseMode: pulumi.Output<number | undefined>;
  /** The live value of `drop_entry`. Absent: not declared. */
  declare readonly dropEntry: pulumi.Output<number | undefined>;
  /** The live value of `drop_packet`. Absent: not declared. */
  declare readonly dropPacket: pulumi.Output<number | undefined>;
  /** The live value of `est_nice`. Absent: not declared. */
  declare readonly estNice: pulumi.Output<number | undefined>;
  /** The live value of `secure_tcp`. Absent: not declared. */
  declare readonly secureTcp: pulumi.Output<number | undefined>;
  /** The live value of `svc_lfactor`. Absent: not declared. */
  declare readonly svcLfactor: pulumi.Output<number | undefined>;
  /** The live value of `sync_ports`. Absent: not declared. */
  declare readonly syncPorts: pulumi.Output<number | undefined>;
  /** The live value of `sync_qlen_max`. Absent: not declared. */
  declare readonly syncQlenMax: pulumi.Output<number | undefined>;
  /** The live value of `sync_refresh_period`. Absent: not declared. */
  declare readonly syncRefreshPeriod: pulumi.Output<number | undefined>;
  /** The live value of `sync_retries`. Absent: not declared. */
  declare readonly syncRetries: pulumi.Output<number | undefined>;
  /** The live value of `sync_sock_size`. Absent: not declared. */
  declare readonly syncSockSize: pulumi.Output<number | undefined>;
  /** The live value of `sync_version`. Absent: not declared. */
  declare readonly syncVersion: pulumi.Output<number | undefined>;
  /** The live value of `est_cpulist`. Absent: not declared. */
  declare readonly estCpulist: pulumi.Output<string | undefined>;
  /** The live value of `sync_threshold`. Absent: not declared. */
  declare readonly syncThreshold: pulumi.Output<{ packets: number; period: number } | undefined>;
  /** The size of the connection table from the next boot on. Absent: not declared. */
  declare readonly connTabBits: pulumi.Output<number | undefined>;
  /** Whether the next boot applies the settings as declared. With `boot: false`: whether it still applies some of them. */
  declare readonly boot: pulumi.Output<boolean>;
  /** A sentence on what applies from the next boot on only. Absent: nothing. */
  declare readonly pending: pulumi.Output<string | undefined>;

  constructor(name: string, args: IpvsSettingsArgs, opts?: pulumi.CustomResourceOptions) {
    super("IpvsSettings", name, args, OBSERVED, opts);
  }
}
