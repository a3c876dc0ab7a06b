import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/package/properties";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `Package`. */
export interface PackageArgs {
  /** The host. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /**
   * The package. "nfs-client", "nfs-server", "iproute", "conntrack-tools" and "apache" are translated to the name on each system; every
   * other name is used as it is. A change replaces the resource.
   */
  name: pulumi.Input<string>;
  /** The package manager, where a host has several. @default detected on the host */
  manager?: pulumi.Input<"apt-get" | "dnf" | "yum" | "zypper">;
  /** A destroy removes the package if this resource installed it and no other package needs it. @default false */
  removeOnDestroy?: pulumi.Input<boolean>;
  /** Seconds to wait while another program has the package lock, 0 to 3600. @default 120 */
  lockTimeout?: pulumi.Input<number>;
}

/**
 * A package, installed with the host's own apt-get, dnf, yum or zypper, and verified in the package database. An installed package is
 * never upgraded.
 *
 * ```ts
 * const ipvsadm = new lvs.Package("ipvsadm", { host: "director1", name: "ipvsadm" });
 * ```
 */
export class Package extends HostResource {
  static readonly __pulumiType = typeToken("Package");

  /** The name as declared. */
  declare readonly name: pulumi.Output<string>;
  /** The name on this host. */
  declare readonly packageName: pulumi.Output<string>;
  /** The installed version. */
  declare readonly version: pulumi.Output<string>;

  constructor(name: string, args: PackageArgs, opts?: pulumi.CustomResourceOptions) {
    super("Package", name, args, OBSERVED, opts);
  }
}
