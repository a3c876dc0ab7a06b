import * as pulumi from "@pulumi/pulumi";
import { ownValue } from "../../model/own-value";
import { isOfType } from "../../resources/host-resource";
import type { VipAlias } from "../../resources/vip-alias";
import type { VirtualService } from "../../resources/virtual-service";
import type { VrrpInstance } from "../../resources/vrrp-instance";
import { checkArgs } from "../check-args";
import type { Nodes } from "../nodes";
import { childrenOf } from "../transform";
import type { ClusterArgs } from "./args";
import { createDirectorVips } from "./director-vips";
import { createDirectorSetups, type DirectorSetup } from "./directors";
import { createFailover } from "./failover/instances";
import { createSyncDaemons, type DirectorSync } from "./failover/sync-daemons";
import { normalizeCluster } from "./normalize";
import { type Forwarding } from "./plan";
import { createRealServerNodes, type RealServerNodes } from "./real-servers";
import { createRules, type DirectorRules } from "./services";

/** The children of a cluster on one director. */
export interface DirectorNodes extends DirectorSetup, DirectorSync, DirectorRules {
  /** All of them on this director or on another one, if the cluster has `failover`. */
  readonly vrrpInstance?: VrrpInstance;
  /** The VIPs on this director, by address. None with `failover`. */
  readonly vips: Nodes<VipAlias>;
}

/** The base of the clusters. Children are created in the order of the constructor, and destroyed in the reverse order. */
export abstract class Cluster extends pulumi.ComponentResource {
  /** The VIPs, IPv6 as RFC 5952 writes it. */
  readonly vips: readonly string[];
  /** The services, by director and key: `services["director1"]?.["tcp 192.168.4.5:80"]`. */
  readonly services: Nodes<Nodes<VirtualService>>;
  /** All children, by the host that they are on: `nodes.realServers["web1"]?.drKernelTuning`. */
  readonly nodes: { readonly directors: Nodes<DirectorNodes>; readonly realServers: Nodes<RealServerNodes> };

  protected constructor(
    of: "DrCluster" | "NatCluster" | "TunCluster",
    mode: Forwarding,
    name: string,
    args: ClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const called = `${of} ${name}`;
    checkArgs(of, called, args);
    const plan = normalizeCluster(called, mode, args);
    // The arguments are not inputs of the component: the state would show a connection among them in clear text.
    super(`lvs:index:${of}`, name, {}, opts);
    const make = childrenOf(this, name);
    const directors = createDirectorSetups(plan, make);
    const servers = createRealServerNodes(plan, make, directors);
    const rules = createRules(plan, make, { directors, servers });
    const directorVips = createDirectorVips(plan, make, rules);
    const sync = createSyncDaemons(plan, make);
    const failover = createFailover(plan, make, { rules, sync });
    this.vips = plan.vips.map(({ ip }) => ip);
    this.services = Object.fromEntries(Object.entries(rules).map(([director, { services }]) => [director, services]));
    const all = Object.entries(rules).map(([director, itsRules]): [string, DirectorNodes] => {
      const vrrpInstance = ownValue(failover, director);
      const before = { ...ownValue(directors, director), ...ownValue(sync, director), ...itsRules };
      const vips = ownValue(directorVips, director) ?? {};
      return [director, { ...before, ...(vrrpInstance && { vrrpInstance }), vips }];
    });
    this.nodes = { directors: Object.fromEntries(all), realServers: servers };
    this.registerOutputs({ vips: this.vips });
  }

  /** Whether a value is a component of this class, also one that another copy of the package made. */
  static override isInstance<C extends Cluster>(
    this: { readonly prototype: C; readonly __pulumiType: string },
    value: unknown,
  ): value is C {
    return isOfType(value, this.__pulumiType);
  }
}
