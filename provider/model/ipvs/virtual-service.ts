import { z } from "zod";
import { compact, oneOf, whole, yesNo } from "../fields";
import type { Family } from "../network/address";
import { Refusals } from "../refusals";
import { canonicalNetmask } from "./netmask";
import { canonicalServer, type ServerSettings, serverFields } from "./real-server";
import { canonicalFlags, SCHEDULER_FLAGS, type SchedulerFlag, schedulerProblem } from "./scheduler";
import { MAX_FWMARK, type Protocol, parseServiceAddress, type ServiceIdentity } from "./service-key";
import { boot, type Drain, live, type RulesDialectName, settings } from "./settings";

/** A virtual service, as the kernel has it. */
export interface Service {
  readonly protocol: Protocol;
  /** tcp, udp and sctp. */
  readonly address?: string;
  /** fwmark only, and its family. */
  readonly fwmark?: number;
  readonly family?: Family;
  readonly scheduler: string;
  readonly schedulerFlags: readonly SchedulerFlag[];
  /** Absent: not persistent. */
  readonly persistenceTimeout?: number;
  /** Absent: every client by itself. */
  readonly netmask?: string;
  readonly persistenceEngine?: string;
  readonly onePacket: boolean;
}

/** Real servers of one service, by address. */
export type Servers = Readonly<Record<string, ServerSettings>>;

/** A virtual service, as a host has it. */
export interface VirtualService extends Service {
  readonly boot: boolean;
  /** False: the kernel does not have it, and the next boot would add it. */
  readonly live: boolean;
  /** Absent: its servers are not looked at. */
  readonly realServers?: Servers;
}

/** A virtual service, as the user wants it. */
export interface WantedVirtualService extends VirtualService {
  /** Absent: yes. */
  readonly exclusive?: boolean;
  readonly drain?: Drain;
  readonly allowUnknownScheduler?: boolean;
  readonly rulesLoader?: RulesDialectName;
}

const fields = z.strictObject({
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
  boot,
  live,
  realServers: z.record(z.string(), serverFields, { error: "must be a map from address to settings" }).optional(),
  exclusive: yesNo.optional(),
  allowUnknownScheduler: yesNo.optional(),
  ...settings,
});

type Fields = z.output<typeof fields>;

/** Checks what a user wrote, fills in defaults, returns canonical values. */
export const virtualService: z.ZodType<WantedVirtualService> = fields.transform(
  (written, context): WantedVirtualService => {
    const refusals = new Refusals();
    const identity = identify(written, refusals);
    if (identity?.protocol !== "fwmark" && identity?.port === 0 && written.persistenceTimeout === undefined)
      refusals.add(
        ["address"],
        `"${identity.address}" has port 0, which means every port: that needs a persistenceTimeout`,
      );
    const problem = schedulerProblem(written.scheduler, written.allowUnknownScheduler === true);
    if (problem !== undefined) refusals.add(["scheduler"], problem);
    const schedulerFlags = refusals.attempt(["schedulerFlags"], () => readFlags(written)) ?? [];
    if (written.onePacket && written.protocol !== "udp" && written.protocol !== "fwmark")
      refusals.add(["onePacket"], `is for protocol "udp" or "fwmark", not for "${written.protocol}"`);
    const netmask = refusals.attempt(["netmask"], () => readNetmask(written, identity?.family ?? "ipv4"));
    const realServers = identity && readServers(identity, written.realServers, refusals);
    context.issues.push(...refusals.issues);
    if (identity === undefined || !refusals.none) return z.NEVER;
    return compact({ ...written, ...named(identity), schedulerFlags, netmask, realServers });
  },
);

function named(identity: ServiceIdentity): Pick<Service, "protocol" | "address" | "fwmark" | "family"> {
  const { protocol } = identity;
  if (protocol === "fwmark") return { protocol, fwmark: identity.fwmark, family: identity.family };
  return { protocol, address: identity.address };
}

function readFlags({ scheduler, schedulerFlags }: Fields): readonly SchedulerFlag[] {
  const flags = canonicalFlags(scheduler, schedulerFlags);
  // The kernel takes it, but ipvsadm prints no name for it, and a saved table could not be restored.
  if (flags.includes("flag-3") && (scheduler === "sh" || scheduler === "mh"))
    throw new Error(`"flag-3" means nothing to scheduler "${scheduler}", and ipvsadm cannot print it`);
  return flags;
}

function readNetmask({ netmask, persistenceTimeout }: Fields, family: Family): string | undefined {
  if (netmask === undefined) return undefined;
  if (persistenceTimeout !== undefined) return canonicalNetmask(netmask, family);
  throw new Error("needs a persistenceTimeout: it says which clients are one client for persistence");
}

function identify({ protocol, address, fwmark, family }: Fields, refusals: Refusals): ServiceIdentity | undefined {
  if (protocol === "fwmark") {
    if (address !== undefined)
      refusals.add(["address"], 'is not for protocol "fwmark": packets are chosen by their mark alone');
    if (fwmark !== undefined) return { protocol, fwmark, family: family ?? "ipv4", port: 0 };
    refusals.add(["fwmark"], 'is required for protocol "fwmark"');
    return undefined;
  }
  if (fwmark !== undefined) refusals.add(["fwmark"], `is for protocol "fwmark" only, not for "${protocol}"`);
  if (family !== undefined) refusals.add(["family"], 'is for protocol "fwmark" only: an address speaks for itself');
  if (address === undefined) {
    refusals.add(["address"], `is required for protocol "${protocol}", as in "192.0.2.10:80"`);
    return undefined;
  }
  const parsed = refusals.attempt(["address"], () => parseServiceAddress(address));
  return parsed && { protocol, ...parsed };
}

function readServers(
  service: ServiceIdentity,
  written: Fields["realServers"],
  refusals: Refusals,
): Servers | undefined {
  if (written === undefined) return undefined;
  const servers = new Map<string, ServerSettings>();
  for (const [text, settings] of Object.entries(written)) {
    const at = ["realServers", text];
    const server = canonicalServer(service, text, settings, refusals, { address: at, fields: at });
    if (server === undefined) continue;
    const { address, ...known } = server;
    if (servers.has(address)) refusals.add(at, `is "${address}", which is there already in another spelling`);
    servers.set(address, known);
  }
  return Object.fromEntries([...servers].sort(([a], [b]) => (a < b ? -1 : 1)));
}
