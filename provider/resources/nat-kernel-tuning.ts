import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";

export interface NatKernelTuningArgs {
  /** The director. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The NICs that lead to the real servers, such as `["eth1"]`: one at least. A change replaces the resource. */
  devices: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * What it forwards: `["ipv4"]`, `["ipv6"]` or both. IPv6 is refused on a host whose default gateway is advertised by a router,
   * unless `accept_ra` is 2 there: the kernel would drop it. In place. @default ["ipv4"]
   */
  families?: pulumi.Input<pulumi.Input<"ipv4" | "ipv6">[]>;
  /**
   * The check of sources (`rp_filter`) on these NICs: 0 none, 1 strict, 2 loose. What counts is the greater of this and that of
   * `all`, which is not touched. IPv4 only. In place. @default left as it is
   */
  rpFilter?: pulumi.Input<0 | 1 | 2>;
  /** Keep the settings across a reboot, in /etc/sysctl.d. In place. @default true */
  boot?: pulumi.Input<boolean>;
}

/**
 * What makes a director the router that NAT (`forwarding: "masquerade"`) needs: `ip_forward` 1, and `send_redirects` 0 on
 * `all`, `default` and the NICs named; for IPv6 `net.ipv6.conf.all.forwarding` 1. **The machine forwards packets between all of its NICs from then on**: its firewall has
 * to say for whom. Comes before real servers send their replies this way. A destroy puts the previous values back, those
 * that the kernel changes along with `ip_forward` too, unless somebody changed or still needs them.
 *
 * ```ts
 * const tuning = new lvs.NatKernelTuning("director1", { host: "director1", devices: ["eth1"] });
 * ```
 */
export class NatKernelTuning extends HostResource {
  static readonly __pulumiType = typeToken("NatKernelTuning");

  /** Who this is on the host: the NICs. */
  declare readonly key: pulumi.Output<string>;
  /** What the host is told. */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  declare readonly devices: pulumi.Output<string[]>;
  declare readonly families: pulumi.Output<("ipv4" | "ipv6")[] | undefined>;
  declare readonly rpFilter: pulumi.Output<0 | 1 | 2 | undefined>;
  /** Each sysctl and its live value. */
  declare readonly settings: pulumi.Output<Record<string, number>>;
  /** Whether /etc/sysctl.d has the settings as they should be. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: NatKernelTuningArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = ["key", "commands", "devices", "families", "rpFilter", "settings", "boot"];
    super("NatKernelTuning", name, args, outputs, opts);
  }
}
