import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "../../resources/args/connection";
import type { DrainArgs, TunnelArgs } from "../../resources/args/server";
import type { IpvsSettingsArgs } from "../../resources/ipvs-settings";
import type { ReturnRouteArgs } from "../../resources/return-route";
import type { InlineServerArgs, ServiceArgs } from "../../resources/virtual-service";
import type { ClusterTransforms } from "../transform";
import type { FailoverArgs, SyncArgs } from "./failover/args";

/** Scheduling, persistence and checks of services: for a whole cluster, or for one port of it. */
export type ServiceSettings = Pick<
  ServiceArgs,
  | "scheduler"
  | "allowUnknownScheduler"
  | "schedulerFlags"
  | "persistenceTimeout"
  | "netmask"
  | "persistenceEngine"
  | "onePacket"
  | "healthCheck"
>;

/** One port of a cluster with settings of its own: `{ port: 53, protocol: "udp", onePacket: true }`. */
export interface PortArgs extends ServiceSettings {
  /**
   * 1 to 65535; 0 means all ports, and needs persistence. A change creates the new service before the old one is removed. Plain, because
   * it is part of a resource name.
   */
  port: number;
  /**
   * A change creates the new service before the old one is removed. Plain, because it is part of a resource name. @default the
   * cluster's
   */
  protocol?: "tcp" | "udp" | "sctp";
  /** The port on real servers with masquerading; other methods cannot change the port. In place. @default `port` */
  serverPort?: pulumi.Input<number>;
}

/** The side of a director towards its real servers, for masquerading. */
export interface InternalArgs {
  /** The NIC that leads to the real servers: `"eth1"`. A change replaces what depends on it. */
  device: pulumi.Input<string>;
  /** The director's address there, the gateway for replies: `"192.168.2.2"`. */
  address: pulumi.Input<string>;
  /** The same for IPv6, for clusters with VIPs of both families and a `returnRoute`. @default none */
  address6?: pulumi.Input<string>;
  /**
   * Bring these addresses up on the director with the first VIP, so that they move with the VIPs. For addresses that serve as gateway
   * only. @default false: the director has them already; with `failover` true
   */
  alias?: boolean;
}

/** The route of real servers' replies, through the director with the first VIP: `{ device: "eth1" }`. */
export interface ReturnRouteSettings extends Omit<ReturnRouteArgs, "host" | "address" | "gateway" | "boot" | "mode"> {
  /**
   * policy: for packets from the server's address only. default: its default gateway. A change replaces the route.
   * @default "policy"
   */
  mode?: "policy" | "default";
}

/** One director. */
export interface DirectorArgs {
  /** How to reach the host. @default the name in the map */
  host?: pulumi.Input<Host>;
  /** The NIC that gets the VIPs: `"eth0"`. A change replaces the VIP. @default the cluster's `device` */
  device?: pulumi.Input<string>;
  /**
   * The VIPs on this director. All directors have the rules of all VIPs, so a director with `[]` is a standby. To move a VIP, add it here
   * and remove it from the other director in one change. Two directors with the same VIP are refused, because both would answer ARP.
   * Not with `failover`: then each can get all of them.
   * Plain, because a VIP is part of resource names.
   * @default all of them for the first director, none for the others
   */
  vips?: readonly string[];
  /** The side towards real servers. Required for masquerading. */
  internal?: InternalArgs;
}

/** One real server. Weight, thresholds and forwarding method change in place. */
export interface ClusterServerArgs extends InlineServerArgs {
  /** How to reach the host. @default the name in the map */
  host?: pulumi.Input<Host>;
  /** Its address, reachable from the directors: `"192.168.4.100"`. A change adds the new one, then drains the old one. */
  address: pulumi.Input<string>;
  /** Its IPv6 address, for clusters with VIPs of both families. @default `address` */
  address6?: pulumi.Input<string>;
  /**
   * The device that has the VIPs without answering ARP: "lo", "dummy0", "tunl0" ... A change adds the VIPs to the new device first. Keep
   * the default with a tunnel: the kernel drops packets from a tunnel device without an address.
   * @default direct and IPv6: "lo"; tunnel: the tunnel device, "tunl0" or "gre0"
   */
  device?: pulumi.Input<string>;
  /** Tunnel: whether it has a NIC in the subnet of the VIPs, and so must not answer ARP for them. In place. @default true */
  sameSubnetAsVip?: pulumi.Input<boolean>;
  /** Masquerading: the route of its replies; false: they go through the director already. @default the cluster's */
  returnRoute?: ReturnRouteSettings | false;
  /** The forwarding method of this server. In place; docs/changing.md says what to prepare. @default the cluster's */
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
  /** The NIC of the directors that gets the VIPs. @default none: each director has a `device` of its own */
  device?: pulumi.Input<string>;
  /**
   * The real servers: a map from name to settings. Without a `host`, a name is that of a host in `lvs:hosts`. Plain, because a name is
   * part of resource names.
   *
   * ```ts
   * realServers: { web1: { address: "192.168.4.100", weight: 2 }, web2: { address: "192.168.4.200" } }
   * ```
   */
  realServers: Readonly<Record<string, ClusterServerArgs>>;
  /** The ports, each a service of its own: `[80, 443]`, `[{ port: 53, protocol: "udp" }]`. Plain, because a port is part of resource names. */
  ports: readonly (number | PortArgs)[];
  /** The protocol of ports without one of their own. @default "tcp" */
  protocol?: "tcp" | "udp" | "sctp";
  /** The encapsulation of real servers with tunneling and without one of their own. @default IP in IP */
  tunnel?: pulumi.Input<TunnelArgs>;
  /**
   * Masquerading: the route of real servers' replies, through the `internal` address of the director with the first VIP. In
   * `{ device: "eth1" }`, the NIC is the real servers'. @default none: replies go through the director already
   */
  returnRoute?: ReturnRouteSettings;
  /**
   * How connections end before a real server is removed from the rules: weight 0, then a wait for their end, at most `timeout` seconds.
   * `{ timeout: 0 }` removes it at once. @default `{ timeout: 60 }`
   */
  drain?: DrainArgs;
  /**
   * Settings of the directors' IPVS as a whole, for all services there: at most one cluster of a director may have them. With
   * `{ expireNodestConn: true, connReuseMode: 3 }`, no request is lost that reuses a source port within two minutes after its real server
   * was removed or got another forwarding method. @default left as they are
   */
  ipvs?: Omit<IpvsSettingsArgs, "host" | "boot" | "rulesLoader">;
  /**
   * The directors fail over by themselves: keepalived has all VIPs up on one of them, and moves them when it is gone. Needs two directors
   * or more, each with keepalived (`Package`). The first one in the map has the highest priority. With masquerading, the `internal` address is
   * one for all of them, and moves along. To turn it on or off changes nothing for clients. @default the VIPs stay where the program says
   */
  failover?: FailoverArgs;
  /**
   * Both sync daemons of the kernel on each director, over the NIC that connects them, `{ device: "eth1", syncId: 5 }`: open connections go on
   * when the VIPs move. Needs two directors or more. @default none: a move of the VIPs resets them
   */
  sync?: SyncArgs;
  /** Keep all children across a reboot. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /**
   * "service": a service with all its real servers is one resource. This is fast, and servers that other owners add are removed.
   * "server": each real server of each service is a resource, and servers of other owners stay. A change does not affect the directors.
   * Plain, because it decides which resources exist. @default "service"
   */
  granularity?: "service" | "server";
  /**
   * Changes to the children, applied last: arguments for all children of a kind, or a function that is called for each.
   *
   * ```ts
   * transform: { virtualService: { rulesLoader: "rhel" }, vipAlias: (args) => ({ args: { ...args, networkManager: "ifcfg" } }) }
   * ```
   */
  transform?: ClusterTransforms;
}
