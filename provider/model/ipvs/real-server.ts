import { z } from "zod";
import { compact, oneOf, settings, whole } from "../fields";
import { familyOf, formatAddressAndPort, parseAddressAndPort, refuseUnusable } from "../network/address";
import { Refusals } from "../refusals";
import { type Drain, drain } from "./drain";
import { presence } from "./presence";
import { type RulesLoaderName, rulesLoader } from "./rules-loader";
import { parseServiceKey, type ServiceIdentity, serviceKey } from "./service-key";

export type Forwarding = "direct" | "masquerade" | "tunnel";
export type Checksum = "nocsum" | "csum" | "remcsum";

/** The encapsulation of packets to a real server behind a tunnel, with all defaults filled in. */
export type Tunnel =
  | { readonly type: "ipip" }
  | { readonly type: "gue"; readonly port: number; readonly checksum: Checksum }
  | { readonly type: "gre"; readonly checksum: "nocsum" | "csum" };

/** The settings of a real server: everything but its identity. */
export interface ServerSettings {
  readonly forwarding: Forwarding;
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** Present if and only if `forwarding` is `tunnel`. */
  readonly tunnel?: Tunnel;
}

/** A real server in the kernel. */
export interface Server extends ServerSettings {
  readonly service: string;
  readonly address: string;
}

/** The observed state of a real server, in the kernel and at boot. */
export interface RealServer extends Server {
  readonly boot: boolean;
  /** False: the kernel does not have it, and the next boot would add it. */
  readonly live: boolean;
}

/** The desired state of a real server. */
export interface WantedRealServer extends RealServer {
  readonly drain?: Drain;
  readonly rulesLoader?: RulesLoaderName;
}

/** The kernel stores a signed 32-bit number. */
const MAX_THRESHOLD = 2147483647;

const tunnel = settings(
  {
    type: oneOf("ipip", "gue", "gre").default("ipip"),
    port: whole(1, 65535).optional(),
    checksum: oneOf("nocsum", "csum", "remcsum").optional(),
  },
  '{ type: "gre" }',
);

/** The input fields of a real server, in a RealServer or inline in a VirtualService. */
export const serverFields = settings(
  {
    forwarding: oneOf("direct", "masquerade", "tunnel").default("direct"),
    weight: whole(0, 65535).default(1),
    upperThreshold: whole(0, MAX_THRESHOLD).default(0),
    lowerThreshold: whole(0, MAX_THRESHOLD).default(0),
    tunnel: tunnel.optional(),
  },
  "{ weight: 2 }, or {}",
);

/** Validates the input, fills in defaults and returns canonical values. */
export const realServer: z.ZodType<WantedRealServer> = serverFields
  .extend({
    service: z.string({ error: "must be the key of a virtual service" }),
    address: z.string({ error: 'must be an address, as in "10.0.0.11:80"' }),
    ...presence,
    drain,
    rulesLoader,
  })
  .transform((input, context): WantedRealServer => {
    const { service, address, boot, live, drain, rulesLoader, ...fields } = input;
    const refusals = new Refusals();
    const identity = refusals.attempt(["service"], () => parseServiceKey(service));
    const server =
      identity && canonicalServer(identity, address, fields, refusals, { address: ["address"], fields: [] });
    context.issues.push(...refusals.issues);
    if (identity === undefined || server === undefined) return z.NEVER;
    return compact({ service: serviceKey(identity), ...server, boot, live, drain, rulesLoader });
  });

/** The paths of a server's parts in the input, for refusals. */
interface InputPaths {
  readonly address: readonly string[];
  readonly fields: readonly string[];
}

/** A server in canonical form; undefined if a part of it is refused. */
export function canonicalServer(
  service: ServiceIdentity,
  text: string,
  { tunnel: tunnelInput, ...plain }: z.output<typeof serverFields>,
  refusals: Refusals,
  paths: InputPaths,
): (ServerSettings & { readonly address: string }) | undefined {
  const { forwarding, upperThreshold, lowerThreshold } = plain;
  const address = refusals.attempt(paths.address, () => canonicalServerAddress(service, text, forwarding));
  if (lowerThreshold > upperThreshold) {
    const why =
      upperThreshold === 0
        ? "needs an upperThreshold: without one a server never reaches a limit"
        : `must not be above upperThreshold: ${lowerThreshold} is more than ${upperThreshold}`;
    refusals.add([...paths.fields, "lowerThreshold"], why);
  }
  const tunnel = refusals.attempt([...paths.fields, "tunnel"], () => canonicalTunnel(forwarding, tunnelInput));
  if (address === undefined || !refusals.none) return undefined;
  return { address, ...plain, ...(tunnel === undefined ? {} : { tunnel }) };
}

function canonicalServerAddress(service: ServiceIdentity, text: string, forwarding: Forwarding): string {
  const { address, port = service.port } = parseAddressAndPort(text);
  refuseUnusable(address);
  if (port !== service.port && forwarding !== "masquerade") {
    const method = forwarding === "direct" ? "direct routing" : "a tunnel";
    throw new Error(
      `"${text}" has another port than the service (${service.port}): ${method} does not change ports; write "${formatAddressAndPort(address, service.port)}", or use forwarding "masquerade"`,
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

function canonicalTunnel(forwarding: Forwarding, input: z.output<typeof tunnel> | undefined): Tunnel | undefined {
  if (forwarding !== "tunnel") {
    if (input === undefined) return undefined;
    throw new Error(`needs forwarding "tunnel", not "${forwarding}"`);
  }
  const { type, port, checksum } = input ?? { type: "ipip" };
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
