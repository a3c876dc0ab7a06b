import * as pulumi from "@pulumi/pulumi";
import * as lvs from "pulumi-lvs";

const MODES = { direct: lvs.DrCluster, masquerade: lvs.NatCluster, tunnel: lvs.TunCluster };

/** A cluster, as `lvs:cluster` of the stack's configuration says it: the arguments of the component, and which one. */
type Cluster = lvs.ClusterArgs & lvs.NatClusterArgs & { readonly mode?: keyof typeof MODES };

const { mode = "direct", ...args } = new pulumi.Config("lvs").requireObject<Cluster>("cluster");
if (!Object.hasOwn(MODES, mode))
  throw new pulumi.RunError(`lvs:cluster.mode: ${mode} is none of direct, masquerade, tunnel`);

const cluster = new MODES[mode]("cluster", args);

export const urls = cluster.vips.map((vip) => `http://${vip.includes(":") ? `[${vip}]` : vip}/`);
