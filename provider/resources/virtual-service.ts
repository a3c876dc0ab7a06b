import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";
import type { DrainArgs, ServerArgs } from "./server-args";

/** What tcp, udp, sctp and fwmark services have in common. */
export interface ServiceArgs {
  /** The director. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /**
   * `ipvsadm -s`: rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos or none. Changed in place; connections stay.
   * @default "wlc"
   */
  scheduler?: pulumi.Input<string>;
  /** Lets `scheduler` be a name that this package does not know, for modules of your own. @default false */
  allowUnknownScheduler?: pulumi.Input<boolean>;
  /** `ipvsadm -b`: sh-fallback, sh-port (sh only), mh-fallback, mh-port (mh only), flag-1, flag-2, flag-3. In place. @default none */
  schedulerFlags?: pulumi.Input<pulumi.Input<string>[]>;
  /** `ipvsadm -p`: seconds for which a client stays with its real server, 1 to 2678400. In place. @default not persistent */
  persistenceTimeout?: pulumi.Input<number>;
  /**
   * `ipvsadm -M`: how clients are grouped for persistence: IPv4 "255.255.255.0", IPv6 a prefix length such as "64".
   * Only with `persistenceTimeout`. In place. @default each address on its own
   */
  netmask?: pulumi.Input<string>;
  /** `ipvsadm --pe`: persistence engine, such as "sip". In place. @default none */
  persistenceEngine?: pulumi.Input<string>;
  /**
   * `ipvsadm -o`: schedule every packet on its own. UDP and fwmark only. Behind `masquerade` answers then keep the real server's
   * address, and clients do not take them. In place.
   * @default false
   */
  onePacket?: pulumi.Input<boolean>;
  /**
   * The real servers, by address (`"192.168.2.100:80"`, or without a port for the service's own): one Pulumi resource then
   * carries the whole service. Changed server by server, in place. @default not looked at: use `RealServer`
   */
  realServers?: pulumi.Input<Record<string, pulumi.Input<ServerArgs>>>;
  /**
   * With `realServers`: remove real servers of this service that are not in the map. false leaves those of others alone.
   * @default true
   */
  exclusive?: pulumi.Input<boolean>;
  /** What happens before a real server of the map, or the service, is removed. @default removed at once */
  drain?: pulumi.Input<DrainArgs>;
  /** Keep the rules across a reboot, in the host's own rules file. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** Whose way of loading rules at boot the host has, where it cannot be told by looking. @default asked of the host */
  rulesLoader?: pulumi.Input<"debian" | "rhel">;
}

/** A service known by its address. */
export interface TransportServiceArgs extends ServiceArgs {
  /** `ipvsadm -t`, `-u`, `--sctp-service`. A change replaces the resource. */
  protocol: pulumi.Input<"tcp" | "udp" | "sctp">;
  /** VIP and port: `"192.0.2.10:80"`, `"[2001:db8::1]:80"`. Port 0 (all ports) needs persistence. A change replaces the resource. */
  address: pulumi.Input<string>;
}

/** A service known by a firewall mark. */
export interface FwmarkServiceArgs extends ServiceArgs {
  /** `ipvsadm -f`. */
  protocol: "fwmark";
  /** The mark, 1 to 2147483647. A change replaces the resource. */
  fwmark: pulumi.Input<number>;
  /** ipv6: `ipvsadm -6`. A change replaces the resource. @default "ipv4" */
  family?: pulumi.Input<"ipv4" | "ipv6">;
}

export type VirtualServiceArgs = TransportServiceArgs | FwmarkServiceArgs;

/**
 * A virtual service in a director's IPVS table, with its real servers if you list them. An equal or different service that is
 * already there is adopted and brought in line; services of others are never touched.
 *
 * ```ts
 * new lvs.VirtualService("web", {
 *   host: "director1",
 *   protocol: "tcp",
 *   address: "192.168.4.5:80",
 *   scheduler: "wrr",
 *   realServers: { "192.168.4.100": { weight: 2 }, "192.168.4.200": { weight: 1 } },
 * });
 * ```
 */
export class VirtualService extends HostResource {
  static readonly __pulumiType = typeToken("VirtualService");

  /** Who this service is: `tcp 192.168.4.5:80`. What a `RealServer` takes as its `service`. Known in previews. */
  declare readonly key: pulumi.Output<string>;
  /** What the director is told, a line for the service and one for each inline real server. */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  declare readonly protocol: pulumi.Output<"tcp" | "udp" | "sctp" | "fwmark">;
  declare readonly address: pulumi.Output<string | undefined>;
  declare readonly fwmark: pulumi.Output<number | undefined>;
  declare readonly family: pulumi.Output<"ipv4" | "ipv6" | undefined>;
  declare readonly scheduler: pulumi.Output<string>;
  declare readonly schedulerFlags: pulumi.Output<string[] | undefined>;
  declare readonly persistenceTimeout: pulumi.Output<number | undefined>;
  declare readonly netmask: pulumi.Output<string | undefined>;
  declare readonly persistenceEngine: pulumi.Output<string | undefined>;
  declare readonly onePacket: pulumi.Output<boolean | undefined>;
  /** The real servers as the director has them, by address with port. */
  declare readonly realServers: pulumi.Output<Record<string, ServerArgs> | undefined>;
  /** Whether the rules file of the host has this service as it should be. */
  declare readonly boot: pulumi.Output<boolean>;
  /** Whether the kernel has it. false: only the rules file has it, and the next boot would add it. */
  declare readonly live: pulumi.Output<boolean>;

  constructor(name: string, args: VirtualServiceArgs, opts?: pulumi.CustomResourceOptions) {
    super("VirtualService", name, args, OUTPUTS, opts);
  }
}

const OUTPUTS = [
  "key",
  "commands",
  "protocol",
  "address",
  "fwmark",
  "family",
  "scheduler",
  "schedulerFlags",
  "persistenceTimeout",
  "netmask",
  "persistenceEngine",
  "onePacket",
  "realServers",
  "boot",
  "live",
] as const;
