import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";

export interface TunKernelTuningArgs {
  /** The real server. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The envelope, as in the `tunnel` of the director's rule. A change replaces the resource. @default "ipip" */
  type?: pulumi.Input<"ipip" | "gre" | "gue">;
  /**
   * What is in what: the family of the VIP, in that of the real server's address. 6in4 with ipip and gre, 6in6 with ipip. A change
   * replaces the resource. @default "4in4"
   */
  encapsulates?: pulumi.Input<"4in4" | "6in4" | "6in6">;
  /** gue: the UDP port, as in the director's rule, 1 to 65535. A change replaces the resource. */
  port?: pulumi.Input<number>;
  /**
   * The host has a NIC in the network of the VIP, so it must not answer ARP for it: sets what `DrKernelTuning` sets, too.
   * IPv4 only. In place. @default false
   */
  sameSubnetAsVip?: pulumi.Input<boolean>;
  /** Bring it up at boot, by a unit of systemd. In place. @default true */
  boot?: pulumi.Input<boolean>;
}

/**
 * What lets a real server take packets out of the tunnel in which a director sends them (`forwarding: "tunnel"`): the kernel
 * module, its device (`tunl0`, `gre0`, `sit0` or `ip6tnl0`) up, and `rp_filter` 2 on it, which takes the VIP on the device, too. An
 * IPv6 VIP may be on `lo`. Comes before the VIP, goes after it.
 *
 * ```ts
 * const tuning = new lvs.TunKernelTuning("web3", { host: "web3" });
 * const on = { host: "web3", role: "realServer", address: "192.168.4.5", device: "tunl0" } as const;
 * new lvs.VipAlias("vip-web3", on, { dependsOn: tuning });
 * ```
 */
export class TunKernelTuning extends HostResource {
  static readonly __pulumiType = typeToken("TunKernelTuning");

  /** Who this is on the host: `ipip`, `ipip 6in6`, `gue 6080`. */
  declare readonly key: pulumi.Output<string>;
  /** What the host is told. */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  declare readonly type: pulumi.Output<"ipip" | "gre" | "gue">;
  declare readonly encapsulates: pulumi.Output<"6in4" | "6in6" | undefined>;
  declare readonly port: pulumi.Output<number | undefined>;
  declare readonly sameSubnetAsVip: pulumi.Output<boolean | undefined>;
  /** Each sysctl and its live value. */
  declare readonly settings: pulumi.Output<Record<string, number>>;
  /** Whether the device is up, and the port open. */
  declare readonly live: pulumi.Output<boolean>;
  /** Whether the next boot brings all of it. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: TunKernelTuningArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = ["key", "commands", "type", "encapsulates", "port", "sameSubnetAsVip", "settings", "live", "boot"];
    super("TunKernelTuning", name, args, outputs, opts);
  }
}
