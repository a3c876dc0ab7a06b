import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";

export interface PackageArgs {
  /** The host. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /**
   * The package: "nfs-client", "nfs-server", "iproute", "conntrack-tools" and "apache" are what each system calls them; every
   * other name is taken as it is. A change replaces the resource.
   */
  name: pulumi.Input<string>;
  /** The package manager, where a host has two kinds. @default asked of the host */
  manager?: pulumi.Input<"apt-get" | "dnf" | "yum" | "zypper">;
  /** Remove it when the resource goes, if it was us who installed it and nothing else needs it. @default false */
  removeOnDestroy?: pulumi.Input<boolean>;
  /** Seconds to wait while another program holds the package lock, 0 to 3600. @default 120 */
  lockTimeout?: pulumi.Input<number>;
}

/**
 * A package, installed through apt-get, dnf, yum or zypper, whichever the host has, and believed only when the package database
 * has it. What is installed already is never upgraded.
 *
 * ```ts
 * const ipvsadm = new lvs.Package("ipvsadm", { host: "director1", name: "ipvsadm" });
 * ```
 */
export class Package extends HostResource {
  static readonly __pulumiType = typeToken("Package");

  /** Who this is on the host: the name. */
  declare readonly key: pulumi.Output<string>;
  /** What the host is told. */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  /** As you wrote it. */
  declare readonly name: pulumi.Output<string>;
  /** What this host calls it. */
  declare readonly packageName: pulumi.Output<string>;
  /** The installed version. */
  declare readonly version: pulumi.Output<string>;

  constructor(name: string, args: PackageArgs, opts?: pulumi.CustomResourceOptions) {
    super("Package", name, args, ["key", "commands", "name", "packageName", "version"], opts);
  }
}
