import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "../../resources/args/connection";
import type { NfsExportArgs } from "../../resources/nfs-export";
import type { NfsMountArgs } from "../../resources/nfs-mount";
import type { PackageArgs } from "../../resources/package";
import type { SystemdServiceArgs } from "../../resources/systemd-service";
import type { Transform } from "../transform";

/** The NFS server. */
export interface DocumentServerArgs {
  /** How to reach the host. A change replaces its children. */
  host: pulumi.Input<Host>;
  /** The address that web servers mount from: `"192.168.2.50"`. A change unmounts and mounts. */
  address: pulumi.Input<string>;
}

/** One web server. */
export interface DocumentClientArgs {
  /** How to reach the host. @default the name in the map */
  host?: pulumi.Input<Host>;
  /** The mount point. A change replaces the mount. @default `mountPath` */
  path?: pulumi.Input<string>;
}

/** Changes to the children of a shared document root, by kind. */
export interface DocumentRootTransforms {
  /** The packages of the NFS server and of the web servers. */
  package?: Transform<PackageArgs>;
  /** The unit of the NFS server. */
  systemdService?: Transform<SystemdServiceArgs>;
  /** The export. */
  nfsExport?: Transform<NfsExportArgs>;
  /** The mounts. */
  nfsMount?: Transform<NfsMountArgs>;
}

/** Arguments of `SharedDocumentRoot`. */
export interface SharedDocumentRootArgs {
  /** The NFS server: `{ host: "nfs", address: "192.168.2.50" }`. */
  server: DocumentServerArgs;
  /** The directory that it exports, created if it is missing. A change replaces export and mounts. @default "/common" */
  path?: pulumi.Input<string>;
  /**
   * Who may mount it, and how, as in exports(5). In place, client by client.
   *
   * ```ts
   * exportTo: { "192.168.2.0/24": ["ro"], "192.168.2.10": ["rw", "no_root_squash"] }
   * ```
   */
  exportTo: NfsExportArgs["clients"];
  /**
   * The web servers: their names, or a map from name to settings. A web server that is removed unmounts. Plain, because a name is part of
   * resource names.
   *
   * ```ts
   * webServers: ["web1", "web2"]
   * webServers: { web1: {}, web2: { path: "/srv/www" } }
   * ```
   */
  webServers: readonly string[] | Readonly<Record<string, DocumentClientArgs>>;
  /** The mount point of web servers without a `path` of their own. A change replaces their mounts. @default "/var/www/html" */
  mountPath?: pulumi.Input<string>;
  /** NFS version, such as "4.2". A change unmounts and mounts. @default the best that both sides support */
  version?: pulumi.Input<string>;
  /** Options of the mounts, such as `["ro", "noatime"]`. @default none */
  options?: pulumi.Input<pulumi.Input<string>[]>;
  /** Allows a mount over a directory that is not empty, such as one with the web server's own page. Otherwise that is an error. @default false */
  allowNonEmpty?: pulumi.Input<boolean>;
  /** Install the packages of NFS server and clients. Plain, because it decides which resources exist. @default true */
  packages?: boolean;
  /** The unit of the NFS server, started now and at boot; false: not managed. Plain, as `packages`. @default "nfs-server" */
  service?: string | false;
  /** Mount at boot, too. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /**
   * Changes to the children, applied last: arguments for all children of a kind, or a function that is called for each.
   *
   * ```ts
   * transform: { package: { lockTimeout: 600 }, nfsExport: { file: "www" } }
   * ```
   */
  transform?: DocumentRootTransforms;
}
