import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "./connection";
import { HostResource, typeToken } from "./host-resource";
import type { DrainArgs, ServerArgs, TunnelArgs } from "./server-args";
import type { VirtualService } from "./virtual-service";

export interface RealServerArgs extends ServerArgs {
  /** The director. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The virtual service, or its key (`"tcp 192.0.2.10:80"`, `"fwmark 7"`). A change replaces the resource. */
  service: VirtualService | pulumi.Input<string>;
  /** Address of the real server, with a port or with the service's own: `"192.168.2.100"`. A change replaces the resource. */
  address: pulumi.Input<string>;
  /** What happens before it is removed. @default removed at once */
  drain?: pulumi.Input<DrainArgs>;
  /** Keep the rule across a reboot, in the host's own rules file. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** Whose way of loading rules at boot the host has, where it cannot be told by looking. @default asked of the host */
  rulesLoader?: pulumi.Input<"debian" | "rhel">;
}

/**
 * One real server behind a virtual service, as a resource of its own. For many servers, `realServers` of `VirtualService` is
 * faster: the engine's cost is by resource.
 *
 * ```ts
 * new lvs.RealServer("web1", { host: "director1", service: web, address: "192.168.4.100", weight: 2 });
 * ```
 */
export class RealServer extends HostResource {
  static readonly __pulumiType = typeToken("RealServer");

  /** Who this is on the director: `tcp 192.0.2.10:80 -> 10.0.0.11:80`. */
  declare readonly key: pulumi.Output<string>;
  /** What the director is told: `-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 100`. */
  declare readonly commands: pulumi.Output<string[]>;
  declare readonly host: pulumi.Output<Host>;
  declare readonly service: pulumi.Output<string>;
  /** Always with the port. */
  declare readonly address: pulumi.Output<string>;
  declare readonly forwarding: pulumi.Output<"direct" | "masquerade" | "tunnel">;
  declare readonly weight: pulumi.Output<number>;
  declare readonly upperThreshold: pulumi.Output<number>;
  declare readonly lowerThreshold: pulumi.Output<number>;
  declare readonly tunnel: pulumi.Output<TunnelArgs | undefined>;
  /** Whether the rules file of the host has this server as it should be. */
  declare readonly boot: pulumi.Output<boolean>;
  /** Whether the kernel has it. false: only the rules file has it, and the next boot would add it. */
  declare readonly live: pulumi.Output<boolean>;

  constructor(name: string, args: RealServerArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...args, service: keyOf(args.service) };
    super("RealServer", name, props, OUTPUTS, opts);
  }
}

const OUTPUTS = [
  "key",
  "commands",
  "service",
  "address",
  "forwarding",
  "weight",
  "upperThreshold",
  "lowerThreshold",
  "tunnel",
  "boot",
  "live",
] as const;

function keyOf(service: VirtualService | pulumi.Input<string>): pulumi.Input<string> {
  return typeof service === "object" && "key" in service ? service.key : service;
}
