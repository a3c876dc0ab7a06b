import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/kernel-tuning/properties";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `NatKernelTuning`. */
export interface NatKernelTuningArgs {
  /** The director. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The NICs that lead to the real servers, such as `["eth1"]`: one at least. A change replaces the resource. */
  devices: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * What the director forwards: `["ipv4"]`, `["ipv6"]` or both. IPv6 is refused on a host with a default gateway that a router
   * advertises, unless `accept_ra` is 2 there, because the kernel would drop the gateway. In place. @default ["ipv4"]
   */
  families?: pulumi.Input<pulumi.Input<"ipv4" | "ipv6">[]>;
  /**
   * Sysctl `rp_filter`, the check of source addresses, on these NICs: 0 none, 1 strict, 2 loose. The kernel uses the greater of this
   * and the value of `all`, which stays as it is. IPv4 only. In place. @default left as it is
   */
  rpFilter?: pulumi.Input<0 | 1 | 2>;
  /** Keep the settings across a reboot, in /etc/sysctl.d. In place. @default true */
  boot?: pulumi.Input<boolean>;
}

/**
 * Makes a director the router that NAT (`forwarding: "masquerade"`) needs: sysctl `ip_forward` 1, and `send_redirects` 0 on `all`,
 * `default` and the named NICs; for IPv6 `net.ipv6.conf.all.forwarding` 1. **From then on the machine forwards packets between all
 * of its NICs**: restrict that in its firewall. Create it before real servers send their replies through the director. A destroy
 * restores the original values, also of the settings that the kernel changes together with `ip_forward`, unless somebody changed
 * them or another resource needs them.
 *
 * ```ts
 * const tuning = new lvs.NatKernelTuning("director1", { host: "director1", devices: ["eth1"] });
 * ```
 */
export class NatKernelTuning extends HostResource {
  static readonly __pulumiType = typeToken("NatKernelTuning");

  /** The NICs that lead to the real servers. */
  declare readonly devices: pulumi.Output<string[]>;
  /** What the director forwards. Absent: IPv4. */
  declare readonly families: pulumi.Output<("ipv4" | "ipv6")[] | undefined>;
  /** `rp_filter` of the NICs. Absent: not declared. */
  declare readonly rpFilter: pulumi.Output<0 | 1 | 2 | undefined>;
  /** Each sysctl and its live value. */
  declare readonly settings: pulumi.Output<Record<string, number>>;
  /** Whether /etc/sysctl.d has the settings as declared. With `boot: false`: whether it still has some of them. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: NatKernelTuningArgs, opts?: pulumi.CustomResourceOptions) {
    super("NatKernelTuning", name, args, [...OBSERVED, "families", "rpFilter"], opts);
  }
}
