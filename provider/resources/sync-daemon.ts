import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";

export interface SyncDaemonArgs {
  /** The director. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** master tells its connections, backup listens; one of each may run on a host. A change replaces the resource. */
  role: pulumi.Input<"master" | "backup">;
  /** The NIC by which the messages go. A change stops and starts the daemon, as that of all that follow. */
  device: pulumi.Input<string>;
  /** 0 to 255: daemons that belong together have the same; a backup with 0 listens to all. @default 0 */
  syncId?: pulumi.Input<number>;
  /** The multicast group, IPv4 or IPv6. Other than the default: ipvsadm 1.29, Linux 4.3. @default "224.0.0.81" */
  group?: pulumi.Input<string>;
  /** The UDP port, 1 to 65535. As for group. @default 8848 */
  port?: pulumi.Input<number>;
  /** How far the messages go, 1 to 255 hops. As for group. @default 1 */
  ttl?: pulumi.Input<number>;
  /**
   * Bytes of one message, 1 to 65507; 1024 at least for a backup. As for group.
   * @default what fits into a packet of 1500 bytes; for a backup what fits into one of the NIC, if that is more
   */
  maxLength?: pulumi.Input<number>;
  /** Start it at boot, with the rules. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** Who loads rules at boot, where it cannot be told by looking at the host. @default asked of the host */
  rulesLoader?: pulumi.Input<"debian" | "rhel">;
}

/**
 * The thread of a director that tells its connections to another one, or listens to those of another, so that they live on when
 * the VIP moves. Start the backup's first.
 *
 * ```ts
 * new lvs.SyncDaemon("sync1", { host: "director1", role: "master", device: "eth1", syncId: 5 });
 * new lvs.SyncDaemon("sync2", { host: "director2", role: "backup", device: "eth1", syncId: 5 });
 * ```
 */
export class SyncDaemon extends HostResource {
  static readonly __pulumiType = typeToken("SyncDaemon");

  /** Who this is on the host: `master` or `backup`. */
  declare readonly key: pulumi.Output<string>;
  /** What the host is told. */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  declare readonly role: pulumi.Output<"master" | "backup">;
  declare readonly device: pulumi.Output<string>;
  declare readonly syncId: pulumi.Output<number>;
  declare readonly group: pulumi.Output<string>;
  declare readonly port: pulumi.Output<number>;
  declare readonly ttl: pulumi.Output<number>;
  /** Only where it is not what the kernel takes by itself. */
  declare readonly maxLength: pulumi.Output<number | undefined>;
  /** Whether it runs. */
  declare readonly live: pulumi.Output<boolean>;
  /** Whether the next boot starts exactly this. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: SyncDaemonArgs, opts?: pulumi.CustomResourceOptions) {
    const record = ["role", "device", "syncId", "group", "port", "ttl", "maxLength", "live", "boot"];
    super("SyncDaemon", name, args, ["key", "commands", ...record], opts);
  }
}
