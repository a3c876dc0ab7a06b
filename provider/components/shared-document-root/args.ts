import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "../../resources/connection";
import type { NfsExportArgs } from "../../resources/nfs-export";
import type { NfsMountArgs } from "../../resources/nfs-mount";
import type { PackageArgs } from "../../resources/package";
import type { SystemdServiceArgs } from "../../resources/systemd-service";
import type { Transform } from "../transform";

/** The NFS server. */
export interface DocumentServerArgs {
  /** How to reach it. A change replaces what is on it. */
  host: pulumi.Input<Host>;
  /** The address by which the web servers mount: `"192.168.2.50"`. A change unmounts and mounts. */
  address: pulumi.Input<string>;
}

/** One web server. */
export interface DocumentClientArgs {
  /** How to reach it. @default the name that it has in the map */
  host?: pulumi.Input<Host>;
  /** Where it mounts. A change replaces the mount. @default `mountPath` */
  path?: pulumi.Input<string>;
}

/** Changes to the children of a shared document root, by their kind. */
export interface DocumentRootTransforms {
  package?: Transform<PackageArgs>;
  systemdService?: Transform<SystemdServiceArgs>;
  nfsExport?: Transform<NfsExportArgs>;
  nfsMount?: Transform<NfsMountArgs>;
}

export interface SharedDocumentRootArgs {
  /** The NFS server: `{ host: "nfs", address: "192.168.2.50" }`. */
  server: DocumentServerArgs;
  /** The directory that it exports, made if it is missing. A change replaces export and mounts. @default "/common" */
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
   * The web servers: their names, or a map from name to settings. One that is taken out unmounts.
   *
   * ```ts
   * webServers: ["web1", "web2"]
   * webServers: { web1: {}, web2: { path: "/srv/www" } }
   * ```
   */
  webServers: readonly string[] | Readonly<Record<string, DocumentClientArgs>>;
  /** Where web servers mount it that do not say it themselves. @default "/var/www/html" */
  mountPath?: pulumi.Input<string>;
  /** NFS version, such as "4.2". A change unmounts and mounts. @default the best that both sides know */
  version?: pulumi.Input<string>;
  /** Options of the mounts, such as `["ro", "noatime"]`. @default none */
  options?: pulumi.Input<pulumi.Input<string>[]>;
  /** Mount over a directory that is not empty, such as the page that came with the web server. @default false */
  allowNonEmpty?: pulumi.Input<boolean>;
  /** Install what an NFS server and its clients need. @default true */
  packages?: boolean;
  /** The unit of the NFS server, started now and at boot; false: it is somebody else's business. @default "nfs-server" */
  service?: string | false;
  /** Mount at boot, too. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /**
   * The last word on each child: arguments for all children of a kind, or a function that is asked for each.
   *
   * ```ts
   * transform: { package: { lockTimeout: 600 }, nfsExport: { file: "www" } }
   * ```
   */
  transform?: DocumentRootTransforms;
}
