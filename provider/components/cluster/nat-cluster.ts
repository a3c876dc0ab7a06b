import type * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs, DirectorArgs, InternalArgs } from "./args";
import { Cluster } from "./cluster";

/** One director that replies pass. */
export interface NatDirectorArgs extends DirectorArgs {
  /** The side towards real servers: `{ device: "eth1", address: "192.168.2.2" }`. */
  internal: InternalArgs;
}

/** Arguments of `NatCluster`: those of all clusters, with an `internal` side for each director. */
export interface NatClusterArgs extends ClusterArgs {
  /** The directors, each with its side towards the real servers. `{ director1: { device: "eth0", internal: { ... } } }` */
  directors: Readonly<Record<string, NatDirectorArgs>>;
}

/**
 * A cluster with NAT (masquerading): the director rewrites requests, and replies pass it again. Real servers need no VIP and may use other
 * ports; their replies must be routed through the director.
 *
 * The shortest one, for real servers with the director as their default gateway:
 *
 * ```ts
 * new lvs.NatCluster("web", {
 *   vips: ["192.168.4.5"],
 *   ports: [80],
 *   directors: { director1: { device: "eth0", internal: { device: "eth1", address: "192.168.2.2" } } },
 *   realServers: { web1: { address: "192.168.2.100" }, web2: { address: "192.168.2.200" } },
 * });
 * ```
 *
 * With another port on the real servers, and routes for their replies:
 *
 * ```ts
 * new lvs.NatCluster("web", {
 *   vips: ["192.168.4.5"],
 *   ports: [{ port: 80, serverPort: 8080 }],
 *   directors: { director1: { device: "eth0", internal: { device: "eth1", address: "192.168.2.2" } } },
 *   realServers: { web1: { address: "192.168.2.100" }, web2: { address: "192.168.2.200", weight: 2 } },
 *   returnRoute: { device: "eth1" },
 * });
 * ```
 *
 * With a standby director: the internal address moves with the VIP (`alias`):
 *
 * ```ts
 * const internal = { device: "eth1", address: "192.168.2.2", alias: true };
 * new lvs.NatCluster("web", {
 *   vips: ["192.168.4.5"],
 *   ports: [80],
 *   device: "eth0",
 *   directors: { director1: { internal }, director2: { internal, vips: [] } },
 *   realServers: { web1: { address: "192.168.2.100" }, web2: { address: "192.168.2.200" } },
 *   returnRoute: { device: "eth1" },
 * });
 * ```
 *
 * The order of a create: on each director `NatKernelTuning`, which makes it a router; the return routes; the services; the VIPs. A destroy
 * has the reverse order.
 */
export class NatCluster extends Cluster {
  static readonly __pulumiType = "lvs:index:NatCluster";

  constructor(name: string, args: NatClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("NatCluster", "masquerade", name, args, opts);
  }
}
