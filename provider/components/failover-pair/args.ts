import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "../../resources/args/connection";
import type { PackageArgs } from "../../resources/package";
import type { VrrpInstanceArgs } from "../../resources/vrrp-instance";
import type { Transform } from "../transform";

/** One host of a pair. */
export interface FailoverHostArgs {
  /** How to reach the host. A change replaces its children. @default the name in the map */
  host?: pulumi.Input<Host>;
  /** The NIC that gets the addresses. A change replaces its instance. @default the pair's */
  device?: pulumi.Input<string>;
  /**
   * `unicast_src_ip`: the host's own address. Where each host has one, they speak to each other alone; for networks without multicast. In
   * place. @default multicast
   */
  address?: pulumi.Input<string>;
}

/** Changes to the children of a pair, by kind. */
export interface FailoverPairTransforms {
  /** The packages of keepalived. */
  package?: Transform<PackageArgs>;
  /** The VRRP instances. */
  vrrpInstance?: Transform<VrrpInstanceArgs>;
}

/** Arguments of `FailoverPair`. */
export interface FailoverPairArgs
  extends Pick<VrrpInstanceArgs, "virtualRouterId" | "addresses" | "advertInterval" | "preempt" | "track"> {
  /**
   * The hosts, two or more: their names in `lvs:hosts`, `["lb1", "lb2"]`, or a map from name to settings. The first one has the highest
   * priority. Plain, because a name is part of resource names.
   */
  hosts: readonly string[] | Readonly<Record<string, FailoverHostArgs>>;
  /** The NIC that gets the addresses: `"eth0"`. A change replaces the instances. @default none: each host has one of its own */
  device?: pulumi.Input<string>;
  /** Install keepalived on each host. Plain, because it decides which resources exist. @default true */
  packages?: boolean;
  /** Changes to the children, applied last. */
  transform?: FailoverPairTransforms;
}
