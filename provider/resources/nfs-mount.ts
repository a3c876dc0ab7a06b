import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";

export interface NfsMountArgs {
  /** The host that mounts. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** Server and directory: `"192.168.2.50:/common"`, `"[2001:db8::50]:/common"`. A change unmounts and mounts. */
  source: pulumi.Input<string>;
  /** The mount point, without symbolic links on the way: `"/var/www/html"`. A change replaces the resource. */
  path: pulumi.Input<string>;
  /** NFS version: "3", "4", "4.0", "4.1" or "4.2". A change unmounts and mounts. @default the best that both sides know */
  version?: pulumi.Input<string>;
  /**
   * Options of mount(8) and nfs(5), such as `["ro", "noatime"]`; `nofail` and `_netdev` are always there. Flags of the mount
   * (ro, noexec, nosuid, nodev, noatime) change while it is in use; other options unmount and mount. @default none
   */
  options?: pulumi.Input<pulumi.Input<string>[]>;
  /** Mount it at boot, too. Either way there is a line in /etc/fstab; without, it says `noauto`. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** Mount over a directory that is not empty, and hide what is in it. @default false */
  allowNonEmpty?: pulumi.Input<boolean>;
  /** Make the mount point if it is missing; one that we made goes with the resource. @default true */
  createPath?: pulumi.Input<boolean>;
}

/**
 * A directory of an NFS server, mounted now and at boot. A dead server neither stops a boot nor hangs a run of Pulumi. Comes
 * before the web server that serves from it; goes after it.
 *
 * ```ts
 * new lvs.NfsMount("web1", { host: "web1", source: "192.168.2.50:/common", path: "/var/www/html", version: "4.2" });
 * ```
 */
export class NfsMount extends HostResource {
  static readonly __pulumiType = typeToken("NfsMount");

  /** Who this is on the host: the mount point. */
  declare readonly key: pulumi.Output<string>;
  /** The line of fstab(5). */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  declare readonly source: pulumi.Output<string>;
  declare readonly path: pulumi.Output<string>;
  declare readonly version: pulumi.Output<string | undefined>;
  declare readonly options: pulumi.Output<string[]>;
  /** Whether /etc/fstab has it as it should be, for boot. */
  declare readonly boot: pulumi.Output<boolean>;
  /** Whether it is mounted. */
  declare readonly live: pulumi.Output<boolean>;

  constructor(name: string, args: NfsMountArgs, opts?: pulumi.CustomResourceOptions) {
    super("NfsMount", name, args, ["key", "commands", "source", "path", "version", "options", "boot", "live"], opts);
  }
}
