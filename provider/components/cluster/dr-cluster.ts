import type * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./args";
import { Cluster } from "./cluster";

export type DrClusterArgs = ClusterArgs;

/**
 * A cluster by direct routing: requests pass the director, replies go straight from the real servers to the clients. Real servers
 * are in a network of the director, and serve the VIP at the ports of the services.
 *
 * ```ts
 * new lvs.DrCluster("web", {
 *   directors: { director1: { device: "eth0" } },
 *   realServers: { web1: { address: "192.168.4.100", weight: 2 }, web2: { address: "192.168.4.200" } },
 *   vips: ["192.168.4.5"],
 *   ports: [80],
 *   scheduler: "wrr",
 * });
 * ```
 *
 * On each real server `DrKernelTuning`, then each VIP on lo; on each director the services, then the VIPs. In this order for a
 * create, and in the reverse for a destroy. A real server that joins is ready before the rules name it; one that leaves is drained
 * and out of the rules before it gives the VIP up; a new VIP is up before an old one goes.
 */
export class DrCluster extends Cluster {
  static readonly __pulumiType = "lvs:index:DrCluster";

  constructor(name: string, args: DrClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(DrCluster.__pulumiType, "direct", name, args, opts);
  }
}
