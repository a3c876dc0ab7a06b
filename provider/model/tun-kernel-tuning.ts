import { z } from "zod";
import { oneOf, whole } from "./ipvs-number";
import { type Setting, settled, tuningFields } from "./tuning";

export type TunnelType = "ipip" | "gre" | "gue";

/** How the packets of a director that tunnels get out of their envelope, as a host tells it. */
export interface Tun {
  readonly type: TunnelType;
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
  readonly sharesNetwork: boolean;
}

export type TunTable = (tun: Pick<WantedTun, "type" | "sharesNetwork">) => readonly Setting[];

/** What the user says; `settings` is filled in from the table. */
export function tunSchema(table: TunTable) {
  return z
    .strictObject({
      type: oneOf("ipip", "gre", "gue").default("ipip"),
      port: whole(1, 65535).optional(),
      sharesNetwork: z.boolean({ error: "must be true or false" }).default(false),
      /** Always wanted; on a host it may be otherwise. */
      live: z.literal(true, { error: "is an output: whether the tunnel is up" }).default(true),
      ...tuningFields,
    })
    .transform((said, ctx): WantedTun => {
      const { port, ...rest } = said;
      const refuse = (message: string) => ctx.addIssue({ code: "custom", path: ["port"], message, input: port });
      if (said.type === "gue" && port === undefined) {
        refuse("is needed for gue: the tunnelPort of the director's rule, such as 6080");
      }
      if (said.type !== "gue" && port !== undefined) refuse(`is for gue only: ${said.type} has no ports`);
      const settings = settled(table(said), said.settings, ctx, "type and sharesNetwork");
      return { ...rest, ...(port !== undefined && { port }), settings };
    });
}

/** The device that the module brings along: it takes what comes from anybody. */
export function tunnelDevice(type: TunnelType): string {
  return type === "gre" ? "gre0" : "tunl0";
}
