import { z } from "zod";
import { compact, mapOf, oneOf, whole, yesNo } from "../fields";
import type { Family } from "../network/address";
import { Refusals } from "../refusals";
import { type Drain, drain } from "./drain";
import { type Check, checkOverride, type HealthCheck, healthCheck } from "./health-check";
import { canonicalNetmask } from "./netmask";
import { presence } from "./presence";
import { canonicalServer, type ServerSettings, serverFields } from "./real-server";
import { type RulesLoaderName, rulesLoader } from "./rules-loader";
import { canonicalFlags, SCHEDULER_FLAGS, type SchedulerFlag, schedulerProblem } from "./scheduler";
import { readChecks } from "./service-checks";
import { MAX_FWMARK, type Protocol, parseServiceAddress, type ServiceIdentity } from "./service-key";

/** A virtual service in the kernel. */
export interface Service {
  readonly protocol: Protocol;
  /** For tcp, udp and sctp only. */
  readonly address?: string;
  /** For protocol fwmark only. */
  readonly fwmark?: number;
  /** For protocol fwmark only. */
  readonly family?: Family;
  readonly scheduler: string;
  readonly schedulerFlags: readonly SchedulerFlag[];
  /** Seconds. Absent: not persistent. */
  readonly persistenceTimeout?: number;
  /** Absent: persistence treats each client address separately. */
  readonly netmask?: string;
  readonly persistenceEngine?: string;
  readonly onePacket: boolean;
}

/** A real server in the map of its service. */
export interface InlineServer extends ServerSettings {
  /** Where it is checked in another way than the others. */
  readonly healthCheck?: Check;
}

/** The real servers of a service, by address. */
export type Servers = Readonly<Record<string, InlineServer>>;

/** The observed state of a virtual service, in the kernel and at boot. */
export interface VirtualService extends Service {
  readonly boot: boolean;
  /** False: the kernel does not have it, and the next boot would add it. */
  readonly live: boolean;
  /** Absent: the service does not manage its real servers. */
  readonly realServers?: Servers;
  /** Absent: whether a server answers has no effect. */
  readonly healthCheck?: HealthCheck;
}

/** The desired state of a virtual service. */
export interface WantedVirtualService extends VirtualService {
  /** Whether real servers that are not in `realServers` are removed. Absent: true. */
  readonly exclusive?: boolean;
  readonly drain?: Drain;
  readonly allowUnknownScheduler?: boolean;
  readonly rulesLoader?: RulesLoaderName;
}

const inlineServerFields = serverFields.extend({ healthCheck: checkOverride.optional() });

export const serviceFields = z.strictObject({
  protocol: oneOf("tcp", "udp", "sctp", "fwmark"),
  address: z.string({ error: 'must be an address with a port, as in "192.0.2.10:80"' }).optional(),
  fwmark: whole(1, MAX_FWMARK).optional(),
  family: oneOf("ipv4", "ipv6").optional(),
  scheduler: z.string({ error: 'must be the name of a scheduler, as in "wlc"' }).default("wlc"),
  schedulerFlags: z.array(oneOf(...SCHEDULER_FLAGS), { error: "must be a list of flags" }).default([]),
  persistenceTimeout: whole(1, 2678400).optional(),
  netmask: z.string({ error: 'must be text, as in "255.255.255.0", or "64" for IPv6' }).optional(),
  persistenceEngine: oneOf("sip").optional(),
  onePacket: yesNo.default(false),
  ...presence,
  realServers: mapOf(inlineServerFields, { error: "must be a map from address to settings" }).optional(),
  healthCheck: healthCheck.optional(),
  exclusive: yesNo.optional(),
  allowUnknownScheduler: yesNo.optional(),
  drain,
  rulesLoader,
});

type Fields = z.output<typeof serviceFields>;

/** Validates the input, fills in defaults and returns canonical values. */
export const virtualService: z.ZodType<WantedVirtualService> = serviceFields.transform(
  (input, context): WantedVirtualService => {
    const refusals = new Refusals();
    const identity = identify(input, refusals);
    if (identity?.protocol !== "fwmark" && identity?.port === 0 && input.persistenceTimeout === undefined)
      refusals.add(
        ["address"],
        `"${identity.address}" has port 0, which means every port, and needs a persistenceTimeout`,
      );
    const problem = schedulerProblem(input.scheduler, input.allowUnknownScheduler === true);
    if (problem !== undefined) refusals.add(["scheduler"], problem);
    const schedulerFlags = refusals.attempt(["schedulerFlags"], () => readFlags(input)) ?? [];
    if (input.onePacket && input.protocol !== "udp" && input.protocol !== "fwmark")
      refusals.add(["onePacket"], `is for protocol "udp" or "fwmark", not for "${input.protocol}"`);
    const netmask = refusals.attempt(["netmask"], () => readNetmask(input, identity?.family ?? "ipv4"));
    const realServers = identity && readServers(identity, input.realServers, refusals);
    const checked = identity && readChecks({ ...input, realServers }, identity, refusals);
    context.issues.push(...refusals.issues);
    if (checked === undefined || identity === undefined || !refusals.none) return z.NEVER;
    const { healthCheck: _, realServers: __, ...plain } = input;
    return compact({ ...plain, ...identityFields(identity), schedulerFlags, netmask, ...checked });
  },
);

function identityFields(identity: ServiceIdentity): Pick<Service, "protocol" | "address" | "fwmark" | "family"> {
  const { protocol } = identity;
  if (protocol === "fwmark") return { protocol, fwmark: identity.fwmark, family: identity.family };
  return { protocol, address: identity.address };
}

function readFlags({ scheduler, schedulerFlags }: Fields): readonly SchedulerFlag[] {
  const flags = canonicalFlags(scheduler, schedulerFlags);
  // The kernel accepts the flag, but ipvsadm has no name for it, so a saved table could not be restored.
  if (flags.includes("flag-3") && (scheduler === "sh" || scheduler === "mh"))
    throw new Error(`"flag-3" has no effect with scheduler "${scheduler}", and ipvsadm cannot print it`);
  return flags;
}

function readNetmask({ netmask, persistenceTimeout }: Fields, family: Family): string | undefined {
  if (netmask === undefined) return undefined;
  if (persistenceTimeout !== undefined) return canonicalNetmask(netmask, family);
  throw new Error("needs a persistenceTimeout: it groups clients for persistence");
}

function identify({ protocol, address, fwmark, family }: Fields, refusals: Refusals): ServiceIdentity | undefined {
  if (protocol === "fwmark") {
    if (address !== undefined)
      refusals.add(["address"], 'does not go with protocol "fwmark", which selects packets by their mark alone');
    if (fwmark !== undefined) return { protocol, fwmark, family: family ?? "ipv4", port: 0 };
    refusals.add(["fwmark"], 'is required for protocol "fwmark"');
    return undefined;
  }
  if (fwmark !== undefined) refusals.add(["fwmark"], `is for protocol "fwmark" only, not for "${protocol}"`);
  if (family !== undefined)
    refusals.add(["family"], 'is for protocol "fwmark" only: an address has its family already');
  if (address === undefined) {
    refusals.add(["address"], `is required for protocol "${protocol}", as in "192.0.2.10:80"`);
    return undefined;
  }
  const parsed = refusals.attempt(["address"], () => parseServiceAddress(address));
  return parsed && { protocol, ...parsed };
}

type ReadServers = Readonly<Record<string, ServerSettings & { readonly healthCheck?: Partial<Check> }>>;

function readServers(
  service: ServiceIdentity,
  input: Fields["realServers"],
  refusals: Refusals,
): ReadServers | undefined {
  if (input === undefined) return undefined;
  const servers = new Map<string, ReadServers[string]>();
  for (const [text, settings] of Object.entries(input)) {
    const path = ["realServers", text];
    const { healthCheck: check, ...plain } = settings;
    const server = canonicalServer(service, text, plain, refusals, { address: path, fields: path });
    if (server === undefined) continue;
    const { address, ...canonical } = server;
    if (servers.has(address)) refusals.add(path, `is "${address}", which is in the map already in another spelling`);
    servers.set(address, { ...canonical, ...(check && { healthCheck: check }) });
  }
  return Object.fromEntries([...servers].sort(([a], [b]) => (a < b ? -1 : 1)));
}
