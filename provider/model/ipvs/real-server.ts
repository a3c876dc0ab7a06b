import { z } from "zod";
import { compact, oneOf, whole } from "../fields";
import { familyOf, formatAddressAndPort, parseAddressAndPort, refuseUnusable } from "../network/address";
import { Refusals } from "../refusals";
import { parseServiceKey, type ServiceIdentity, serviceKey } from "./service-key";
import { boot, type Drain, live, type RulesDialectName, settings } from "./settings";

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
  /** False: the kernel does not have it, and the next boot would add it. */
  readonly live: boolean;
}

/** A real server, as the user wants it. */
export interface WantedRealServer extends RealServer {
  readonly drain?: Drain;
  readonly rulesLoader?: RulesDialectName;
}

/** The kernel keeps a signed 32-bit number. */
const MAX_THRESHOLD = 2147483647;

const tunnel = z.strictObject({
  type: oneOf("ipip", "gue", "gre").default("ipip"),
  port: whole(1, 65535).optional(),
  checksum: oneOf("nocsum", "csum", "remcsum").optional(),
});

/** What a user writes about a real server, wherever it stands. */
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
    live,
    ...settings,
  })
  .transform(({ service, address, boot, live: alive, drain, rulesLoader, ...fields }, context): WantedRealServer => {
    const refusals = new Refusals();
    const identity = refusals.attempt(["service"], () => parseServiceKey(service));
    const server =
      identity && canonicalServer(identity, address, fields, refusals, { address: ["address"], fields: [] });
    context.issues.push(...refusals.issues);
    if (identity === undefined || server === undefined) return z.NEVER;
    return compact({ service: serviceKey(identity), ...server, boot, live: alive, drain, rulesLoader });
  });

/** Where the parts of a server stand in what the user wrote. */
interface Places {
  readonly address: readonly string[];
  readonly fields: readonly string[];
}

/** One server of a service, canonical; undefined when something of it was refused. */
export function canonicalServer(
  service: ServiceIdentity,
  text: string,
  { tunnel: wrapped, ...plain }: z.output<typeof serverFields>,
  refusals: Refusals,
  at: Places,
): (ServerSettings & { readonly address: string }) | undefined {
  const { forwarding, upperThreshold, lowerThreshold } = plain;
  const address = refusals.attempt(at.address, () => canonicalServerAddress(service, text, forwarding));
  if (lowerThreshold > upperThreshold) {
    const why =
      upperThreshold === 0
        ? "needs an upperThreshold: without one there is no limit to come back from"
        : `must not be above upperThreshold: ${lowerThreshold} is more than ${upperThreshold}`;
    refusals.add([...at.fields, "lowerThreshold"], why);
  }
  const tunnel = refusals.attempt([...at.fields, "tunnel"], () => canonicalTunnel(forwarding, wrapped));
  if (address === undefined || !refusals.none) return undefined;
  return { address, ...plain, ...(tunnel === undefined ? {} : { tunnel }) };
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
  if (port === 0 && service.port !== 0)
    throw new Error(`"${text}" has port 0: nothing can be sent there; write a port from 1 to 65535`);
  if (familyOf(address) !== service.family && forwarding !== "tunnel")
    throw new Error(
      `"${text}" is not ${service.family === "ipv4" ? "IPv4" : "IPv6"} as the service is: only forwarding "tunnel" crosses families`,
    );
  return formatAddressAndPort(address, port);
}

function canonicalTunnel(forwarding: Forwarding, wrapped: z.output<typeof tunnel> | undefined): Tunnel | undefined {
  if (forwarding !== "tunnel") {
    if (wrapped === undefined) return undefined;
    throw new Error(`needs forwarding "tunnel", not "${forwarding}"`);
  }
  const { type, port, checksum } = wrapped ?? { type: "ipip" };
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
