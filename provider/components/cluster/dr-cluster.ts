import type * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./args";
import { Cluster } from "./cluster";

/** Arguments of `DrCluster`: those of all clusters. */
export type DrClusterArgs = ClusterArgs;

/**
 * A cluster with direct routing: requests pass the director, and replies go straight from the real servers to the clients. Real servers are
 * in a network of the director, and listen on the VIP at the ports of the services.
 *
 * The shortest one:
 *
 * ```ts
 * new lvs.DrCluster("web", {
 *   vips: ["192.168.4.5"],
 *   ports: [80],
 *   directors: { director1: { device: "eth0" } },
 *   realServers: { web1: { address: "192.168.4.100" }, web2: { address: "192.168.4.200" } },
 * });
 * ```
 *
 * With weights, two ports and a standby director:
 *
 * ```ts
 * new lvs.DrCluster("web", {
 *   vips: ["192.168.4.5"],
 *   ports: [80, 443],
 *   scheduler: "wrr",
 *   device: "eth0",
 *   directors: { director1: {}, director2: { vips: [] } },
 *   realServers: { web1: { address: "192.168.4.100", weight: 2 }, web2: { address: "192.168.4.200" } },
 * });
 * ```
 *
 * With both address families, persistent clients on one port, and a short drain:
 *
 * ```ts
 * new lvs.DrCluster("shop", {
 *   vips: ["192.168.4.5", "2001:db8:4::5"],
 *   ports: [80, { port: 443, persistenceTimeout: 600 }],
 *   directors: { director1: { device: "eth0" } },
 *   realServers: {
 *     web1: { address: "192.168.4.100", address6: "2001:db8:4::100" },
 *     web2: { address: "192.168.4.200", address6: "2001:db8:4::200" },
 *   },
 *   drain: { timeout: 10 },
 *   ipvs: { expireNodestConn: true, connReuseMode: 3 },
 * });
 * ```
 *
 * The order of a create: on each real server `DrKernelTuning`, then each VIP on lo; on each director the services, then the VIPs. A destroy
 * has the reverse order. A new real server is prepared before the rules name it; one that is removed is drained and out of the rules
 * before it loses the VIP; a new VIP is up before an old one is removed.
 */
export class DrCluster extends Cluster {
  static readonly __pulumiType = "lvs:index:DrCluster";

  constructor(name: string, args: DrClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("DrCluster", "direct", name, args, opts);
  }
}
