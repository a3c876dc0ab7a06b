import { fail } from "../fail";
import { compact } from "../optional-args";
import type { ClusterArgs, ServiceSettings } from "./args";
import type { Service, Vip } from "./plan";
import { readVip } from "./read-vip";

/** Arguments of a cluster that apply to all of its services. */
const SETTINGS = [
  "scheduler",
  "allowUnknownScheduler",
  "schedulerFlags",
  "persistenceTimeout",
  "netmask",
  "persistenceEngine",
  "onePacket",
  "healthCheck",
] as const satisfies readonly (keyof ServiceSettings)[];

export function normalizeVips(cluster: string, { vips }: ClusterArgs): Vip[] {
  const known = vips.map(readVip);
  const twice = known.find(({ ip }, index) => known.findIndex((other) => other.ip === ip) !== index);
  if (twice !== undefined) fail(cluster, `has the VIP ${twice.ip} twice`);
  return known;
}

export function normalizeServices(cluster: string, args: ClusterArgs, vips: readonly Vip[]): Service[] {
  const { ports } = args;
  const common = compact(Object.fromEntries(SETTINGS.map((name) => [name, args[name]])) as ServiceSettings);
  const services = vips.flatMap((vip) =>
    ports.map((given): Service => {
      const {
        port,
        protocol = args.protocol ?? "tcp",
        serverPort,
        ...own
      } = typeof given === "number" ? { port: given } : given;
      const address = vip.family === "ipv6" ? `[${vip.ip}]:${port}` : `${vip.ip}:${port}`;
      return { vip, protocol, port, address, serverPort, settings: { ...common, ...own } };
    }),
  );
  const keys = services.map(({ protocol, address }) => `${protocol} ${address}`);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) fail(cluster, `has the service ${twice} twice: a port and protocol can be listed once`);
  return services;
}
