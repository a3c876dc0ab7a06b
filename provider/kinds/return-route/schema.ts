import ipaddr from "ipaddr.js";
import { z } from "zod";
import { checkedBy, compact, oneOf, whole, yesNo } from "../../model/fields";
import { canonicalAddress, familyOf, refuseUnusable } from "../../model/network/address";
import { device } from "../../model/network/device";
import { type NetworkManagerName, networkManagerName } from "../../model/network/manager-name";
import { networkOf } from "../../model/network/subnet";

/** The observable state of a return route. Properties that the host does not have are absent. */
export interface ReturnRoute {
  readonly mode: "policy" | "default";
  /** policy: the real server's own address. */
  readonly address?: string;
  readonly gateway?: string;
  readonly device?: string;
  /** policy: the routing table, and the priority of the rule that selects it. */
  readonly table?: number;
  readonly priority?: number;
  /** policy: networks that replies reach without the gateway. Absent: the network of the address. */
  readonly localNetworks?: readonly string[];
  /** Whether the route exists, and the rule that selects its table. */
  readonly live: boolean;
  readonly boot: boolean;
}

export interface WantedReturnRoute extends ReturnRoute {
  readonly gateway: string;
  readonly device: string;
  readonly networkManager?: NetworkManagerName;
}

/** A desired route of mode "policy", with the properties that this mode always has. */
export interface PolicyRoute extends WantedReturnRoute {
  readonly mode: "policy";
  readonly address: string;
  readonly table: number;
  readonly priority: number;
}

export function isPolicy(want: WantedReturnRoute): want is PolicyRoute {
  return want.mode === "policy";
}

const DEFAULT_PRIORITY = 20000;

const fields = z.strictObject({
  mode: oneOf("policy", "default").default("policy"),
  address: z
    .string({ error: 'must be an IP address, such as "192.168.2.100"' })
    .transform(checkedBy(oneAddress))
    .optional(),
  gateway: z
    .string({ error: "is needed: the director's address on the real server's network, such as \"192.168.2.2\"" })
    .transform(checkedBy(oneAddress)),
  device,
  table: whole(1, 4294967295)
    .refine((table) => table < 253 || table > 255, {
      error: "must not be 253, 254 or 255, which the kernel uses itself",
    })
    .optional(),
  priority: whole(1, 32765).optional(),
  localNetworks: z
    .array(z.string({ error: 'must be a network, such as "192.168.2.0/24"' }).transform(network), {
      error: 'must be a list of networks, such as ["192.168.2.0/24"]',
    })
    .optional(),
  /** The desired value is always true; the observed one may be false. */
  live: z.literal(true, { error: "is an output: whether the route is there" }).default(true),
  boot: yesNo.default(true),
  networkManager: networkManagerName.optional(),
});

export const returnRoute = fields.transform((input, ctx): WantedReturnRoute => {
  const refuse = (property: string, message: string) =>
    ctx.addIssue({ code: "custom", path: [property], message, input });
  const { address, localNetworks } = input;
  if (input.mode === "default") {
    for (const name of ["address", "table", "priority", "localNetworks"] as const) {
      if (input[name] !== undefined) refuse(name, 'is for mode "policy" only: a default gateway is for all addresses');
    }
    if (familyOf(input.gateway) === "ipv6")
      refuse("gateway", 'must be IPv4 in mode "default": IPv6 hosts learn their default gateway from routers');
    return compact(input);
  }
  if (address === undefined) {
    refuse("address", "is needed: the real server's own address, as in the director's rule, such as \"192.168.2.100\"");
    return z.NEVER;
  }
  if (familyOf(address) !== familyOf(input.gateway)) refuse("gateway", `must be of the same family as ${address}`);
  if (address === input.gateway) refuse("gateway", "must be the director's address, not the real server's own");
  const others = (localNetworks ?? []).filter((one) => familyOf(one) !== familyOf(address));
  if (others.length > 0) refuse("localNetworks", `must be of the same family as ${address}, not ${others.join(", ")}`);
  return compact({
    ...input,
    table: input.table ?? defaultTable(address),
    priority: input.priority ?? DEFAULT_PRIORITY,
    localNetworks: localNetworks && [...new Set(localNetworks)].sort(),
  });
});

/** A table number for each address, by its last two bytes: 20612 for 192.168.2.100. Above the small numbers that people choose. */
export function defaultTable(address: string): number {
  const bytes = ipaddr.parse(address).toByteArray();
  const [high = 0, low = 0] = bytes.slice(-2);
  return 20000 + high * 256 + low;
}

function oneAddress(text: string): string {
  const address = canonicalAddress(text);
  refuseUnusable(address);
  return address;
}

function network(text: string, ctx: z.RefinementCtx): string {
  const [address = "", prefix = ""] = text.split("/");
  const canonical =
    /^\d{1,3}$/.test(prefix) && ipaddr.isValidCIDR(text) ? networkOf(address, Number(prefix)) : undefined;
  if (canonical === text) return text;
  const hint = canonical === undefined ? ', such as "192.168.2.0/24"' : `; write "${canonical}"`;
  ctx.addIssue({ code: "custom", message: `"${text}" is not a network${hint}`, input: text });
  return z.NEVER;
}
