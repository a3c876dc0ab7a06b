import { z } from "zod";
import { oneOf, whole } from "../../model/fields";
import { type Setting, settled, tuningFields } from "../../model/sysctl/setting";

export type TunnelType = "ipip" | "gre" | "gue";

/** The family of the packets, in that of the envelope: of the VIP, in that of the real server's address. */
export type Encapsulates = "4in4" | "6in4" | "6in6";

/** How the packets of a director that tunnels get out of their envelope, as a host tells it. */
export interface Tun {
  readonly type: TunnelType;
  /** Absent: IPv4 in IPv4. */
  readonly encapsulates?: Exclude<Encapsulates, "4in4"> | undefined;
  /** gue only: the UDP port. */
  readonly port?: number | undefined;
  /** Each sysctl with its value. */
  readonly settings: Readonly<Record<string, number>>;
  /** The module is loaded, the device is up, the port is open. */
  readonly live: boolean;
  /** All of it comes back at boot. */
  readonly boot: boolean;
}

export interface WantedTun extends Tun {
  readonly sameSubnetAsVip: boolean;
}

export type TunTable = (tun: Pick<WantedTun, "type" | "encapsulates" | "sameSubnetAsVip">) => readonly Setting[];

/** What the user says; `settings` is filled in from the table. */
export function tunSchema(table: TunTable) {
  return z
    .strictObject({
      type: oneOf("ipip", "gre", "gue").default("ipip"),
      encapsulates: oneOf("4in4", "6in4", "6in6").default("4in4"),
      port: whole(1, 65535).optional(),
      sameSubnetAsVip: z.boolean({ error: "must be true or false" }).default(false),
      /** Always wanted; on a host it may be otherwise. */
      live: z.literal(true, { error: "is an output: whether the tunnel is up" }).default(true),
      ...tuningFields,
    })
    .transform((said, ctx): WantedTun => {
      const { port, encapsulates, settings: saidSettings, ...rest } = said;
      const refuse = (property: keyof typeof said, message: string) =>
        ctx.addIssue({ code: "custom", path: [property], message, input: said[property] });
      if (said.type === "gue" && port === undefined) {
        refuse("port", "is needed for gue: the tunnelPort of the director's rule, such as 6080");
      }
      if (said.type !== "gue" && port !== undefined) refuse("port", `is for gue only: ${said.type} has no ports`);
      const tun = { ...rest, ...(encapsulates !== "4in4" && { encapsulates }), ...(port !== undefined && { port }) };
      if (ENVELOPES[wordOf(tun)] === undefined) {
        refuse(
          "encapsulates",
          `cannot be "${encapsulates}" with ${said.type}: ipip has all three, gre "6in4", gue IPv4 alone`,
        );
        return z.NEVER;
      }
      if (encapsulates !== "4in4" && said.sameSubnetAsVip) {
        refuse("sameSubnetAsVip", "is about ARP, which IPv6 does not have: leave it out");
      }
      return { ...tun, settings: settled(table(tun), saidSettings, ctx, "type, encapsulates and sameSubnetAsVip") };
    });
}

/** What takes packets out of one kind of envelope. */
export interface Encapsulation {
  /** It comes with the first of the modules, and takes what comes from anybody. */
  readonly device: string;
  readonly modules: readonly [string, ...string[]];
  /** What that module can make, beside this one device, as `ip link` calls them. */
  readonly kinds: readonly string[];
}

export function encapsulationOf(tun: Pick<Tun, "type" | "encapsulates">): Encapsulation {
  const envelope = ENVELOPES[wordOf(tun)];
  if (envelope === undefined) throw new Error(`no such envelope: ${wordOf(tun)}`);
  return envelope;
}

/** All devices that this is about. */
export const tunnelDevices = (): string[] => [...new Set(Object.values(ENVELOPES).map(({ device }) => device))];

const GRE: Encapsulation = { device: "gre0", modules: ["ip_gre"], kinds: ["gre", "gretap", "erspan"] };

/** gre0 does not ask what is inside; the others have a device for each family. */
const ENVELOPES: Readonly<Record<string, Encapsulation>> = {
  ipip: { device: "tunl0", modules: ["ipip"], kinds: ["ipip"] },
  "ipip 6in4": { device: "sit0", modules: ["sit"], kinds: ["sit"] },
  "ipip 6in6": { device: "ip6tnl0", modules: ["ip6_tunnel"], kinds: ["ip6tnl"] },
  gre: GRE,
  "gre 6in4": GRE,
  gue: { device: "tunl0", modules: ["ipip", "fou"], kinds: ["ipip"] },
};

function wordOf({ type, encapsulates }: Pick<Tun, "type" | "encapsulates">): string {
  return encapsulates === undefined ? type : `${type} ${encapsulates}`;
}
