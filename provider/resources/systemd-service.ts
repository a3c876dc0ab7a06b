import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";

export interface SystemdServiceArgs {
  /** The host. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The unit: `"nginx"`, `"nginx.service"`, `"rpcbind.socket"`. A change replaces the resource. */
  name: pulumi.Input<string>;
  /** Whether it runs. In place: `systemctl start` or `stop`. @default true, or false for a masked one */
  running?: pulumi.Input<boolean>;
  /** What the next boot does: start it, not start it, or let nobody start it. In place. @default "enabled" */
  enabled?: pulumi.Input<"enabled" | "disabled" | "masked">;
  /**
   * Stop, disable or mask it although it is sshd, or the network manager that keeps up the address of our own SSH session.
   * @default false
   */
  allowCuttingOff?: pulumi.Input<boolean>;
}

/**
 * A unit of systemd, now and at boot. A destroy puts back how it was before the first run.
 *
 * ```ts
 * new lvs.SystemdService("nginx", { host: "web1", name: "nginx" }, { dependsOn: mount });
 * new lvs.SystemdService("nm-off", { host: "web1", name: "NetworkManager", running: false, enabled: "disabled" });
 * ```
 */
export class SystemdService extends HostResource {
  static readonly __pulumiType = typeToken("SystemdService");

  /** Who this is on the host: the unit's name. */
  declare readonly key: pulumi.Output<string>;
  /** What the host is told. */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  /** With its suffix. */
  declare readonly name: pulumi.Output<string>;
  declare readonly running: pulumi.Output<boolean>;
  declare readonly enabled: pulumi.Output<string>;
  /** How it was before the first run: what a destroy puts back. */
  declare readonly before: pulumi.Output<{ running: boolean; enabled: string } | undefined>;

  constructor(name: string, args: SystemdServiceArgs, opts?: pulumi.CustomResourceOptions) {
    super("SystemdService", name, args, ["key", "commands", "name", "running", "enabled", "before"], opts);
  }
}
