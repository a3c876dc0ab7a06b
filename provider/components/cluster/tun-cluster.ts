import type * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./args";
import { Cluster } from "./cluster";

export type TunClusterArgs = ClusterArgs;

/**
 * A cluster by tunneling: the director sends requests in an envelope, so real servers may be in other networks; replies go
 * straight to the clients. Real servers serve the VIP at the ports of the services.
 *
 * ```ts
 * new lvs.TunCluster("web", {
 *   directors: { director1: { device: "eth0" } },
 *   realServers: { web1: { address: "10.8.0.3" }, web2: { address: "10.9.0.3", weight: 2 } },
 *   vips: ["192.168.4.5"],
 *   ports: [80, 443],
 * });
 * ```
 *
 * On each real server `TunKernelTuning`, then each VIP on its device; on each director the services, then the VIPs. In this order for a
 * create, and in the reverse for a destroy.
 */
export class TunCluster extends Cluster {
  static readonly __pulumiType = "lvs:index:TunCluster";

  constructor(name: string, args: TunClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TunCluster.__pulumiType, "tunnel", name, args, opts);
  }
}
