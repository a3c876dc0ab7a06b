import type * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs, DirectorArgs, InternalArgs } from "./args";
import { Cluster } from "./cluster";

/** A director that real servers reply through. */
export interface NatDirectorArgs extends DirectorArgs {
  internal: InternalArgs;
}

export interface NatClusterArgs extends ClusterArgs {
  /** The directors, each with its side towards the real servers. `{ director1: { device: "eth0", internal: { ... } } }` */
  directors: Readonly<Record<string, NatDirectorArgs>>;
}

/**
 * A cluster by NAT: the director rewrites requests, and replies come back through it. Real servers need no VIP, and may serve
 * other ports; they need their way back to lead through the director.
 *
 * ```ts
 * new lvs.NatCluster("web", {
 *   directors: { director1: { device: "eth0", internal: { device: "eth1", address: "192.168.2.2" } } },
 *   realServers: { web1: { address: "192.168.2.100" }, web2: { address: "192.168.2.200", weight: 2 } },
 *   vips: ["192.168.4.5"],
 *   ports: [{ port: 80, serverPort: 8080 }],
 * });
 * ```
 *
 * On each director `NatKernelTuning`, which makes it a router; then the services, then the VIPs. In this order for a create, and
 * in the reverse for a destroy.
 */
export class NatCluster extends Cluster {
  static readonly __pulumiType = "lvs:index:NatCluster";

  constructor(name: string, args: NatClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(NatCluster.__pulumiType, "masquerade", name, args, opts);
  }
}
