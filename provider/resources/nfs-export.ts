import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/nfs-export/properties";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `NfsExport`. */
export interface NfsExportArgs {
  /** The NFS server. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The directory, a path without symbolic links: `"/common"`. A change replaces the resource. */
  path: pulumi.Input<string>;
  /**
   * Who may mount the directory, and how: a map from client to options, both as in exports(5):
   * `{ "192.168.2.0/24": ["rw"], "*.example.org": ["ro", "all_squash"] }`. `no_subtree_check` is added unless it or its opposite is
   * given. In place, client by client.
   */
  clients: pulumi.Input<Record<string, pulumi.Input<pulumi.Input<string>[]>>>;
  /** Name of the file in /etc/exports.d, without `.exports`. In place. @default made from the path */
  file?: pulumi.Input<string>;
  /** Create the directory if it is missing. A destroy removes a directory that it created, if it is empty. @default true */
  createPath?: pulumi.Input<boolean>;
}

/**
 * A directory that an NFS server exports: live by `exportfs`, at boot by a file of its own in /etc/exports.d. Exports of other owners
 * are left alone, also those that somebody made with `exportfs`.
 *
 * ```ts
 * new lvs.NfsExport("common", { host: "nfs", path: "/common", clients: { "*": ["rw"] } }, { dependsOn: nfsServer });
 * ```
 */
export class NfsExport extends HostResource {
  static readonly __pulumiType = typeToken("NfsExport");

  /** The directory. */
  declare readonly path: pulumi.Output<string>;
  /** The live exports: each client with its options. */
  declare readonly clients: pulumi.Output<Record<string, string[]>>;
  /** Name of the file in /etc/exports.d, without `.exports`. */
  declare readonly file: pulumi.Output<string>;
  /** Whether the file in /etc/exports.d is as declared. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: NfsExportArgs, opts?: pulumi.CustomResourceOptions) {
    super("NfsExport", name, args, OBSERVED, opts);
  }
}
