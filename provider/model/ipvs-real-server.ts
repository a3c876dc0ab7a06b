import { z } from "zod";
import { familyOf, formatAddressAndPort, parseAddressAndPort, refuseUnusable } from "./address";
import { boot, type Drain, type RulesDialectName, settings } from "./ipvs-boot";
import { compact, oneOf, whole } from "./ipvs-number";
import { parseServiceKey, type ServiceIdentity, serviceKey } from "./ipvs-service-key";

export type Forwarding = "direct" | "masquerade" | "tunnel";
export type Checksum = "nocsum" | "csum" | "remcsum";

/** How packets are wrapped on their way to a real server behind a tunnel. Every default is spelled out. */
export type Tunnel =
  | { readonly type: "ipip" }
  | { readonly type: "gue"; readonly port: number; readonly checksum: Checksum }
  | { readonly type: "gre"; readonly checksum: "nocsum" | "csum" };

/** What a director does with a real server: everything but its name. */
export interface ServerSettings {
  readonly forwarding: Forwarding;
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** Present if and only if `forwarding` is `tunnel`. */
  readonly tunnel?: Tunnel;
}

/** A real server, as the kernel has it. */
export interface Server extends ServerSettings {
  readonly service: string;
  readonly address: string;
}

/** A real server, as a host has it: in the kernel, and perhaps in the rules that are loaded at boot. */
export interface RealServer extends Server {
  readonly boot: boolean;
}

/** A real server, as the user wants it. */
export interface WantedRealServer extends RealServer {
  readonly drain: Drain;
  readonly rules?: RulesDialectName;
}

/** What a user writes about a real server, wherever it stands. */
export interface ServerInput {
  /** How packets get there: `direct` (DR, the default), `masquerade` (NAT) or `tunnel` (TUN). */
  readonly forwarding?: Forwarding;
  /** Share of new connections, 0 to 65535. 0 sends no new ones and keeps the established. Default 1. */
  readonly weight?: number;
  /** No new connections from this number of connections on. 0, the default, means no limit. */
  readonly upperThreshold?: number;
  /** New connections again below this number. 0, the default, means three quarters of `upperThreshold`. */
  readonly lowerThreshold?: number;
  /** Only with `forwarding: "tunnel"`. Default `{ type: "ipip" }`. */
  readonly tunnel?: TunnelInput;
}

/** What a user writes about a tunnel. */
export interface TunnelInput {
  /** `ipip` (the default), `gue` (Linux 5.2) or `gre` (Linux 5.3). */
  readonly type?: "ipip" | "gue" | "gre";
  /** UDP port on the real server. `gue` only, and required there. */
  readonly port?: number;
  /** Checksum of the tunnel header: `nocsum` (the default), `csum`, or for `gue` also `remcsum`. */
  readonly checksum?: Checksum;
}

/** What a user writes to declare a real server as a resource of its own. */
export interface RealServerInput extends ServerInput {
  /** The key of its virtual service: `tcp 192.0.2.10:80`, `fwmark 7 ipv6`. */
  readonly service: string;
  /** `10.0.0.11:80`, `[2001:db8::11]:80`, or without port: then it is the service's port. */
  readonly address: string;
  /** Whether the rule is there after a reboot. Default true. */
  readonly boot?: boolean;
  /** How a delete waits for established connections: weight 0 first, then `timeout` seconds at most (60, 0 = at once), looking every `pollInterval` seconds (1). */
  readonly drain?: { readonly timeout?: number; readonly pollInterval?: number };
  /** Who loads rules at boot on this host. Only needed where that cannot be seen. */
  readonly rules?: RulesDialectName;
}

/** The kernel keeps a signed 32-bit number. */
const MAX_THRESHOLD = 2147483647;

const tunnel = z.strictObject({
  type: oneOf("ipip", "gue", "gre").default("ipip"),
  port: whole(1, 65535).optional(),
  checksum: oneOf("nocsum", "csum", "remcsum").optional(),
});

/** The fields of `ServerInput`. */
export const serverFields = z.strictObject({
  forwarding: oneOf("direct", "masquerade", "tunnel").default("direct"),
  weight: whole(0, 65535).default(1),
  upperThreshold: whole(0, MAX_THRESHOLD).default(0),
  lowerThreshold: whole(0, MAX_THRESHOLD).default(0),
  tunnel: tunnel.optional(),
});

/** Checks what a user wrote, fills in defaults, returns canonical values. */
export const realServer: z.ZodType<WantedRealServer> = serverFields
  .extend({
    service: z.string({ error: "must be the key of a virtual service" }),
    address: z.string({ error: 'must be an address, as in "10.0.0.11:80"' }),
    boot,
    ...settings,
  })
  .transform(({ service, address, boot, drain, rules, ...fields }, context): WantedRealServer => {
    const refuse: Refuse = (property, message) =>
      context.issues.push({ code: "custom", path: [property], message, input: undefined });
    const identity = attempt(() => parseServiceKey(service), refuse, "service");
    if (identity === undefined) return z.NEVER;
    const server = canonicalServer(identity, address, fields, refuse);
    if (server === undefined) return z.NEVER;
    return compact({ service: serviceKey(identity), ...server, boot, drain, rules }) as WantedRealServer;
  });

export type Refuse = (property: string, message: string) => unknown;

/** One server of a service, canonical; undefined when something was refused. */
export function canonicalServer(
  service: ServiceIdentity,
  text: string,
  fields: z.output<typeof serverFields>,
  refuse: Refuse,
): (ServerSettings & { readonly address: string }) | undefined {
  let refused = false;
  const no: Refuse = (property, message) => {
    refused = true;
    refuse(property, message);
  };
  const { tunnel: wrapped, ...plain } = fields;
  const address = attempt(() => canonicalServerAddress(service, text, plain.forwarding), no, "address");
  if (plain.lowerThreshold > 0 && plain.upperThreshold === 0)
    no("lowerThreshold", "needs an upperThreshold: without one there is no limit to come back from");
  else if (plain.lowerThreshold > plain.upperThreshold)
    no(
      "lowerThreshold",
      `must not be above upperThreshold: ${plain.lowerThreshold} is more than ${plain.upperThreshold}`,
    );
  if (plain.forwarding !== "tunnel" && wrapped !== undefined)
    no("tunnel", `needs forwarding "tunnel", not "${plain.forwarding}"`);
  const canonical =
    plain.forwarding === "tunnel"
      ? attempt(() => canonicalTunnel(wrapped ?? { type: "ipip" }), no, "tunnel")
      : undefined;
  if (refused || address === undefined) return undefined;
  return { address, ...plain, ...(canonical === undefined ? {} : { tunnel: canonical }) };
}

function canonicalServerAddress(service: ServiceIdentity, text: string, forwarding: Forwarding): string {
  const { address, port = service.port } = parseAddressAndPort(text);
  refuseUnusable(address);
  if (port !== service.port && forwarding !== "masquerade") {
    const way = forwarding === "direct" ? "direct routing" : "a tunnel";
    throw new Error(
      `"${text}" has another port than the service (${service.port}): ${way} does not change ports; write "${formatAddressAndPort(address, service.port)}", or use forwarding "masquerade"`,
    );
  }
  if (familyOf(address) !== service.family && forwarding !== "tunnel")
    throw new Error(
      `"${text}" is not ${service.family === "ipv4" ? "IPv4" : "IPv6"} as the service is: only forwarding "tunnel" crosses families`,
    );
  return formatAddressAndPort(address, port);
}

function canonicalTunnel({ type, port, checksum }: z.output<typeof tunnel>): Tunnel {
  if (type !== "gue" && port !== undefined) throw new Error(`type "${type}" has no port: only "gue" has one`);
  if (type === "ipip") {
    if (checksum !== undefined) throw new Error('type "ipip" has no checksum: only "gue" and "gre" have one');
    return { type };
  }
  if (type === "gre") {
    if (checksum === "remcsum") throw new Error('type "gre" has no checksum "remcsum": use "csum" or "nocsum"');
    return { type, checksum: checksum ?? "nocsum" };
  }
  if (port === undefined)
    throw new Error(
      'type "gue" needs the UDP port on which the real server listens, as in { type: "gue", port: 6080 }',
    );
  return { type, port, checksum: checksum ?? "nocsum" };
}

/** Runs a reader; what it throws becomes an issue of the property. */
export function attempt<T>(read: () => T, refuse: Refuse, property: string): T | undefined {
  try {
    return read();
  } catch (error) {
    refuse(property, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
