import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/systemd-service/properties";
import type { Host } from "./args/connection";
import { HostResource, typeToken } from "./host-resource";

/** Arguments of `SystemdService`. */
export interface SystemdServiceArgs {
  /** The host. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The unit: `"nginx"`, `"nginx.service"`, `"rpcbind.socket"`. A change replaces the resource. */
  name: pulumi.Input<string>;
  /** Whether it runs: `systemctl start` or `stop`. In place. @default true; false for a masked unit */
  running?: pulumi.Input<boolean>;
  /** `systemctl enable`, `disable` or `mask`: whether the next boot starts it. In place. @default "enabled" */
  enabled?: pulumi.Input<"enabled" | "disabled" | "masked">;
  /**
   * Allows to stop, disable or mask sshd, or the network manager that maintains the address of our own SSH session. Otherwise that is
   * an error. @default false
   */
  allowCuttingOff?: pulumi.Input<boolean>;
}

/**
 * A unit of systemd, now and at boot. A destroy restores its original state.
 *
 * ```ts
 * new lvs.SystemdService("nginx", { host: "web1", name: "nginx" }, { dependsOn: mount });
 * new lvs.SystemdService("nm-off", { host: "web1", name: "NetworkManager", running: false, enabled: "disabled" });
 * ```
 */
export class SystemdService extends HostResource {
  static readonly __pulumiType = typeToken("SystemdService");

  /** The unit, with its suffix. */
  declare readonly name: pulumi.Output<string>;
  /** Whether it runs. */
  declare readonly running: pulumi.Output<boolean>;
  /** `systemctl is-enabled`: `"enabled"`, `"disabled"`, `"masked"` or another word of systemd. */
  declare readonly enabled: pulumi.Output<string>;
  /** The original state, which a destroy restores. */
  declare readonly before: pulumi.Output<{ running: boolean; enabled: string } | undefined>;

  constructor(name: string, args: SystemdServiceArgs, opts?: pulumi.CustomResourceOptions) {
    super("SystemdService", name, args, OBSERVED, opts);
  }
}
