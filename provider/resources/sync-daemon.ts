import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/sync-daemon/properties";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `SyncDaemon`. */
export interface SyncDaemonArgs {
  /** The director. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /**
   * `ipvsadm --start-daemon`: `"master"` sends its connections, `"backup"` receives them. A host may run one of each. A change
   * replaces the resource.
   */
  role: pulumi.Input<"master" | "backup">;
  /** `--mcast-interface`: the NIC for the messages. A change, as of all arguments below, stops and starts the daemon. */
  device: pulumi.Input<string>;
  /** `--syncid`, 0 to 255: daemons that belong together have the same; a backup with 0 accepts all. @default 0 */
  syncId?: pulumi.Input<number>;
  /** `--mcast-group`: the multicast group, IPv4 or IPv6. Other groups need ipvsadm 1.29 and Linux 4.3. @default "224.0.0.81" */
  group?: pulumi.Input<string>;
  /** `--mcast-port`: the UDP port, 1 to 65535. Other ports need ipvsadm 1.29 and Linux 4.3. @default 8848 */
  port?: pulumi.Input<number>;
  /** `--mcast-ttl`: how far the messages go, 1 to 255 hops. More needs ipvsadm 1.29 and Linux 4.3. @default 1 */
  ttl?: pulumi.Input<number>;
  /**
   * `--sync-maxlen`: bytes of one message, 1 to 65507; at least 1024 for a backup. Needs ipvsadm 1.29 and Linux 4.3.
   * @default what fits into a packet of 1500 bytes; for a backup what fits into one of the NIC, if that is more
   */
  maxLength?: pulumi.Input<number>;
  /** Start the daemon at boot, from the rules file. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** What loads rules at boot, where the host does not show it. In place. @default detected on the host */
  rulesLoader?: pulumi.Input<"debian" | "rhel">;
}

/**
 * A synchronisation daemon of the kernel: a director sends its connections to another director, or receives them, so that open
 * connections continue when the VIP moves. Start the backup's first (`dependsOn`).
 *
 * ```ts
 * const backup = new lvs.SyncDaemon("sync2", { host: "director2", role: "backup", device: "eth1", syncId: 5 });
 * new lvs.SyncDaemon("sync1", { host: "director1", role: "master", device: "eth1", syncId: 5 }, { dependsOn: backup });
 * ```
 */
export class SyncDaemon extends HostResource {
  static readonly __pulumiType = typeToken("SyncDaemon");

  /** Whether it sends or receives connections. */
  declare readonly role: pulumi.Output<"master" | "backup">;
  /** The NIC for the messages. */
  declare readonly device: pulumi.Output<string>;
  /** The number that daemons which belong together share. */
  declare readonly syncId: pulumi.Output<number>;
  /** The multicast group. */
  declare readonly group: pulumi.Output<string>;
  /** The UDP port. */
  declare readonly port: pulumi.Output<number>;
  /** The number of hops. */
  declare readonly ttl: pulumi.Output<number>;
  /** Bytes of one message, if that is not the kernel's own choice. */
  declare readonly maxLength: pulumi.Output<number | undefined>;
  /** Whether the daemon runs. */
  declare readonly live: pulumi.Output<boolean>;
  /** Whether the next boot starts it as declared. With `boot: false`: whether the next boot still starts it. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: SyncDaemonArgs, opts?: pulumi.CustomResourceOptions) {
    super("SyncDaemon", name, args, OBSERVED, opts);
  }
}
