import * as pulumi from "@pulumi/pulumi";
import { ownValue } from "../../model/own-value";
import { isOfType } from "../../resources/host-resource";
import { NfsExport } from "../../resources/nfs-export";
import { NfsMount } from "../../resources/nfs-mount";
import { Package } from "../../resources/package";
import { SystemdService } from "../../resources/systemd-service";
import { checkArgs } from "../check-args";
import { byName, type Nodes } from "../nodes";
import { compact, isList } from "../optional-args";
import { childrenOf } from "../transform";
import type { DocumentClientArgs, SharedDocumentRootArgs } from "./args";

/**
 * One directory of an NFS server as the document root of all web servers, now and after every boot. A cluster or web server that depends on
 * it starts after the mounts.
 *
 * The shortest one, with the directory `/common` at `/var/www/html`:
 *
 * ```ts
 * new lvs.SharedDocumentRoot("pages", {
 *   server: { host: "nfs", address: "192.168.2.50" },
 *   exportTo: { "192.168.2.0/24": ["ro"] },
 *   webServers: ["web1", "web2"],
 * });
 * ```
 *
 * With other paths, options of the mounts, and a web server that starts afterwards:
 *
 * ```ts
 * const pages = new lvs.SharedDocumentRoot("pages", {
 *   server: { host: "nfs", address: "192.168.2.50" },
 *   path: "/srv/pages",
 *   exportTo: { "192.168.2.0/24": ["ro"], "192.168.2.10": ["rw", "no_root_squash"] },
 *   webServers: { web1: {}, web2: { path: "/srv/www" } },
 *   options: ["ro", "noatime"],
 *   allowNonEmpty: true,
 * });
 * new lvs.SystemdService("nginx", { host: "web1", name: "nginx" }, { dependsOn: pages });
 * ```
 *
 * On the NFS server it creates the package, the service and the export; on each web server the package and the mount. A destroy unmounts
 * first.
 */
export class SharedDocumentRoot extends pulumi.ComponentResource {
  static readonly __pulumiType = "lvs:index:SharedDocumentRoot";

  /** The export on the NFS server. */
  readonly nfsExport: NfsExport;
  /** The mounts, by web server. */
  readonly mounts: Nodes<NfsMount>;
  /** The other children: package and unit of the NFS server, and packages by web server. */
  readonly nodes: {
    readonly serverPackage: Package | undefined;
    readonly serverService: SystemdService | undefined;
    readonly clientPackages: Nodes<Package>;
  };

  constructor(name: string, args: SharedDocumentRootArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArgs("SharedDocumentRoot", `SharedDocumentRoot ${name}`, args);
    // The arguments are not inputs of the component: the state would show a connection among them in clear text.
    super(SharedDocumentRoot.__pulumiType, name, {}, opts);
    const make = childrenOf(this, name);
    const { server, path = "/common", packages = true, service = "nfs-server", boot = true, transform = {} } = args;
    const { host } = server;
    const clients = normalizeClients();

    const serverPackage = packages ? createServerPackage() : undefined;
    const serverService = service === false ? undefined : createServerService(service);
    const clientPackages = packages ? createClientPackages() : {};
    this.nfsExport = createExport();
    this.mounts = createMounts(this.nfsExport);
    this.nodes = { serverPackage, serverService, clientPackages };
    this.registerOutputs({});

    function normalizeClients(): (DocumentClientArgs & { readonly name: string })[] {
      if (isList(args.webServers)) return args.webServers.map((client) => ({ name: client }));
      return Object.entries(args.webServers).map(([client, given]) => ({ ...given, name: client }));
    }

    function createServerPackage(): Package {
      return make(Package, transform.package, "server-package", { host, name: "nfs-server" });
    }

    function createServerService(unit: string): SystemdService {
      return make(SystemdService, transform.systemdService, "server", { host, name: unit }, present(serverPackage));
    }

    function createClientPackages(): Record<string, Package> {
      return byName(clients, ({ name: client, host: at = client }) => {
        return make(Package, transform.package, `${client}-package`, { host: at, name: "nfs-client" });
      });
    }

    function createExport(): NfsExport {
      const needs = present(serverService ?? serverPackage);
      return make(NfsExport, transform.nfsExport, "export", { host, path, clients: args.exportTo }, needs);
    }

    function createMounts(exported: NfsExport): Record<string, NfsMount> {
      const { version, options, allowNonEmpty } = args;
      const how = compact({ version, options, allowNonEmpty });
      return byName(clients, ({ name: client, host: at = client, path: own = args.mountPath ?? "/var/www/html" }) => {
        const mountArgs = { host: at, source: sourceOf(server.address, path), path: own, ...how, boot };
        return make(NfsMount, transform.nfsMount, client, mountArgs, [
          exported,
          ...present(ownValue(clientPackages, client)),
        ]);
      });
    }
  }

  /** Whether a value is a component of this class, also one that another copy of the package made. */
  static override isInstance(value: unknown): value is SharedDocumentRoot {
    return isOfType(value, SharedDocumentRoot.__pulumiType);
  }
}

/** `192.168.2.50:/common` */
function sourceOf(server: pulumi.Input<string>, path: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.all([server, path]).apply(([address, directory]) => {
    return address.includes(":") ? `[${address}]:${directory}` : `${address}:${directory}`;
  });
}

function present(resource: pulumi.Resource | undefined): pulumi.Resource[] {
  return resource === undefined ? [] : [resource];
}
