import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/tun-kernel-tuning/properties";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `TunKernelTuning`. */
export interface TunKernelTuningArgs {
  /** The real server. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The encapsulation, as in the `tunnel` of the director's real server. A change replaces the resource. @default "ipip" */
  type?: pulumi.Input<"ipip" | "gre" | "gue">;
  /**
   * Which family is inside which: the family of the VIP, in that of the real server's address. `6in4` works with ipip and gre, `6in6`
   * with ipip; other combinations are refused. A change replaces the resource. @default "4in4"
   */
  encapsulates?: pulumi.Input<"4in4" | "6in4" | "6in6">;
  /** gue: the UDP port, as in the director's real server, 1 to 65535. A change replaces the resource. @default none; gue needs one */
  port?: pulumi.Input<number>;
  /**
   * Whether the host has a NIC in the subnet of the VIP. Then it must not answer ARP for the VIP, so the settings of `DrKernelTuning`
   * are set, too. IPv4 only. In place. @default false
   */
  sameSubnetAsVip?: pulumi.Input<boolean>;
  /** Set all of it at boot, by a systemd unit. In place. @default true */
  boot?: pulumi.Input<boolean>;
}

/**
 * Lets a real server accept the encapsulated packets of a director (`forwarding: "tunnel"`): loads the kernel module, brings its device
 * (`tunl0`, `gre0`, `sit0` or `ip6tnl0`) up and sets `rp_filter` 2 on it. With that setting the kernel only accepts the packets if
 * the device has the VIP; an IPv6 VIP may be on `lo`. Create it before the VIP (`dependsOn`). A destroy restores the original state.
 *
 * ```ts
 * const tuning = new lvs.TunKernelTuning("web3", { host: "web3" });
 * const on = { host: "web3", role: "realServer", address: "192.168.4.5", device: "tunl0" } as const;
 * new lvs.VipAlias("vip-web3", on, { dependsOn: tuning });
 * ```
 */
export class TunKernelTuning extends HostResource {
  static readonly __pulumiType = typeToken("TunKernelTuning");

  /** The encapsulation. */
  declare readonly type: pulumi.Output<"ipip" | "gre" | "gue">;
  /** Which family is inside which. Absent: `4in4`. */
  declare readonly encapsulates: pulumi.Output<"6in4" | "6in6" | undefined>;
  /** The UDP port of gue. */
  declare readonly port: pulumi.Output<number | undefined>;
  /** Whether the ARP settings are declared, too. */
  declare readonly sameSubnetAsVip: pulumi.Output<boolean | undefined>;
  /** Each sysctl and its live value. */
  declare readonly settings: pulumi.Output<Record<string, number>>;
  /** Whether the device is up, and the port of gue open. */
  declare readonly live: pulumi.Output<boolean>;
  /** Whether the next boot does all of it as declared. With `boot: false`: whether it still does some of it. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: TunKernelTuningArgs, opts?: pulumi.CustomResourceOptions) {
    super("TunKernelTuning", name, args, [...OBSERVED, "sameSubnetAsVip"], opts);
  }
}
