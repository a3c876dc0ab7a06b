import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";

export interface DrKernelTuningArgs {
  /** The real server. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** NICs to set besides `all` and `lo`, such as `["eth0"]`. A change replaces the resource. @default none: `all` is enough */
  devices?: pulumi.Input<pulumi.Input<string>[]>;
  /** Keep the settings across a reboot, in /etc/sysctl.d. In place. @default true */
  boot?: pulumi.Input<boolean>;
}

/**
 * What keeps a real server from answering ARP for a VIP that it holds: `arp_ignore` 1 and `arp_announce` 2. Comes before the
 * VIP, goes after it. A destroy puts the previous values back, unless somebody changed or still needs them.
 *
 * ```ts
 * const tuning = new lvs.DrKernelTuning("web1", { host: "web1" });
 * ```
 */
export class DrKernelTuning extends HostResource {
  static readonly __pulumiType = typeToken("DrKernelTuning");

  /** Who this is on the host. */
  declare readonly key: pulumi.Output<string>;
  /** What the host is told. */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  declare readonly devices: pulumi.Output<string[] | undefined>;
  /** Each sysctl and its live value. */
  declare readonly settings: pulumi.Output<Record<string, number>>;
  /** Whether /etc/sysctl.d has the settings as they should be. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: DrKernelTuningArgs, opts?: pulumi.CustomResourceOptions) {
    super("DrKernelTuning", name, args, ["key", "commands", "devices", "settings", "boot"], opts);
  }
}
