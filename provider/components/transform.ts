import type * as pulumi from "@pulumi/pulumi";
import type { DrKernelTuningArgs } from "../resources/dr-kernel-tuning";
import type { IpvsSettingsArgs } from "../resources/ipvs-settings";
import type { NatKernelTuningArgs } from "../resources/nat-kernel-tuning";
import type { RealServerArgs } from "../resources/real-server";
import type { ReturnRouteArgs } from "../resources/return-route";
import type { TunKernelTuningArgs } from "../resources/tun-kernel-tuning";
import type { VipAliasArgs } from "../resources/vip-alias";
import type { TransportServiceArgs } from "../resources/virtual-service";

/** What a transform function makes of a child. What it leaves out stays. */
export interface Transformed<A> {
  args?: A;
  opts?: pulumi.CustomResourceOptions;
}

/**
 * A change to the children of one kind: arguments that all of them get, or a function of a child's arguments, options and name.
 * undefined leaves the child as it is.
 */
export type Transform<A> =
  | Partial<A>
  | ((args: A, opts: pulumi.CustomResourceOptions, name: string) => Transformed<A> | undefined);

/** Changes to the children of a cluster, by their kind. */
export interface ClusterTransforms {
  virtualService?: Transform<TransportServiceArgs>;
  realServer?: Transform<RealServerArgs>;
  /** Of directors and of real servers: `args.role` says which. */
  vipAlias?: Transform<VipAliasArgs>;
  drKernelTuning?: Transform<DrKernelTuningArgs>;
  natKernelTuning?: Transform<NatKernelTuningArgs>;
  ipvsSettings?: Transform<IpvsSettingsArgs>;
  returnRoute?: Transform<ReturnRouteArgs>;
  tunKernelTuning?: Transform<TunKernelTuningArgs>;
}

/** The class of a child. */
type ChildClass<A, R> = new (name: string, args: A, opts: pulumi.CustomResourceOptions) => R;

/** Makes one child: its name without that of the component, what it is, and what has to be there before it. */
export type Make = <A extends object, R extends pulumi.CustomResource>(
  child: ChildClass<A, R>,
  transform: Transform<A> | undefined,
  suffix: string,
  args: A,
  dependsOn?: readonly pulumi.Resource[],
) => R;

/** What makes the children of a component. */
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
