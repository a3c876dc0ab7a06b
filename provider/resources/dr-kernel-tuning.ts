import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/kernel-tuning/properties";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `DrKernelTuning`. */
export interface DrKernelTuningArgs {
  /** The real server. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** NICs to set besides `all` and `lo`, such as `["eth0"]`. A change replaces the resource. @default none: `all` is enough */
  devices?: pulumi.Input<pulumi.Input<string>[]>;
  /** Keep the settings across a reboot, in /etc/sysctl.d. In place. @default true */
  boot?: pulumi.Input<boolean>;
}

/**
 * Keeps a real server from answering ARP for a VIP that it has: sysctls `arp_ignore` 1 and `arp_announce` 2. Create it before the
 * VIP (`dependsOn`). A destroy restores the original values, unless somebody changed them or another resource needs them.
 *
 * ```ts
 * const tuning = new lvs.DrKernelTuning("web1", { host: "web1" });
 * ```
 */
export class DrKernelTuning extends HostResource {
  static readonly __pulumiType = typeToken("DrKernelTuning");

  /** The NICs that are set besides `all` and `lo`. */
  declare readonly devices: pulumi.Output<string[] | undefined>;
  /** Each sysctl and its live value. */
  declare readonly settings: pulumi.Output<Record<string, number>>;
  /** Whether /etc/sysctl.d has the settings as declared. With `boot: false`: whether it still has some of them. */
  declare readonly boot: pulumi.Output<boolean>;

  constructor(name: string, args: DrKernelTuningArgs, opts?: pulumi.CustomResourceOptions) {
    super("DrKernelTuning", name, args, OBSERVED, opts);
  }
}
