import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/return-route/properties";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `ReturnRoute`. */
export interface ReturnRouteArgs {
  /** The real server. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /**
   * policy: a routing table of its own, for packets with the source `address`; other routes of the machine stay as they are.
   * default: the machine's default gateway, IPv4. A change replaces the resource. @default "policy"
   */
  mode?: pulumi.Input<"policy" | "default">;
  /** policy: the real server's own address, as in the director's rule; required. A change replaces the resource. */
  address?: pulumi.Input<string>;
  /** The director's address in a network of `device`: `ip route ... via`. In place. */
  gateway: pulumi.Input<string>;
  /** The NIC that has `address` and reaches `gateway`. In place. */
  device: pulumi.Input<string>;
  /**
   * policy: the number of the routing table, 1 to 4294967295, without 253, 254 and 255. A table with routes or rules of another owner is
   * refused. In place. @default 20000 + the last two bytes of the address: 20612 for 192.168.2.100
   */
  table?: pulumi.Input<number>;
  /** policy: `ip rule ... priority`, 1 to 32765; the kernel applies the lowest first. In place. @default 20000 */
  priority?: pulumi.Input<number>;
  /**
   * policy: networks of `device` whose packets are answered directly, past the director. A client in one of them cannot use the
   * service; `[]` lets all clients use it. In place. @default the network of `address`
   */
  localNetworks?: pulumi.Input<pulumi.Input<string>[]>;
  /** Keep the route across a reboot, in the host's own network configuration. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** The network manager to configure, where the host does not show it. In place. @default detected on the host */
  networkManager?: pulumi.Input<"ifcfg" | "ifupdown">;
}

/**
 * The route of a real server's replies for NAT: back through the director that forwarded the request. Replies by another route have the
 * wrong source address, and clients drop them.
 *
 * A change that affects the route to our own SSH address is commit-confirmed: unless a new SSH connection succeeds within half a
 * minute, the host rolls it back, and the run fails with the reason.
 *
 * ```ts
 * new lvs.ReturnRoute("web1", { host: "web1", address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" });
 * ```
 */
export class ReturnRoute extends HostResource {
  static readonly __pulumiType = typeToken("ReturnRoute");

  /** A routing table of its own, or the default gateway. */
  declare readonly mode: pulumi.Output<"policy" | "default">;
  /** policy: the source address of the packets. */
  declare readonly address: pulumi.Output<string | undefined>;
  /** The director's address that the packets go to. */
  declare readonly gateway: pulumi.Output<string>;
  /** The NIC that the packets leave by. */
  declare readonly device: pulumi.Output<string>;
  /** policy: the number of the routing table. */
  declare readonly table: pulumi.Output<number | undefined>;
  /** policy: the priority of the rule that leads to the table. */
  declare readonly priority: pulumi.Output<number | undefined>;
  /** policy: networks that are answered directly. Absent: the network of `address`. */
  declare readonly localNetworks: pulumi.Output<string[] | undefined>;
  /** Whether the kernel has the route, and the rule that leads to it. */
  declare readonly live: pulumi.Output<boolean>;
  /** Whether the host's network configuration is as declared. With `boot: false`: whether it still has the route. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: ReturnRouteArgs, opts?: pulumi.CustomResourceOptions) {
    super("ReturnRoute", name, args, OBSERVED, opts);
  }
}
