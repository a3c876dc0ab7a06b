import type * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./args";
import { Cluster } from "./cluster";

/** Arguments of `TunCluster`: those of all clusters. */
export type TunClusterArgs = ClusterArgs;

/**
 * A cluster with tunneling: the director encapsulates requests, so real servers may be in other networks; replies go straight to the
 * clients. Real servers listen on the VIP at the ports of the services.
 *
 * The shortest one:
 *
 * ```ts
 * new lvs.TunCluster("web", {
 *   vips: ["192.168.4.5"],
 *   ports: [80],
 *   directors: { director1: { device: "eth0" } },
 *   realServers: { web1: { address: "10.8.0.3" }, web2: { address: "10.9.0.3" } },
 * });
 * ```
 *
 * With real servers that have no NIC in the subnet of the VIP, and another encapsulation:
 *
 * ```ts
 * new lvs.TunCluster("web", {
 *   vips: ["192.168.4.5"],
 *   ports: [80, 443],
 *   directors: { director1: { device: "eth0" } },
 *   realServers: {
 *     web1: { address: "10.8.0.3", sameSubnetAsVip: false },
 *     web2: { address: "10.9.0.3", sameSubnetAsVip: false, weight: 2 },
 *   },
 *   tunnel: { type: "gue", port: 6080 },
 * });
 * ```
 *
 * The order of a create: on each real server `TunKernelTuning`, then each VIP on its device; on each director the services, then the VIPs.
 * A destroy has the reverse order.
 */
export class TunCluster extends Cluster {
  static readonly __pulumiType = "lvs:index:TunCluster";

  constructor(name: string, args: TunClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("TunCluster", "tunnel", name, args, opts);
  }
}
