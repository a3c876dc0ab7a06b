import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "../../resources/connection";
import type { DrainArgs, ServerArgs } from "../../resources/server-args";
import type { ClusterTransforms } from "../transform";
import type { ClusterArgs, InternalArgs, ReturnRouteSettings, ServiceSettings } from "./args";

export type Forwarding = "direct" | "masquerade" | "tunnel";

/** An address that clients use. */
export interface Vip {
  /** In the one spelling that counts, RFC 5952 for IPv6. */
  readonly ip: string;
  readonly family: "ipv4" | "ipv6";
  /** As it stands in the names of children: no colon. */
  readonly word: string;
}

/** One service, the same on every director. */
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
  /** undefined: where its way of forwarding has it. */
  readonly device: pulumi.Input<string> | undefined;
  readonly forwarding: Forwarding;
  readonly sameSubnetAsVip: pulumi.Input<boolean>;
  readonly returnRoute: ReturnRouteSettings | undefined;
  /** What the director is told of it. */
  readonly settings: ServerArgs;
}

/** All that a cluster is, in one shape. */
export interface ClusterPlan {
  /** What messages call it: `DrCluster web`. */
  readonly called: string;
  readonly vips: readonly Vip[];
  readonly services: readonly Service[];
  readonly directors: readonly Director[];
  readonly servers: readonly Server[];
  readonly drain: DrainArgs;
  readonly ipvs: ClusterArgs["ipvs"];
  readonly boot: pulumi.Input<boolean>;
  readonly granularity: "service" | "server";
  readonly transform: ClusterTransforms;
}

/** The families of its VIPs, IPv4 first. */
export function familiesIn({ vips }: Pick<ClusterPlan, "vips">): ("ipv4" | "ipv6")[] {
  return [...new Set(vips.map(({ family }) => family))].sort();
}
