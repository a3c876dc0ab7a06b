import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "../../resources/args/connection";
import type { DrainArgs, ServerArgs } from "../../resources/args/server";
import type { ClusterTransforms } from "../transform";
import type { ClusterArgs, InternalArgs, ReturnRouteSettings, ServiceSettings } from "./args";
import type { FailoverArgs, SyncArgs } from "./failover/args";

export type Forwarding = "direct" | "masquerade" | "tunnel";

/** A VIP. */
export interface Vip {
  /** IPv6 as RFC 5952 writes it. */
  readonly ip: string;
  readonly family: "ipv4" | "ipv6";
  /** For names of children: without colons. */
  readonly word: string;
}

/** One service. Every director has it. */
export interface Service {
  readonly vip: Vip;
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly port: number;
  /** `192.168.4.5:80` */
  readonly address: string;
  readonly serverPort: pulumi.Input<number> | undefined;
  readonly settings: ServiceSettings;
}

export interface Director {
  readonly name: string;
  readonly host: pulumi.Input<Host>;
  readonly device: pulumi.Input<string>;
  readonly vips: readonly Vip[];
  readonly internal: InternalArgs | undefined;
}

export interface Server {
  readonly name: string;
  readonly host: pulumi.Input<Host>;
  readonly address: pulumi.Input<string>;
  readonly address6: pulumi.Input<string>;
  /** undefined: the device that its forwarding method needs. */
  readonly device: pulumi.Input<string> | undefined;
  readonly forwarding: Forwarding;
  readonly sameSubnetAsVip: pulumi.Input<boolean>;
  readonly returnRoute: ReturnRouteSettings | undefined;
  /** The settings of the director's rule. */
  readonly settings: ServerArgs;
}

/** A cluster's arguments, with defaults filled in. */
export interface ClusterPlan {
  readonly vips: readonly Vip[];
  readonly services: readonly Service[];
  readonly directors: readonly Director[];
  readonly servers: readonly Server[];
  readonly drain: DrainArgs;
  readonly ipvs: ClusterArgs["ipvs"];
  readonly failover: FailoverArgs | undefined;
  readonly sync: SyncArgs | undefined;
  readonly boot: pulumi.Input<boolean>;
  readonly granularity: "service" | "server";
  readonly transform: ClusterTransforms;
}

/** The families of the VIPs, IPv4 first. */
export function familiesIn({ vips }: Pick<ClusterPlan, "vips">): ("ipv4" | "ipv6")[] {
  return [...new Set(vips.map(({ family }) => family))].sort();
}
