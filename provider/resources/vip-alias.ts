import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";

export interface VipAliasArgs {
  /** The host that gets the address. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /**
   * director: the address answers ARP, on a NIC, and its neighbours are told at once.
   * realServer: the address is accepted and never answers ARP: on lo or a dummy, /32 or /128, after `DrKernelTuning`.
   * A change replaces the resource.
   */
  role: pulumi.Input<"director" | "realServer">;
  /** The VIP, with a prefix or without: `"192.168.4.5"`, `"2001:db8::5/128"`. A change of the address replaces the resource. @default /32, /128 */
  address: pulumi.Input<string>;
  /** The network interface. A change replaces the resource. @default "lo" for a real server; a director must name one */
  device?: pulumi.Input<string>;
  /** IPv4: the label, at most 15 characters, `eth0:0`. Also names `ifcfg-eth0:0`. NetworkManager puts it up without one at boot. In place. @default the device and ":0" */
  label?: pulumi.Input<string>;
  /** Keep the address across a reboot, in the host's own network configuration. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** Whose configuration to write, where it cannot be told by looking at the host. @default asked of the host */
  networkManager?: pulumi.Input<"ifcfg" | "ifupdown" | "networkd" | "netplan" | "networkmanager">;
  /** Tell the neighbours (gratuitous ARP) when a director's address comes up. @default true */
  gratuitousArp?: pulumi.Input<boolean>;
}

/**
 * The virtual address on one host: live by `ip addr`, at boot by the host's own network configuration. Nothing is restarted, no
 * other address is touched.
 *
 * ```ts
 * new lvs.VipAlias("vip", { host: "director1", role: "director", address: "192.168.4.5", device: "eth0", label: "eth0:0" });
 * new lvs.VipAlias("vip-web1", { host: "web1", role: "realServer", address: "192.168.4.5" }, { dependsOn: tuning });
 * ```
 */
export class VipAlias extends HostResource {
  static readonly __pulumiType = typeToken("VipAlias");

  /** Who this is on the host: `192.168.4.5 on eth0`. */
  declare readonly key: pulumi.Output<string>;
  /** What the host is told. */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  declare readonly role: pulumi.Output<"director" | "realServer">;
  /** With its prefix. */
  declare readonly address: pulumi.Output<string>;
  declare readonly device: pulumi.Output<string>;
  declare readonly label: pulumi.Output<string | undefined>;
  /** Whether the address is up. */
  declare readonly live: pulumi.Output<boolean>;
  /** Whether the network configuration of the host has the address as it should be. */
  declare readonly boot: pulumi.Output<boolean>;
  /** Only where the host has a file for this address that says something else. */
  declare readonly bootFile: pulumi.Output<"differs" | undefined>;

  constructor(name: string, args: VipAliasArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "VipAlias",
      name,
      args,
      ["key", "commands", "role", "address", "device", "label", "live", "boot", "bootFile"],
      opts,
    );
  }
}
