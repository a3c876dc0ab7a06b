import ipaddr from "ipaddr.js";
import { z } from "zod";
import { compact, oneOf, whole } from "../../model/fields";
import { canonicalAddress, familyOf, refuseUnusable } from "../../model/network/address";
import { device } from "../../model/network/device";
import { type NetworkName, networkName } from "../../model/network/manager-name";

/** The way back of a real server's replies, as a host tells it. What is not there is left out. */
export interface ReturnRoute {
  readonly mode: "policy" | "default";
  /** policy: the real server's own address. */
  readonly address?: string;
  readonly gateway?: string;
  readonly device?: string;
  /** policy: the routing table, and the place of the rule that leads to it. */
  readonly table?: number;
  readonly priority?: number;
  /** policy: networks that are answered directly. Absent: the one in which the address is. */
  readonly localNetworks?: readonly string[];
  /** The route is there, and the rule that leads to it. */
  readonly live: boolean;
  readonly boot: boolean;
}

export interface WantedReturnRoute extends ReturnRoute {
  readonly gateway: string;
  readonly device: string;
  readonly networkManager?: NetworkName;
}

/** policy: with all that goes with it. */
export interface PolicyRoute extends WantedReturnRoute {
  readonly mode: "policy";
  readonly address: string;
  readonly table: number;
  readonly priority: number;
}

export function isPolicy(want: WantedReturnRoute): want is PolicyRoute {
  return want.mode === "policy";
}

const RULE_PRIORITY = 20000;

const fields = z.strictObject({
  mode: oneOf("policy", "default").default("policy"),
  address: z.string({ error: 'must be an IP address, such as "192.168.2.100"' }).transform(oneAddress).optional(),
  gateway: z
    .string({ error: 'is needed: the director\'s address inside, such as "192.168.2.2"' })
    .transform(oneAddress),
  device,
  table: whole(1, 4294967295)
    .refine((table) => table < 253 || table > 255, { error: "must not be 253, 254 or 255: those are the kernel's own" })
    .optional(),
  priority: whole(1, 32765).optional(),
  localNetworks: z
    .array(z.string().transform(network), { error: 'must be a list of networks, such as ["192.168.2.0/24"]' })
    .optional(),
  /** Always wanted; on a host it may be otherwise. */
  live: z.literal(true, { error: "is an output: whether the route is there" }).default(true),
  boot: z.boolean({ error: "must be true or false" }).default(true),
  networkManager: networkName.optional(),
});

export const returnRoute = fields.transform((said, ctx): WantedReturnRoute => {
  const refuse = (property: string, message: string) =>
    ctx.addIssue({ code: "custom", path: [property], message, input: said });
  const { address, localNetworks } = said;
  if (said.mode === "default") {
    for (const name of ["address", "table", "priority", "localNetworks"] as const) {
      if (said[name] !== undefined) refuse(name, 'is for mode "policy" only: a default gateway is for all addresses');
    }
    if (familyOf(said.gateway) === "ipv6")
      refuse("gateway", 'must be IPv4 in mode "default": IPv6 has its default gateway from routers');
    return compact(said);
  }
  if (address === undefined) {
    refuse("address", "is needed: the real server's own address, as in the director's rule, such as \"192.168.2.100\"");
    return z.NEVER;
  }
  if (familyOf(address) !== familyOf(said.gateway)) refuse("gateway", `must be of the same family as ${address}`);
  if (address === said.gateway) refuse("gateway", "must be the director's address, not the real server's own");
  const others = (localNetworks ?? []).filter((one) => familyOf(one) !== familyOf(address));
  if (others.length > 0) refuse("localNetworks", `must be of the same family as ${address}, not ${others.join(", ")}`);
  return compact({
    ...said,
    table: said.table ?? usualTable(address),
    priority: said.priority ?? RULE_PRIORITY,
    localNetworks: localNetworks && [...new Set(localNetworks)].sort(),
  });
});

/** `192.168.2.0/24` of `192.168.2.100/24`. Undefined for an address that is alone in its network. */
export function networkOf(address: string, prefix: number): string | undefined {
  const whole = familyOf(address) === "ipv4" ? 32 : 128;
  if (prefix >= whole) return undefined;
  const cidr = `${address}/${prefix}`;
  const base = whole === 32 ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return `${canonicalAddress(base.toString())}/${prefix}`;
}

/** One for each address of a network of up to 65536, away from the small numbers that people use: 20612 for 192.168.2.100. */
function usualTable(address: string): number {
  const bytes = ipaddr.parse(address).toByteArray();
  const [high = 0, low = 0] = bytes.slice(-2);
  return 20000 + high * 256 + low;
}

function oneAddress(text: string, ctx: z.RefinementCtx): string {
  try {
    const address = canonicalAddress(text);
    refuseUnusable(address);
    return address;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    ctx.addIssue({ code: "custom", message, input: text });
    return z.NEVER;
  }
}

function network(text: string, ctx: z.RefinementCtx): string {
  const [address = "", prefix = ""] = text.split("/");
  const right = /^\d{1,3}$/.test(prefix) && ipaddr.isValidCIDR(text) ? networkOf(address, Number(prefix)) : undefined;
  if (right === text) return text;
  const hint = right === undefined ? ', such as "192.168.2.0/24"' : `; write "${right}"`;
  ctx.addIssue({ code: "custom", message: `"${text}" is not a network${hint}`, input: text });
  return z.NEVER;
}
