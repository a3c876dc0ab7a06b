import { z } from "zod";
import type { Family } from "./address";
import { boot, type Drain, type RulesDialectName, settings } from "./ipvs-boot";
import { compact, oneOf, whole } from "./ipvs-number";
import {
  attempt,
  canonicalServer,
  type Refuse,
  type ServerInput,
  type ServerSettings,
  serverFields,
} from "./ipvs-real-server";
import { canonicalFlags, SCHEDULER_FLAGS, type SchedulerFlag, schedulerProblem } from "./ipvs-scheduler";
import { MAX_FWMARK, type Protocol, parseServiceAddress, type ServiceIdentity } from "./ipvs-service-key";

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
  /** Absent: its servers are not looked at. */
  readonly realServers?: Servers;
}

/** A virtual service, as the user wants it. */
export interface WantedVirtualService extends VirtualService {
  readonly exclusive: boolean;
  readonly drain: Drain;
  readonly allowUnknownScheduler: boolean;
  readonly rules?: RulesDialectName;
}

/** What a user writes to declare a virtual service. */
export interface VirtualServiceInput {
  /** `fwmark` is a service for all packets that carry a firewall mark. */
  readonly protocol: Protocol;
  /** `192.0.2.10:80` or `[2001:db8::1]:80`. Port 0 means every port, and needs `persistenceTimeout`. Not for `fwmark`. */
  readonly address?: string;
  /** The mark, 1 to 2147483647. For `fwmark` only. */
  readonly fwmark?: number;
  /** `ipv4` (the default) or `ipv6`. For `fwmark` only: an address speaks for itself. */
  readonly family?: Family;
  /** How a server is chosen: rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh twos none. Default `wlc`. */
  readonly scheduler?: string;
  /** `sh-fallback`, `sh-port`, `mh-fallback`, `mh-port`, or `flag-1` to `flag-3` for other schedulers. */
  readonly schedulerFlags?: readonly string[];
  /** A client comes back to its server for this many seconds, 1 to 2678400. Absent: not persistent. */
  readonly persistenceTimeout?: number;
  /** Clients that are one client for persistence: `255.255.255.0`, or for IPv6 a prefix length such as `64`. */
  readonly netmask?: string;
  /** What tells clients apart for persistence, if not their address: `sip`. */
  readonly persistenceEngine?: string;
  /** Every packet is scheduled by itself. udp and fwmark only. Default false. */
  readonly onePacket?: boolean;
  /** Whether the rules are there after a reboot. Default true. */
  readonly boot?: boolean;
  /** Its real servers by address (`192.168.2.100:80`; without port it is the service's port), in this one resource. */
  readonly realServers?: Readonly<Record<string, ServerInput>>;
  /** With `realServers`: servers of the service that are not in it are removed. Default true. */
  readonly exclusive?: boolean;
  /** How the removal of a server waits for its established connections: weight 0 first, then `timeout` seconds at most (60, 0 = at once), looking every `pollInterval` seconds (1). */
  readonly drain?: { readonly timeout?: number; readonly pollInterval?: number };
  /** Accept a scheduler that is not in the list. Default false. */
  readonly allowUnknownScheduler?: boolean;
  /** Who loads rules at boot on this host. Only needed where that cannot be seen. */
  readonly rules?: RulesDialectName;
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
  onePacket: z.boolean({ error: "must be true or false" }).default(false),
  boot,
  realServers: z.record(z.string(), serverFields, { error: "must be a map from address to settings" }).optional(),
  exclusive: z.boolean({ error: "must be true or false" }).default(true),
  allowUnknownScheduler: z.boolean({ error: "must be true or false" }).default(false),
  ...settings,
});

type Fields = z.output<typeof fields>;

/** Checks what a user wrote, fills in defaults, returns canonical values. */
export const virtualService: z.ZodType<WantedVirtualService> = fields.transform(
  (written, context): WantedVirtualService => {
    let refused = false;
    const refuseAt: RefuseAt = (path, message) => {
      refused = true;
      context.issues.push({ code: "custom", path: [...path], message, input: undefined });
    };
    const refuse: Refuse = (property, message) => refuseAt([property], message);
    const identity = identify(written, refuse);
    const problem = schedulerProblem(written.scheduler, written.allowUnknownScheduler);
    if (problem !== undefined) refuse("scheduler", problem);
    const schedulerFlags = attempt(
      () => canonicalFlags(written.scheduler, written.schedulerFlags),
      refuse,
      "schedulerFlags",
    );
    // The kernel takes flag-3 here, but ipvsadm prints no name for it, and a saved table could not be restored.
    if (schedulerFlags?.includes("flag-3") === true && ["sh", "mh"].includes(written.scheduler))
      refuse(
        "schedulerFlags",
        `"flag-3" means nothing to scheduler "${written.scheduler}", and ipvsadm cannot print it`,
      );
    if (written.onePacket && written.protocol !== "udp" && written.protocol !== "fwmark")
      refuse("onePacket", `is for protocol "udp" or "fwmark", not for "${written.protocol}"`);
    if (identity?.protocol !== "fwmark" && identity?.port === 0 && written.persistenceTimeout === undefined)
      refuse("address", `"${identity.address}" has port 0, which means every port: that needs a persistenceTimeout`);
    const netmask = attempt(() => canonicalNetmask(written, identity?.family ?? "ipv4"), refuse, "netmask");
    const realServers = identity && canonicalServers(identity, written.realServers, refuseAt);
    if (refused || identity === undefined) return z.NEVER;
    const { protocol, family, port, ...name } = identity;
    const named = protocol === "fwmark" ? { protocol, ...name, family } : { protocol, ...name };
    const { address: _address, fwmark: _fwmark, family: _family, protocol: _protocol, ...rest } = written;
    return compact({ ...named, ...rest, schedulerFlags, netmask, realServers }) as WantedVirtualService;
  },
);

type RefuseAt = (path: readonly string[], message: string) => void;

function identify({ protocol, address, fwmark, family }: Fields, refuse: Refuse): ServiceIdentity | undefined {
  if (protocol === "fwmark") {
    if (address !== undefined)
      refuse("address", 'is not for protocol "fwmark": packets are chosen by their mark alone');
    if (fwmark !== undefined) return { protocol, fwmark, family: family ?? "ipv4", port: 0 };
    refuse("fwmark", 'is required for protocol "fwmark"');
    return undefined;
  }
  if (fwmark !== undefined) refuse("fwmark", `is for protocol "fwmark" only, not for "${protocol}"`);
  if (family !== undefined) refuse("family", 'is for protocol "fwmark" only: an address speaks for itself');
  if (address === undefined) {
    refuse("address", `is required for protocol "${protocol}", as in "192.0.2.10:80"`);
    return undefined;
  }
  const parsed = attempt(() => parseServiceAddress(address), refuse, "address");
  return parsed && { protocol, ...parsed };
}

function canonicalNetmask({ netmask, persistenceTimeout }: Fields, family: Family): string | undefined {
  if (netmask === undefined) return undefined;
  if (persistenceTimeout === undefined)
    throw new Error("needs a persistenceTimeout: it says which clients are one client for persistence");
  if (family === "ipv6") {
    if (/^[1-9]\d{0,2}$/.test(netmask) && Number(netmask) <= 128) return netmask === "128" ? undefined : netmask;
    throw new Error(`"${netmask}" is not a prefix length: write a number from 1 to 128, as in "64"`);
  }
  if (/^\d{1,2}$/.test(netmask) && Number(netmask) <= 32)
    throw new Error(`"${netmask}" would mean 0.0.0.${Number(netmask)} to ipvsadm: write "${dotted(Number(netmask))}"`);
  const prefix = Array.from({ length: 33 }, (_, length) => length).find((length) => dotted(length) === netmask);
  if (prefix === undefined || prefix === 0) throw new Error(`"${netmask}" is not a netmask, as in "255.255.255.0"`);
  return prefix === 32 ? undefined : netmask;
}

/** `24` is `255.255.255.0`. */
function dotted(prefix: number): string {
  return [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefix - start)))).join(".");
}

function canonicalServers(
  service: ServiceIdentity,
  written: Fields["realServers"],
  refuseAt: RefuseAt,
): Servers | undefined {
  if (written === undefined) return undefined;
  const servers = new Map<string, ServerSettings>();
  for (const [text, settings] of Object.entries(written)) {
    const refuse: Refuse = (property, message) =>
      refuseAt(property === "address" ? ["realServers", text] : ["realServers", text, property], message);
    const server = canonicalServer(service, text, settings, refuse);
    if (server === undefined) continue;
    const { address, ...known } = server;
    if (servers.has(address)) refuse("address", `is "${address}", which is there already in another spelling`);
    servers.set(address, known);
  }
  return Object.fromEntries([...servers].sort(([a], [b]) => (a < b ? -1 : 1)));
}
