import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "../../resources/connection";
import type { IpvsSettingsArgs } from "../../resources/ipvs-settings";
import type { ReturnRouteArgs } from "../../resources/return-route";
import type { DrainArgs, ServerArgs, TunnelArgs } from "../../resources/server-args";
import type { ServiceArgs } from "../../resources/virtual-service";
import type { ClusterTransforms } from "../transform";

/** How services treat clients: for all of a cluster, or for one port of it. */
export type ServiceSettings = Pick<
  ServiceArgs,
  | "scheduler"
  | "allowUnknownScheduler"
  | "schedulerFlags"
  | "persistenceTimeout"
  | "netmask"
  | "persistenceEngine"
  | "onePacket"
>;

/** One port of a cluster, where it differs from the others: `{ port: 53, protocol: "udp", onePacket: true }`. */
export interface PortArgs extends ServiceSettings {
  /** 1 to 65535; 0, all ports, needs persistence. A change makes the new service before the old one goes. */
  port: number;
  /** A change makes the new service before the old one goes. @default the cluster's */
  protocol?: "tcp" | "udp" | "sctp";
  /** The port on real servers behind masquerading. Others get the packets unchanged. @default `port` */
  serverPort?: pulumi.Input<number>;
}

/** The side of a director that real servers behind masquerading see. */
export interface InternalArgs {
  /** The NIC that leads to the real servers: `"eth1"`. A change replaces what depends on it. */
  device: pulumi.Input<string>;
  /** The director's address there, the way back for replies: `"192.168.2.2"`. */
  address: pulumi.Input<string>;
  /** The same for IPv6, where a cluster has VIPs of both families and gives real servers their way back. @default none */
  address6?: pulumi.Input<string>;
  /**
   * Bring these addresses up, on the director that holds the first VIP. For addresses that are only the gateway's, so that
   * they can move with the VIPs. @default false: the director has them already
   */
  alias?: boolean;
}

/** The way of a real server's replies, through the director that holds the first VIP: `{ device: "eth1" }`. */
export interface ReturnRouteSettings extends Omit<ReturnRouteArgs, "host" | "address" | "gateway" | "boot" | "mode"> {
  /**
   * policy: for what comes from the server's address. default: its default gateway. A change replaces the route.
   * @default "policy"
   */
  mode?: "policy" | "default";
}

/** One director. */
export interface DirectorArgs {
  /** How to reach it. @default the name that it has in the map */
  host?: pulumi.Input<Host>;
  /** The NIC that gets the VIPs: `"eth0"`. @default the cluster's `device` */
  device?: pulumi.Input<string>;
  /**
   * The VIPs that it holds. The rules of all of them are on every director, so `[]` is a standby: give it the VIPs, and take
   * them from the other, in one change. No two directors may hold the same one, for both would answer ARP.
   * @default all of them for the first director, none for the others
   */
  vips?: readonly string[];
  /** For real servers behind masquerading. */
  internal?: InternalArgs;
}

/** One real server. Its weight, thresholds and way of forwarding are changed in place. */
export interface ClusterServerArgs extends ServerArgs {
  /** How to reach it. @default the name that it has in the map */
  host?: pulumi.Input<Host>;
  /** Its address in a network of the directors: `"192.168.4.100"`. A change adds the new one, then drains the old one. */
  address: pulumi.Input<string>;
  /** Its IPv6 address, where a cluster has VIPs of both families. @default `address` */
  address6?: pulumi.Input<string>;
  /**
   * Where it holds the VIPs, silently: "lo", "dummy0", "tunl0" ... A change brings them up at the new place first. Behind a
   * tunnel, leave it: the kernel drops what comes out of a tunnel device that has no address of its own.
   * @default direct and IPv6: "lo"; tunnel: the device of the envelope, "tunl0" or "gre0"
   */
  device?: pulumi.Input<string>;
  /** Tunnel: it has a NIC in the network of the VIPs, and so must not answer ARP for them. In place. @default true */
  sameSubnetAsVip?: pulumi.Input<boolean>;
  /** Masquerading: its way back, or false where it leads through the director already. @default the cluster's */
  returnRoute?: ReturnRouteSettings | false;
  /** How packets come and go, for this server alone. In place: see "Change" in the docs for what to prepare. @default the cluster's */
  forwarding?: "direct" | "masquerade" | "tunnel";
}

/** What clusters of all modes have in common. */
export interface ClusterArgs extends ServiceSettings {
  /**
   * The VIPs, the addresses that clients use: IPv4 or IPv6, `["192.168.4.5", "2001:db8::5"]`. All ports are served on each. A change
   * brings the whole new path up before the old one is removed. Plain, because a VIP is part of resource names.
   */
  vips: readonly string[];
  /**
   * The directors: a map from name to settings. Without a `host`, a name is that of a host in `lvs:hosts`. Plain, because a name is
   * part of resource names.
   *
   * ```ts
   * directors: { director1: { device: "eth0" }, director2: { device: "ens3", vips: [] } }
   * ```
   */
  directors: Readonly<Record<string, DirectorArgs>>;
  /** The NIC of the directors that gets the VIPs. @default each director says its own */
  device?: pulumi.Input<string>;
  /**
   * The real servers: a map from name to settings. A name is for Pulumi, and the host's, unless it has a `host`.
   *
   * ```ts
   * realServers: { web1: { address: "192.168.4.100", weight: 2 }, web2: { address: "192.168.4.200" } }
   * ```
   */
  realServers: Readonly<Record<string, ClusterServerArgs>>;
  /** The ports, each a service of its own: `[80, 443]`, `[{ port: 53, protocol: "udp" }]`. Plain, because a port is part of resource names. */
  ports: readonly (number | PortArgs)[];
  /** Of the ports that do not say theirs. @default "tcp" */
  protocol?: "tcp" | "udp" | "sctp";
  /** The envelope, for real servers behind a tunnel that do not say theirs. @default IP in IP */
  tunnel?: pulumi.Input<TunnelArgs>;
  /**
   * Masquerading: gives each real server its way back, through the `internal` address of the director that holds the first VIP.
   * `{ device: "eth1" }` is the NIC of the real servers that has their address. @default none: it leads there already
   */
  returnRoute?: ReturnRouteSettings;
  /**
   * What happens before a real server is removed from the rules: weight 0, then a wait until its connections are over or the
   * time is. `{ timeout: 0 }` removes it at once. @default `{ timeout: 60 }`
   */
  drain?: DrainArgs;
  /**
   * Settings of the directors' IPVS as a whole, for all services there: at most one cluster of a director may have them.
   * `{ expireNodestConn: true, connReuseMode: 3 }` keeps a request from being lost that comes from a port which the client used
   * less than two minutes ago, for a server that has left since, or is reached in another way. @default left as they are
   */
  ipvs?: Omit<IpvsSettingsArgs, "host" | "boot" | "rulesLoader">;
  /** Keep everything across a reboot. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /**
   * "service": a service with all its real servers is one resource: fast, and servers that others add to it are removed.
   * "server": each real server of each service is a resource, and servers of others are left alone. Changed without a trace
   * on the directors. @default "service"
   */
  granularity?: "service" | "server";
  /**
   * The last word on each child: arguments for all children of a kind, or a function that is asked for each.
   *
   * ```ts
   * transform: { virtualService: { rulesLoader: "rhel" }, vipAlias: (args) => ({ args: { ...args, networkManager: "ifcfg" } }) }
   * ```
   */
  transform?: ClusterTransforms;
}
