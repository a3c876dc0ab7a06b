import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";

export interface ReturnRouteArgs {
  /** The real server. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /**
   * policy: a routing table of its own, for packets that come from `address`; the rest of the machine is left alone.
   * default: the machine's default gateway, IPv4. A change replaces the resource. @default "policy"
   */
  mode?: pulumi.Input<"policy" | "default">;
  /** policy: the real server's own address, as in the director's rule. A change replaces the resource. */
  address?: pulumi.Input<string>;
  /** The director's address inside. In place. */
  gateway: pulumi.Input<string>;
  /** The NIC that has `address`, and by which `gateway` is reached. In place. */
  device: pulumi.Input<string>;
  /**
   * policy: the number of the routing table, 1 to 4294967295 without 253, 254, 255. In place.
   * @default 20000 + the last two bytes of the address: 20612 for 192.168.2.100
   */
  table?: pulumi.Input<number>;
  /** policy: the place of the rule that leads to the table, 1 to 32765; the lowest is asked first. In place. @default 20000 */
  priority?: pulumi.Input<number>;
  /**
   * policy: networks of `device` that are answered directly, not through the director. A client in one of them cannot use the
   * service: `[]` lets all of them. In place. @default the network of `address`
   */
  localNetworks?: pulumi.Input<pulumi.Input<string>[]>;
  /** Keep it across a reboot, in the host's own network configuration. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** Whose configuration to write, where it cannot be told by looking at the host. @default asked of the host */
  networkManager?: pulumi.Input<"ifcfg" | "ifupdown">;
}

/**
 * The way of a real server's replies, for NAT: through the director that sent the request, or the client would not know them.
 *
 * A change that concerns the way by which we reach the host is armed: unless a new SSH connection comes through within half a
 * minute, the host itself puts it back, and the run fails with what happened.
 *
 * ```ts
 * new lvs.ReturnRoute("web1", { host: "web1", address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" });
 * ```
 */
export class ReturnRoute extends HostResource {
  static readonly __pulumiType = typeToken("ReturnRoute");

  /** Who this is on the host: `from 192.168.2.100`, or `default`. */
  declare readonly key: pulumi.Output<string>;
  /** What the host is told. */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  declare readonly mode: pulumi.Output<"policy" | "default">;
  declare readonly address: pulumi.Output<string | undefined>;
  declare readonly gateway: pulumi.Output<string>;
  declare readonly device: pulumi.Output<string>;
  declare readonly table: pulumi.Output<number | undefined>;
  declare readonly priority: pulumi.Output<number | undefined>;
  /** Where it was asked for, or is not as usual. */
  declare readonly localNetworks: pulumi.Output<string[] | undefined>;
  /** Whether the route is there, and the rule that leads to it. */
  declare readonly live: pulumi.Output<boolean>;
  /** Whether the network configuration of the host has it as it should be. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: ReturnRouteArgs, opts?: pulumi.CustomResourceOptions) {
    const record = ["mode", "address", "gateway", "device", "table", "priority", "localNetworks", "live", "boot"];
    super("ReturnRoute", name, args, ["key", "commands", ...record], opts);
  }
}
