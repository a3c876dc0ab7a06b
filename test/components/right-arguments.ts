import type { ComponentName } from "../../provider/schemas";

export type Args = Readonly<Record<string, unknown>>;

const cluster: Args = {
  vips: ["192.168.4.5", "2001:db8::5"],
  ports: [80, { port: 53, protocol: "udp", onePacket: true }],
  scheduler: "wrr",
  directors: {
    director1: {
      device: "eth0",
      vips: ["192.168.4.5"],
      internal: { device: "eth1", address: "192.168.2.2", address6: "2001:db8:2::2", alias: true },
    },
    director2: {
      host: { host: "10.0.0.2", port: 22 },
      device: "eth0",
      vips: [],
      internal: { device: "eth1", address: "192.168.2.2", address6: "2001:db8:2::2" },
    },
  },
  realServers: {
    web1: { address: "192.168.2.100", address6: "2001:db8:2::100", weight: 2, returnRoute: false },
    web2: { address: "192.168.2.101", address6: "2001:db8:2::101", forwarding: "masquerade" },
  },
  returnRoute: { device: "eth1" },
  drain: { timeout: 10 },
  ipvs: { timeouts: { tcp: 900 } },
  sync: { device: "eth1", syncId: 5 },
  granularity: "server",
  transform: { vipAlias: { networkManager: "ifcfg" }, virtualService: () => undefined },
};

export const failover: Args = {
  hosts: { lb1: { address: "192.168.4.2" }, lb2: { device: "ens3", address: "192.168.4.3" } },
  device: "eth0",
  virtualRouterId: 51,
  addresses: ["192.168.4.5", { address: "192.168.4.6", label: "eth0:0" }],
  preempt: { delay: 10 },
  track: { services: ["nginx"] },
  packages: true,
};

export const pages: Args = {
  server: { host: "nfs", address: "192.168.2.50" },
  path: "/srv/pages",
  exportTo: { "192.168.2.0/24": ["ro"] },
  webServers: { web1: {}, web2: { path: "/srv/www" } },
  options: ["ro"],
  service: false,
};

/** Of each component, with most of what it may have. */
export const VALID: Readonly<Record<ComponentName, Args>> = {
  DrCluster: cluster,
  NatCluster: cluster,
  TunCluster: cluster,
  FailoverPair: failover,
  SharedDocumentRoot: pages,
};

/** A cluster with one of each. */
export const small: Args = {
  vips: ["192.168.4.5"],
  ports: [{ port: 80 }],
  protocol: "tcp",
  directors: { director1: { device: "eth0", vips: ["192.168.4.5"] } },
  realServers: { web1: { address: "192.168.2.100", forwarding: "direct" } },
};

/** What may stand anywhere. */
export const POOL: readonly unknown[] = [
  undefined,
  null,
  "",
  "x",
  "80",
  0,
  -1,
  80,
  1.5,
  Number.NaN,
  true,
  false,
  [],
  {},
  ["x"],
];

/** The path of each value that is in a value. */
export function pathsIn(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner).map((path) => [key, ...path]))];
}

/** The same with another value at a path. */
export function withValue(whole: unknown, [first, ...rest]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value;
  const copy = (Array.isArray(whole) ? whole.slice() : { ...(whole as object) }) as Record<string, unknown>;
  copy[first] = withValue(copy[first], rest, value);
  return copy;
}
