import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";

export interface NfsExportArgs {
  /** The NFS server. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The directory, without symbolic links on the way: `"/common"`. A change replaces the resource. */
  path: pulumi.Input<string>;
  /**
   * Who may mount it, and how: a map from client to options, both as in exports(5):
   * `{ "192.168.2.0/24": ["rw"], "*.example.org": ["ro", "all_squash"] }`. `no_subtree_check` is added where neither is said.
   * In place, client by client.
   */
  clients: pulumi.Input<Record<string, pulumi.Input<pulumi.Input<string>[]>>>;
  /** Name of the file in /etc/exports.d that holds it, without `.exports`. In place. @default made from the path */
  file?: pulumi.Input<string>;
  /** Make the directory if it is missing; one that we made goes with the resource, if it is empty then. @default true */
  createPath?: pulumi.Input<boolean>;
}

/**
 * A directory that an NFS server exports: live by `exportfs`, at boot by a file of its own in /etc/exports.d. Other exports are
 * left alone, those that somebody made by hand with `exportfs` too.
 *
 * ```ts
 * new lvs.NfsExport("common", { host: "nfs", path: "/common", clients: { "*": ["rw"] } }, { dependsOn: nfsServer });
 * ```
 */
export class NfsExport extends HostResource {
  static readonly __pulumiType = typeToken("NfsExport");

  /** Who this is on the host: the path. */
  declare readonly key: pulumi.Output<string>;
  /** The line of exports(5). */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  declare readonly path: pulumi.Output<string>;
  /** The live exports, each with its options. */
  declare readonly clients: pulumi.Output<Record<string, string[]>>;
  declare readonly file: pulumi.Output<string>;
  /** Whether the file in /etc/exports.d is as it should be. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: NfsExportArgs, opts?: pulumi.CustomResourceOptions) {
    super("NfsExport", name, args, ["key", "commands", "path", "clients", "file", "boot"], opts);
  }
}
