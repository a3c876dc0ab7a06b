import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/nfs-mount/properties";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `NfsMount`. */
export interface NfsMountArgs {
  /** The host that mounts. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** Server and directory: `"192.168.2.50:/common"`, `"[2001:db8::50]:/common"`. A change unmounts and mounts. */
  source: pulumi.Input<string>;
  /** The mount point, a path without symbolic links: `"/var/www/html"`. A change replaces the resource. */
  path: pulumi.Input<string>;
  /** NFS version: "3", "4", "4.0", "4.1" or "4.2". A change unmounts and mounts. @default the best that both sides support */
  version?: pulumi.Input<string>;
  /**
   * Options of mount(8) and nfs(5), such as `["ro", "noatime"]`; `nofail` and `_netdev` are always added. A change of ro, noexec, nosuid,
   * nodev or noatime applies while the mount is in use; other options unmount and mount. @default none
   */
  options?: pulumi.Input<pulumi.Input<string>[]>;
  /** Mount at boot, too. The line in /etc/fstab exists either way; with false it has `noauto`. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** Allows a mount over a directory that is not empty, which hides its files. Otherwise that is an error. @default false */
  allowNonEmpty?: pulumi.Input<boolean>;
  /** Create the mount point if it is missing. A destroy removes a mount point that it created. @default true */
  createPath?: pulumi.Input<boolean>;
}

/**
 * A directory of an NFS server, mounted now and at boot. A dead server blocks neither a boot nor a run of Pulumi. Let the web server that
 * serves from it depend on it.
 *
 * ```ts
 * new lvs.NfsMount("web1", { host: "web1", source: "192.168.2.50:/common", path: "/var/www/html", version: "4.2" });
 * ```
 */
export class NfsMount extends HostResource {
  static readonly __pulumiType = typeToken("NfsMount");

  /** Server and directory. */
  declare readonly source: pulumi.Output<string>;
  /** The source that this resource has put there, while a refresh finds another one in its place: a destroy takes away this one only. */
  declare readonly ownSource: pulumi.Output<string | undefined>;
  /** The mount point. */
  declare readonly path: pulumi.Output<string>;
  /** NFS version, if it is declared. */
  declare readonly version: pulumi.Output<string | undefined>;
  /** The declared options, as the kernel has them while the directory is mounted. */
  declare readonly options: pulumi.Output<string[]>;
  /** Whether the line in /etc/fstab is as declared. */
  declare readonly boot: pulumi.Output<boolean>;
  /** Whether the directory is mounted. */
  declare readonly live: pulumi.Output<boolean>;

  constructor(name: string, args: NfsMountArgs, opts?: pulumi.CustomResourceOptions) {
    super("NfsMount", name, args, OBSERVED, opts);
  }
}
