import { z } from "zod";
import { oneOf, whole, yesNo } from "../../model/fields";
import { settingsOutput, tuningFields } from "../../model/sysctl/setting";
import { findEncapsulation, type Tunnel } from "./encapsulations";
import { tunSettings } from "./sysctls";

/** The receiving end of a tunnel on a real server. */
export interface Tun extends Tunnel {
  /** gue only: the UDP port. */
  readonly port?: number | undefined;
  /** Sysctl key → value. */
  readonly settings: Readonly<Record<string, number>>;
  /** The module is loaded, the device is up, the port is open. */
  readonly live: boolean;
  /** Persisted: the next boot restores all of it. */
  readonly boot: boolean;
}

export interface WantedTun extends Tun {
  readonly sameSubnetAsVip: boolean;
}

/** The user's arguments. `settings` follows from the others. */
export const tunSchema = z
  .strictObject({
    type: oneOf("ipip", "gre", "gue").default("ipip"),
    encapsulates: oneOf("4in4", "6in4", "6in6").default("4in4"),
    port: whole(1, 65535).optional(),
    sameSubnetAsVip: yesNo.default(false),
    live: z.literal(true, { error: "is an output: whether the tunnel is up" }).default(true),
    ...tuningFields,
  })
  .transform((args, ctx): WantedTun => {
    const { port, encapsulates, settings, ...rest } = args;
    const refuse = (property: keyof typeof args, message: string) =>
      ctx.addIssue({ code: "custom", path: [property], message, input: args[property] });
    if (args.type === "gue" && port === undefined) {
      refuse("port", "is needed for gue: the tunnelPort of the director's rule, such as 6080");
    }
    if (args.type !== "gue" && port !== undefined) refuse("port", `is for gue only: ${args.type} has no ports`);
    const tun = { ...rest, ...(encapsulates !== "4in4" && { encapsulates }), ...(port !== undefined && { port }) };
    if (findEncapsulation(tun) === undefined) {
      refuse(
        "encapsulates",
        `cannot be "${encapsulates}" with ${args.type}: ipip has all three, gre "4in4" and "6in4", gue "4in4"`,
      );
      return z.NEVER;
    }
    if (encapsulates !== "4in4" && args.sameSubnetAsVip) {
      refuse("sameSubnetAsVip", "concerns ARP, which IPv6 does not use: leave it out");
    }
    return {
      ...tun,
      settings: settingsOutput(tunSettings(tun), settings, ctx, "type, encapsulates and sameSubnetAsVip"),
    };
  });
