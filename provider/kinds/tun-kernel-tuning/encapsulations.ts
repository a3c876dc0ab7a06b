import { ownValue } from "../../model/own-value";
export type TunnelType = "ipip" | "gre" | "gue";

/** Address families of the inner packet (the VIP) and the outer one (the real server). */
export type Encapsulates = "4in4" | "6in4" | "6in6";

/** A sort of tunnel, of all that `ip link` and `ip fou` can make those that IPVS can send into. */
export interface Tunnel {
  readonly type: TunnelType;
  /** Absent: IPv4 in IPv4. */
  readonly encapsulates?: Exclude<Encapsulates, "4in4"> | undefined;
}

/** How a real server takes packets out of one sort of tunnel. */
export interface Encapsulation {
  /** The device that comes with the first module; it accepts packets from any sender. */
  readonly device: string;
  readonly modules: readonly [string, ...string[]];
  /** The types of devices, as `ip link` names them, that depend on the first module. */
  readonly kinds: readonly string[];
}

/** Throws where there is none: the schema has refused such a tunnel. */
export function encapsulationOf(tunnel: Tunnel): Encapsulation {
  const found = findEncapsulation(tunnel);
  if (found === undefined) throw new Error(`the schema accepted "${nameOf(tunnel)}", which no kernel has`);
  return found;
}

/** Undefined: the kernel has no such combination. */
export function findEncapsulation(tunnel: Tunnel): Encapsulation | undefined {
  return ownValue(ENCAPSULATIONS, nameOf(tunnel));
}

/** Every device in the table. */
export const tunnelDevices = (): string[] => [...new Set(Object.values(ENCAPSULATIONS).map(({ device }) => device))];

const GRE: Encapsulation = { device: "gre0", modules: ["ip_gre"], kinds: ["gre", "gretap", "erspan"] };

/** gre0 takes packets of both families; the other types have a device for each. */
const ENCAPSULATIONS: Readonly<Record<string, Encapsulation>> = {
  ipip: { device: "tunl0", modules: ["ipip"], kinds: ["ipip"] },
  "ipip 6in4": { device: "sit0", modules: ["sit"], kinds: ["sit"] },
  "ipip 6in6": { device: "ip6tnl0", modules: ["ip6_tunnel"], kinds: ["ip6tnl"] },
  gre: GRE,
  "gre 6in4": GRE,
  gue: { device: "tunl0", modules: ["ipip", "fou"], kinds: ["ipip"] },
};

function nameOf({ type, encapsulates }: Tunnel): string {
  return encapsulates === undefined ? type : `${type} ${encapsulates}`;
}
