import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/vip-alias/properties";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `VipAlias`. */
export interface VipAliasArgs {
  /** The host that gets the address. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /**
   * director: the address is on a NIC and answers ARP; a gratuitous ARP tells the neighbours at once.
   * realServer: the address is accepted and never answers ARP: on lo, a dummy or a tunnel device, /32 or /128, after
   * `DrKernelTuning` or `TunKernelTuning`. A change replaces the resource.
   */
  role: pulumi.Input<"director" | "realServer">;
  /**
   * The VIP, with or without a prefix: `"192.168.4.5"`, `"2001:db8::5/128"`. A change of the address replaces the resource; a change of
   * the prefix is in place. An address that our own SSH session uses is refused. @default /32, /128
   */
  address: pulumi.Input<string>;
  /** The NIC. A change replaces the resource. @default "lo" for a real server; required for a director */
  device?: pulumi.Input<string>;
  /**
   * IPv4: the label, such as `eth0:0`; at most 15 characters; `""` for none. With network-scripts it also names the file, `ifcfg-eth0:0`,
   * so there must be one. NetworkManager brings the address up without a label at boot. In place, except where routes of the host depend
   * on the address: then it keeps the label that it has.
   * @default the device and ":0", or the first free number where another address has that label; none where 15 characters are too few
   */
  label?: pulumi.Input<string>;
  /** Keep the address across a reboot, in the host's own network configuration. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** The network manager to configure, where the host does not show it. In place. @default detected on the host */
  networkManager?: pulumi.Input<"ifcfg" | "ifupdown" | "networkd" | "netplan" | "networkmanager">;
  /** Send gratuitous ARP when a director's address comes up. @default true */
  gratuitousArp?: pulumi.Input<boolean>;
  /**
   * Bring a director's address up although another host answers for it. Without it the NIC's network is asked first, by ARP or neighbour
   * discovery, for 1 s; an answer is an error with the card of that host. A host with a `VirtualService` of the same program, or
   * another director of `lvs:hosts`, is expected to answer: the VIP moves from there. In place. @default false
   */
  allowDuplicateAddress?: pulumi.Input<boolean>;
}

/**
 * The virtual address on one host: live by `ip addr`, at boot by the host's own network configuration. No service is restarted, and no
 * other address is changed.
 *
 * ```ts
 * new lvs.VipAlias("vip", { host: "director1", role: "director", address: "192.168.4.5", device: "eth0", label: "eth0:0" });
 * new lvs.VipAlias("vip-web1", { host: "web1", role: "realServer", address: "192.168.4.5" }, { dependsOn: tuning });
 * ```
 */
export class VipAlias extends HostResource {
  static readonly __pulumiType = typeToken("VipAlias");

  /** Whether the address answers ARP (director) or not (realServer). */
  declare readonly role: pulumi.Output<"director" | "realServer">;
  /** The VIP, with its prefix. */
  declare readonly address: pulumi.Output<string>;
  /** The NIC. */
  declare readonly device: pulumi.Output<string>;
  /** The label, for IPv4. An address without one has the name of its device here, as in the output of `ip addr`. */
  declare readonly label: pulumi.Output<string | undefined>;
  /**
   * Whether the address answers. A director's is not live where its NIC is down or has no carrier; a real server's is live as long as it is
   * there, because the kernel accepts its packets on any NIC.
   */
  declare readonly live: pulumi.Output<boolean>;
  /** Whether the host's network configuration is as declared. With `boot: false`: whether it still has the address. */
  declare readonly boot: pulumi.Output<boolean>;
  /** `"differs"` if the host has a file for this address with other contents, which is why `boot` is not as declared. */
  declare readonly bootFile: pulumi.Output<"differs" | undefined>;
  /**
   * `true` if the address was on the host before this resource, and routes or other addresses of the host depend on it: it keeps its label,
   * IPv6 its prefix, and a destroy leaves it.
   */
  declare readonly adopted: pulumi.Output<true | undefined>;
  /**
   * Further forms of the address that the interface had before, such as `192.168.4.5/24`: a destroy leaves them. Any other further form is
   * drift.
   */
  declare readonly otherForms: pulumi.Output<string[]>;

  constructor(name: string, args: VipAliasArgs, opts?: pulumi.CustomResourceOptions) {
    super("VipAlias", name, args, OBSERVED, opts);
  }
}
