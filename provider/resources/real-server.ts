import type * as pulumi from "@pulumi/pulumi";
import { OBSERVED } from "../kinds/real-server/properties";
import type { Host } from "./args/connection";
import type { DrainArgs, ServerArgs, TunnelArgs } from "./args/server";
import { HostResource, typeToken } from "./host-resource";
import type { VirtualService } from "./virtual-service";

/** Arguments of `RealServer`. */
export interface RealServerArgs extends ServerArgs {
  /** The director. A change replaces the resource. */
  host: pulumi.Input<Host>;
  /** The virtual service, or its key (`"tcp 192.0.2.10:80"`, `"fwmark 7"`). A change replaces the resource. */
  service: VirtualService | pulumi.Input<string>;
  /** Address of the real server, with a port or, without one, the service's: `"192.168.2.100"`. A change replaces the resource. */
  address: pulumi.Input<string>;
  /** How connections end before the server is removed. @default removed at once */
  drain?: pulumi.Input<DrainArgs>;
  /** Keep the rule across a reboot, in the host's own rules file. In place. @default true */
  boot?: pulumi.Input<boolean>;
  /** What loads rules at boot, where the host does not show it. In place. @default detected on the host */
  rulesLoader?: pulumi.Input<"debian" | "rhel">;
}

/**
 * One real server of a virtual service, as a resource of its own. For many servers, `realServers` of `VirtualService` is faster,
 * because Pulumi's work grows with the number of resources.
 *
 * ```ts
 * new lvs.RealServer("web1", { host: "director1", service: web, address: "192.168.4.100", weight: 2 });
 * ```
 */
export class RealServer extends HostResource {
  static readonly __pulumiType = typeToken("RealServer");

  /** The key of the virtual service: `tcp 192.0.2.10:80`. */
  declare readonly service: pulumi.Output<string>;
  /** Address and port. */
  declare readonly address: pulumi.Output<string>;
  /** The forwarding method. */
  declare readonly forwarding: pulumi.Output<"direct" | "masquerade" | "tunnel">;
  /** The weight in the kernel. */
  declare readonly weight: pulumi.Output<number>;
  /** The number of connections above which it gets no new ones. 0: no limit. */
  declare readonly upperThreshold: pulumi.Output<number>;
  /** The number of connections below which it gets new ones again. */
  declare readonly lowerThreshold: pulumi.Output<number>;
  /** The encapsulation, with `forwarding: "tunnel"`. */
  declare readonly tunnel: pulumi.Output<TunnelArgs | undefined>;
  /** Whether the host's rules file is as declared. With `boot: false`: whether it still has this server. */
  declare readonly boot: pulumi.Output<boolean>;
  /** Whether the kernel has it. false: only the rules file has it, and the next boot would add it. */
  declare readonly live: pulumi.Output<boolean>;

  constructor(name: string, args: RealServerArgs, opts?: pulumi.CustomResourceOptions) {
    const props = { ...args, service: keyOf(args.service) };
    super("RealServer", name, props, OBSERVED, opts);
  }
}

function keyOf(service: VirtualService | pulumi.Input<string>): pulumi.Input<string> {
  return typeof service === "object" && "key" in service ? service.key : service;
}
