import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import type { Host } from "../resources/host";
import type { DrainArgs, ServerArgs } from "../resources/real-server";
import type { ClusterArgs, DirectorArgs, InsideArgs, PortArgs, ServiceSettings } from "./cluster-args";
import type { ClusterTransforms } from "./transform";

export type Forwarding = "direct" | "masquerade" | "tunnel";

/** An address that clients use. */
export interface Vip {
  /** In the one spelling that counts, RFC 5952 for IPv6. */
  readonly ip: string;
  readonly family: "ipv4" | "ipv6";
  /** As it stands in the names of children: no colon. */
  readonly word: string;
}

/** One service, the same on every director. */
export interface Service {
  readonly vip: Vip;
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly port: number;
  /** `192.168.4.5:80` */
  readonly address: string;
  readonly serverPort: pulumi.Input<number> | undefined;
  readonly settings: ServiceSettings;
}

export interface Director {
  readonly name: string;
  readonly host: pulumi.Input<Host>;
  readonly device: pulumi.Input<string>;
  readonly vips: readonly Vip[];
  readonly inside: InsideArgs | undefined;
}

export interface Server {
  readonly name: string;
  readonly host: pulumi.Input<Host>;
  readonly address: pulumi.Input<string>;
  readonly address6: pulumi.Input<string>;
  /** undefined: where its way of forwarding has it. */
  readonly vipDevice: pulumi.Input<string> | undefined;
  readonly forwarding: Forwarding;
  readonly sharesNetwork: pulumi.Input<boolean>;
  /** What the director is told of it. */
  readonly settings: ServerArgs;
}

/** All that a cluster is, in one shape. */
export interface ClusterPlan {
  /** What messages call it: `DrCluster web`. */
  readonly called: string;
  readonly vips: readonly Vip[];
  readonly services: readonly Service[];
  readonly directors: readonly Director[];
  readonly servers: readonly Server[];
  readonly drain: DrainArgs;
  readonly ipvs: ClusterArgs["ipvs"];
  readonly boot: pulumi.Input<boolean>;
  readonly granularity: "service" | "server";
  readonly transform: ClusterTransforms;
}

/** Fills in defaults, and refuses what cannot be. `mode` is how packets come to servers that do not say it themselves. */
export function normalizeCluster(called: string, mode: Forwarding, args: ClusterArgs): ClusterPlan {
  const { ipvs, drain = { timeout: 60 }, boot = true, granularity = "service", transform = {} } = args;
  const vips = normalizeVips(called, args);
  const services = normalizeServices(called, args, vips);
  const directors = normalizeDirectors(called, args, vips);
  const servers = normalizeServers(called, args, mode, directors);
  return { called, vips, services, directors, servers, ipvs, drain, boot, granularity, transform };
}

/** Ends the program with what is wrong, and without a stack that would say nothing to whom wrote the arguments. */
export function refuse(cluster: string, problem: string): never {
  throw new pulumi.RunError(`${cluster}: ${problem}`);
}

function normalizeVips(cluster: string, { vip, vips }: ClusterArgs): Vip[] {
  const said = vips ?? [vip];
  if (said.length === 0) refuse(cluster, 'needs a VIP: vip: "192.168.4.5", or several as vips');
  const known = said.map((text) => readVip(cluster, text));
  const twice = known.find(({ ip }, index) => known.findIndex((other) => other.ip === ip) !== index);
  if (twice !== undefined) refuse(cluster, `has the VIP ${twice.ip} twice`);
  return known;
}

function normalizeServices(cluster: string, args: ClusterArgs, vips: readonly Vip[]): Service[] {
  const ports: readonly (number | PortArgs)[] = isList(args.ports) ? args.ports : [args.ports];
  if (ports.length === 0) refuse(cluster, "needs a port: ports: 80, or several as a list");
  const {
    scheduler,
    allowUnknownScheduler,
    schedulerFlags,
    persistenceTimeout,
    netmask,
    persistenceEngine,
    onePacket,
  } = args;
  const common = compact({
    scheduler,
    allowUnknownScheduler,
    schedulerFlags,
    persistenceTimeout,
    netmask,
    persistenceEngine,
    onePacket,
  });
  const services = vips.flatMap((vip) =>
    ports.map((said): Service => {
      const {
        port,
        protocol = args.protocol ?? "tcp",
        serverPort,
        ...own
      } = typeof said === "number" ? { port: said } : said;
      const address = vip.family === "ipv6" ? `[${vip.ip}]:${port}` : `${vip.ip}:${port}`;
      return { vip, protocol, port, address, serverPort, settings: { ...common, ...own } };
    }),
  );
  const keys = services.map(({ protocol, address }) => `${protocol} ${address}`);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) refuse(cluster, `has the service ${twice} twice: a port and protocol can be listed once`);
  return services;
}

function normalizeDirectors(cluster: string, args: ClusterArgs, vips: readonly Vip[]): Director[] {
  const said: Readonly<Record<string, DirectorArgs>> = isList(args.directors)
    ? Object.fromEntries(args.directors.map((name) => [name, {}]))
    : args.directors;
  const directors = Object.entries(said).map(([name, director], index): Director => {
    const device = director.device ?? args.device;
    if (device === undefined) {
      refuse(cluster, `director ${name} needs a device, the NIC that gets the VIPs: device: "eth0", for it or for all`);
    }
    const held = director.vips?.map((text) => vipOf(cluster, name, text, vips)) ?? (index === 0 ? vips : []);
    return { name, host: director.host ?? name, device, vips: held, inside: director.inside };
  });
  if (directors.length === 0) refuse(cluster, "needs a director");
  for (const vip of vips) {
    const holders = directors.filter(({ vips: held }) => held.includes(vip)).map(({ name }) => name);
    if (holders.length > 1) {
      const all = holders.join(" and ");
      refuse(cluster, `${all} hold ${vip.ip}: both would answer ARP for it. Name it in the vips of one of them`);
    }
  }
  return directors;
}

function normalizeServers(
  cluster: string,
  args: ClusterArgs,
  mode: Forwarding,
  directors: readonly Director[],
): Server[] {
  return Object.entries(args.realServers).map(([name, said]): Server => {
    if (directors.some((director) => director.name === name)) {
      refuse(
        cluster,
        `${name} is a director and a real server: a cluster cannot prepare a host for both. Use VirtualService and VipAlias`,
      );
    }
    const { host, address, address6, vipDevice, sharesNetwork = true, forwarding = mode, ...own } = said;
    const tunnel = forwarding === "tunnel" && args.tunnel !== undefined ? { tunnel: args.tunnel } : {};
    return {
      name,
      host: host ?? name,
      address,
      address6: address6 ?? address,
      vipDevice,
      forwarding,
      sharesNetwork,
      settings: { ...tunnel, ...own, forwarding },
    };
  });
}

function readVip(cluster: string, text: string): Vip {
  const version = isIP(text);
  if (version === 0 || text.includes("%")) {
    refuse(cluster, `"${text}" is not a VIP: write an address alone, such as "192.168.4.5" or "2001:db8::5"`);
  }
  if (version === 4) return { ip: text, family: "ipv4", word: text };
  const ip = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  return { ip, family: "ipv6", word: ip.replaceAll(":", "-") };
}

function vipOf(cluster: string, director: string, text: string, vips: readonly Vip[]): Vip {
  const { ip } = readVip(cluster, text);
  const found = vips.find((vip) => vip.ip === ip);
  if (found !== undefined) return found;
  const all = vips.map((vip) => vip.ip).join(", ");
  return refuse(cluster, `director ${director} is to hold ${ip}, which is not a VIP of the cluster: it has ${all}`);
}

/** Without what was not said: an explicit undefined would hide what another level says. */
function compact<T extends object>(said: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Array.isArray does not know a readonly list. */
function isList<T>(said: T | readonly T[] | object): said is readonly T[] {
  return Array.isArray(said);
}
