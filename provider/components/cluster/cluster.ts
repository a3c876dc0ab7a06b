import * as pulumi from "@pulumi/pulumi";
import type { VipAlias } from "../../resources/vip-alias";
import type { VirtualService } from "../../resources/virtual-service";
import type { Nodes } from "../nodes";
import { childrenOf } from "../transform";
import type { ClusterArgs } from "./args";
import { createDirectorVips } from "./director-vips";
import { createDirectorPaths, type DirectorPath } from "./directors";
import { normalizeCluster } from "./normalize";
import { type Forwarding } from "./plan";
import { createServerPaths, type ServerPath } from "./real-servers";
import { createRules, type Rules } from "./services";

/** The children of a cluster on one director. */
export interface DirectorNodes extends DirectorPath, Rules {
  /** The VIPs that it holds, by address. */
  readonly vips: Nodes<VipAlias>;
}

/** What clusters of all modes are. The order of the constructor is that of a create; a destroy goes back the same way. */
export abstract class Cluster extends pulumi.ComponentResource {
  /** The addresses that clients use. */
  readonly vips: readonly string[];
  /** By director and key: `services["director1"]?.["tcp 192.168.4.5:80"]`. */
  readonly services: Nodes<Nodes<VirtualService>>;
  /** All children, by the host that they are on: `nodes.realServers["web1"]?.drKernelTuning`. */
  readonly nodes: { readonly directors: Nodes<DirectorNodes>; readonly realServers: Nodes<ServerPath> };

  protected constructor(
    type: string,
    mode: Forwarding,
    name: string,
    args: ClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    // The arguments are no inputs of the component: a connection among them would be in the state in clear.
    super(type, name, {}, opts);
    const plan = normalizeCluster(`${type.split(":").at(-1) ?? type} ${name}`, mode, args);
    const make = childrenOf(this, name);
    const directors = createDirectorPaths(plan, make);
    const servers = createServerPaths(plan, make, directors);
    const rules = createRules(plan, make, { directors, servers });
    const directorVips = createDirectorVips(plan, make, rules);
    this.vips = plan.vips.map(({ ip }) => ip);
    this.services = Object.fromEntries(Object.entries(rules).map(([director, { services }]) => [director, services]));
    this.nodes = { directors: nodesOf(directors, rules, directorVips), realServers: servers };
    this.registerOutputs({ vips: this.vips });
  }
}

function nodesOf(
  paths: Nodes<DirectorPath>,
  rules: Nodes<Rules>,
  directorVips: Nodes<Nodes<VipAlias>>,
): Record<string, DirectorNodes> {
  const made = Object.entries(rules).map(([name, all]) => {
    return [name, { ...paths[name], ...all, vips: directorVips[name] ?? {} }] as const;
  });
  return Object.fromEntries(made);
}
