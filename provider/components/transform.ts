import type * as pulumi from "@pulumi/pulumi";
import type { DrKernelTuningArgs } from "../resources/dr-kernel-tuning";
import type { IpvsSettingsArgs } from "../resources/ipvs-settings";
import type { NatKernelTuningArgs } from "../resources/nat-kernel-tuning";
import type { RealServerArgs } from "../resources/real-server";
import type { ReturnRouteArgs } from "../resources/return-route";
import type { SyncDaemonArgs } from "../resources/sync-daemon";
import type { TunKernelTuningArgs } from "../resources/tun-kernel-tuning";
import type { VipAliasArgs } from "../resources/vip-alias";
import type { TransportServiceArgs } from "../resources/virtual-service";
import type { VrrpInstanceArgs } from "../resources/vrrp-instance";

/** The result of a transform function. A part that is left out stays as it is. */
export interface Transformed<A> {
  /** The child's arguments, all of them. */
  args?: A;
  /** Options to add to the child's. */
  opts?: pulumi.CustomResourceOptions;
}

/**
 * A change to all children of one kind: arguments to add to each, or a function that is called for each with its arguments, options and
 * name. A function that returns undefined leaves the child as it is.
 */
export type Transform<A> =
  | Partial<A>
  | ((args: A, opts: pulumi.CustomResourceOptions, name: string) => Transformed<A> | undefined);

/** Changes to the children of a cluster, by kind. */
export interface ClusterTransforms {
  /** The services. */
  virtualService?: Transform<TransportServiceArgs>;
  /** The real servers, with `granularity: "server"`. */
  realServer?: Transform<RealServerArgs>;
  /** The VIPs of directors and of real servers, and the internal addresses; `args.role` tells them apart. */
  vipAlias?: Transform<VipAliasArgs>;
  /** The ARP settings of real servers. */
  drKernelTuning?: Transform<DrKernelTuningArgs>;
  /** The forwarding settings of directors. */
  natKernelTuning?: Transform<NatKernelTuningArgs>;
  /** The IPVS settings of directors. */
  ipvsSettings?: Transform<IpvsSettingsArgs>;
  /** The return routes of real servers. */
  returnRoute?: Transform<ReturnRouteArgs>;
  /** The tunnel settings of real servers. */
  tunKernelTuning?: Transform<TunKernelTuningArgs>;
  /** The VRRP instances of directors, with `failover`. */
  vrrpInstance?: Transform<VrrpInstanceArgs>;
  /** The sync daemons of directors, with `sync`. */
  syncDaemon?: Transform<SyncDaemonArgs>;
}

/** The class of a child. */
type ChildClass<A, R> = new (name: string, args: A, opts: pulumi.CustomResourceOptions) => R;

/** Makes one child: its class, its transform, its name without that of the component, its arguments, and what it depends on. */
export type Make = <A extends object, R extends pulumi.CustomResource>(
  child: ChildClass<A, R>,
  transform: Transform<A> | undefined,
  suffix: string,
  args: A,
  dependsOn?: readonly pulumi.Resource[],
) => R;

/** The function that makes the children of a component. */
export function childrenOf(parent: pulumi.ComponentResource, name: string): Make {
  return (child, transform, suffix, args, dependsOn = []) => {
    const full = `${name}-${suffix}`;
    const opts = { parent, dependsOn: [...dependsOn] };
    const changed = transformed(transform, args, opts, full);
    return new child(full, changed.args ?? args, { ...opts, ...changed.opts });
  };
}

function transformed<A extends object>(
  transform: Transform<A> | undefined,
  args: A,
  opts: pulumi.CustomResourceOptions,
  name: string,
): Transformed<A> {
  if (typeof transform === "function") return transform(args, opts, name) ?? {};
  return { args: { ...args, ...transform } };
}
