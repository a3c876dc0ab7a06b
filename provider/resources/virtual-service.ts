import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/virtual-service/properties";
import type { Host } from "./args/connection";
import type { CheckArgs, HealthCheckArgs } from "./args/health-check";
import type { DrainArgs, ServerArgs } from "./args/server";
import { HostResource, typeToken } from "./host-resource";

/** A real server in the map of its service. Each change is in place. */
export interface InlineServerArgs extends ServerArgs {
  /** What differs from the `healthCheck` of the service. Another probe has a port of its own. @default nothing */
  healthCheck?: pulumi.Input<CheckArgs>;
}

/** What services of all protocols have in common. */
export interface ServiceArgs {
  /** The director. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /**
   * `ipvsadm -s`: rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos or none. In place; connections stay.
   * @default "wlc"
   */
  scheduler?: pulumi.Input<string>;
  /** Allows a `scheduler` that this package does not know, such as a module of your own. Otherwise that is an error. @default false */
  allowUnknownScheduler?: pulumi.Input<boolean>;
  /** `ipvsadm -b`: sh-fallback, sh-port (sh only), mh-fallback, mh-port (mh only), flag-1, flag-2, flag-3. In place. @default none */
  schedulerFlags?: pulumi.Input<pulumi.Input<string>[]>;
  /** Seconds for which a client stays with its real server (`ipvsadm -p`), 1 to 2678400. In place. @default not persistent */
  persistenceTimeout?: pulumi.Input<number>;
  /**
   * `ipvsadm -M`: clients of one subnet count as one client for persistence. IPv4 "255.255.255.0", IPv6 a prefix length such as "64".
   * Only with `persistenceTimeout`. In place. @default each address on its own
   */
  netmask?: pulumi.Input<string>;
  /** `ipvsadm --pe`: persistence engine, such as "sip". In place. @default none */
  persistenceEngine?: pulumi.Input<string>;
  /**
   * `ipvsadm -o`: schedule every packet on its own. UDP and fwmark only. With `masquerade` replies then keep the real server's address,
   * and clients drop them. In place.
   * @default false
   */
  onePacket?: pulumi.Input<boolean>;
  /**
   * The real servers, by address (`"192.168.2.100:80"`, or without a port for the service's own). The whole service is then one
   * Pulumi resource. A change is in place, server by server. @default not managed: use `RealServer`
   */
  realServers?: pulumi.Input<Record<string, pulumi.Input<InlineServerArgs>>>;
  /**
   * keepalived takes servers that do not answer out, and in again. Needs `realServers`, and keepalived on the director. What each failure
   * costs: docs/health-checks.md. In place. @default none: a dead server gets its share of the requests
   */
  healthCheck?: pulumi.Input<HealthCheckArgs>;
  /**
   * With `realServers`: remove real servers of this service that are not in the map. With false, those of other owners stay.
   * @default true
   */
  exclusive?: pulumi.Input<boolean>;
  /** How connections end before a real server of the map, or the service, is removed. @default removed at once */
  drain?: pulumi.Input<DrainArgs>;
  /** Keep the rules across a reboot, in the host's own rules file; with `healthCheck` by keepalived, always. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** What loads rules at boot, where the host does not show it. In place. @default detected on the host */
  rulesLoader?: pulumi.Input<"debian" | "rhel">;
}

/** Arguments of a service with an address. */
export interface TransportServiceArgs extends ServiceArgs {
  /** `ipvsadm -t`, `-u`, `--sctp-service`. A change replaces the resource. */
  protocol: pulumi.Input<"tcp" | "udp" | "sctp">;
  /** VIP and port: `"192.0.2.10:80"`, `"[2001:db8::1]:80"`. Port 0 (all ports) needs persistence. A change replaces the resource. */
  address: pulumi.Input<string>;
}

/** Arguments of a service with a firewall mark: all packets that netfilter has marked so. */
export interface FwmarkServiceArgs extends ServiceArgs {
  /** `ipvsadm -f`. A change replaces the resource. */
  protocol: "fwmark";
  /** The mark, 1 to 2147483647. A change replaces the resource. */
  fwmark: pulumi.Input<number>;
  /** The address family of the marked packets; ipv6: `ipvsadm -6`. A change replaces the resource. @default "ipv4" */
  family?: pulumi.Input<"ipv4" | "ipv6">;
}

/** Arguments of `VirtualService`. */
export type VirtualServiceArgs = TransportServiceArgs | FwmarkServiceArgs;

/**
 * A virtual service in a director's IPVS table, and optionally its real servers. A service that exists already is adopted and changed to
 * what is declared; services of other owners are never changed.
 *
 * The shortest one, without real servers (add them with `RealServer`):
 *
 * ```ts
 * const web = new lvs.VirtualService("web", { host: "director1", protocol: "tcp", address: "192.168.4.5:80" });
 * ```
 *
 * With its real servers in one resource, and a scheduler that respects their weights:
 *
 * ```ts
 * new lvs.VirtualService("web", {
 *   host: "director1",
 *   protocol: "tcp",
 *   address: "192.168.4.5:80",
 *   scheduler: "wrr",
 *   realServers: { "192.168.4.100": { weight: 2 }, "192.168.4.200": {} },
 * });
 * ```
 *
 * With persistent clients, and a drain before a real server is removed:
 *
 * ```ts
 * new lvs.VirtualService("shop", {
 *   host: "director1",
 *   protocol: "tcp",
 *   address: "192.168.4.5:443",
 *   persistenceTimeout: 600,
 *   realServers: { "192.168.4.100": { upperThreshold: 1000 }, "192.168.4.200": {} },
 *   drain: { timeout: 30 },
 * });
 * ```
 *
 * By a firewall mark, for several ports or addresses at once:
 *
 * ```ts
 * new lvs.VirtualService("marked", {
 *   host: "director1",
 *   protocol: "fwmark",
 *   fwmark: 1,
 *   realServers: { "192.168.4.100": {}, "192.168.4.200": {} },
 * });
 * ```
 */
export class VirtualService extends HostResource {
  static readonly __pulumiType = typeToken("VirtualService");

  /** The identity on the director, `tcp 192.168.4.5:80`: what a `RealServer` gets as its `service`. Known in previews. */
  declare readonly key: pulumi.Output<string>;
  /** The protocol, or `"fwmark"`. */
  declare readonly protocol: pulumi.Output<"tcp" | "udp" | "sctp" | "fwmark">;
  /** VIP and port. Absent with a mark. */
  declare readonly address: pulumi.Output<string | undefined>;
  /** The firewall mark. */
  declare readonly fwmark: pulumi.Output<number | undefined>;
  /** The address family of marked packets. */
  declare readonly family: pulumi.Output<"ipv4" | "ipv6" | undefined>;
  /** The scheduler in the kernel. */
  declare readonly scheduler: pulumi.Output<string>;
  /** The flags of the scheduler, in the order of ipvsadm. */
  declare readonly schedulerFlags: pulumi.Output<string[] | undefined>;
  /** Seconds for which a client stays with its real server. Absent: not persistent. */
  declare readonly persistenceTimeout: pulumi.Output<number | undefined>;
  /** The subnet that counts as one client. Absent: each address on its own. */
  declare readonly netmask: pulumi.Output<string | undefined>;
  /** The persistence engine. */
  declare readonly persistenceEngine: pulumi.Output<string | undefined>;
  /** Whether every packet is scheduled on its own. */
  declare readonly onePacket: pulumi.Output<boolean | undefined>;
  /** The real servers in the kernel, by address and port; one that a check has put out is here as declared. Absent: not managed by this resource. */
  declare readonly realServers: pulumi.Output<Record<string, InlineServerArgs> | undefined>;
  /** How keepalived checks the servers. Absent: it does not. */
  declare readonly healthCheck: pulumi.Output<HealthCheckArgs | undefined>;
  /** Whether the host's rules file, or with `healthCheck` its keepalived, is as declared. With `boot: false`: whether it still has this service. */
  declare readonly boot: pulumi.Output<boolean>;
  /** Whether the kernel has it. false: only the rules file has it, and the next boot would add it. */
  declare readonly live: pulumi.Output<boolean>;

  constructor(name: string, args: VirtualServiceArgs, opts?: pulumi.CustomResourceOptions) {
    super("VirtualService", name, args, OBSERVED, opts);
  }
}
