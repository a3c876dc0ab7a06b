/** One resource whose arguments change, and how somebody could change the same thing by hand. */
export interface Row {
  readonly kind: "VirtualService" | "RealServer";
  /** What is changed. Also the resource's name. */
  readonly field: string;
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
  /** What Pulumi has to do: change it in place, or make another. */
  readonly op: "update" | "replace";
  /** `ipvsadm` words that make the same field differ on the director, where it can. */
  readonly byHand?: string;
}

const VIP = "192.168.4.5";
let port = 1000;

/** Rows have a port each, so that they do not meet. */
function service(
  field: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  op: Row["op"],
  byHand?: (name: string) => string,
): Row {
  port += 1;
  const address = `${VIP}:${port}`;
  const base = { protocol: "tcp", address, scheduler: "rr" };
  const hand = byHand?.(address);
  return {
    kind: "VirtualService",
    field: `service ${field}`,
    before: { ...base, ...before },
    after: { ...base, ...after },
    op,
    ...(hand !== undefined && { byHand: hand }),
  };
}

export const SERVICE = `${VIP}:999`;

function server(
  field: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  op: Row["op"],
  byHand?: (name: string) => string,
): Row {
  port += 1;
  const address = `10.1.${port >> 8}.${port & 255}:999`;
  const base = { service: `tcp ${SERVICE}`, address };
  const hand = byHand?.(`-t ${SERVICE} -r ${address}`);
  return {
    kind: "RealServer",
    field: `server ${field}`,
    before: { ...base, ...before },
    after: { ...base, ...after },
    op,
    ...(hand !== undefined && { byHand: hand }),
  };
}

const tunnel = (how: object) => ({ forwarding: "tunnel", tunnel: how });

/** Every field of both kinds, as ipvsadm and the kernel treat a change of it. */
export const rows: readonly Row[] = [
  service("scheduler", { scheduler: "rr" }, { scheduler: "wlc" }, "update", (name) => `-E -t ${name} -s lc`),
  service(
    "schedulerFlags",
    { scheduler: "sh", schedulerFlags: ["sh-port"] },
    { scheduler: "sh", schedulerFlags: ["sh-fallback", "sh-port"] },
    "update",
    (name) => `-E -t ${name} -s sh`,
  ),
  service(
    "persistenceTimeout",
    { persistenceTimeout: 300 },
    { persistenceTimeout: 600 },
    "update",
    (name) => `-E -t ${name} -s rr -p 301`,
  ),
  service(
    "netmask",
    { persistenceTimeout: 300, netmask: "255.255.255.0" },
    { persistenceTimeout: 300, netmask: "255.255.0.0" },
    "update",
    (name) => `-E -t ${name} -s rr -p 300`,
  ),
  service(
    "netmask of IPv6",
    { address: "[2001:db8::5]:80", persistenceTimeout: 300, netmask: "64" },
    { address: "[2001:db8::5]:80", persistenceTimeout: 300, netmask: "96" },
    "update",
    () => "-E -t [2001:db8::5]:80 -s rr -p 300 -M 48",
  ),
  service(
    "persistenceEngine",
    { protocol: "udp", persistenceTimeout: 300 },
    { protocol: "udp", persistenceTimeout: 300, persistenceEngine: "sip" },
    "update",
    (name) => `-E -u ${name} -s rr -p 300 --pe sip`,
  ),
  service(
    "onePacket",
    { protocol: "udp" },
    { protocol: "udp", onePacket: true },
    "update",
    (name) => `-E -u ${name} -s rr -o`,
  ),
  service("port", {}, { address: `${VIP}:2001` }, "replace"),
  service("address", {}, { address: "192.168.4.6:2002" }, "replace"),
  service("protocol", {}, { protocol: "sctp" }, "replace"),
  service(
    "fwmark",
    { protocol: "fwmark", address: undefined, fwmark: 7 },
    { protocol: "fwmark", address: undefined, fwmark: 8 },
    "replace",
    () => "-E -f 7 -s lc",
  ),
  service(
    "family",
    { protocol: "fwmark", address: undefined, fwmark: 9 },
    { protocol: "fwmark", address: undefined, fwmark: 9, family: "ipv6" },
    "replace",
  ),
  service(
    "realServers",
    { realServers: { "10.0.0.1": { weight: 1 }, "10.0.0.2": { weight: 2 } } },
    { realServers: { "10.0.0.1": { weight: 0 }, "10.0.0.3": { weight: 3, forwarding: "masquerade" } } },
    "update",
    (name) => `-a -t ${name} -r 10.0.0.9 -g`,
  ),
  server("weight", { weight: 1 }, { weight: 0 }, "update", (name) => `-e ${name} -g -w 65535`),
  server("forwarding", {}, { forwarding: "masquerade" }, "update", (name) => `-e ${name} -m -w 1`),
  server(
    "upperThreshold",
    { upperThreshold: 10 },
    { upperThreshold: 20 },
    "update",
    (name) => `-e ${name} -g -w 1 -x 11`,
  ),
  server(
    "lowerThreshold",
    { upperThreshold: 10, lowerThreshold: 5 },
    { upperThreshold: 10, lowerThreshold: 0 },
    "update",
    (name) => `-e ${name} -g -w 1 -x 10 -y 6`,
  ),
  server(
    "tunnel type",
    tunnel({ type: "ipip" }),
    tunnel({ type: "gre" }),
    "update",
    (name) => `-e ${name} -i -w 1 --tun-type gre --tun-csum`,
  ),
  server(
    "tunnel port",
    tunnel({ type: "gue", port: 6080 }),
    tunnel({ type: "gue", port: 6081 }),
    "update",
    (name) => `-e ${name} -i -w 1 --tun-type gue --tun-port 6082`,
  ),
  server(
    "tunnel checksum",
    tunnel({ type: "gue", port: 6080 }),
    tunnel({ type: "gue", port: 6080, checksum: "remcsum" }),
    "update",
    (name) => `-e ${name} -i -w 1 --tun-type gue --tun-port 6080 --tun-csum`,
  ),
  server("address", {}, { address: "10.2.0.1:999" }, "replace"),
  server("service", { service: `tcp ${SERVICE}` }, { service: `tcp ${VIP}:998`, address: "10.2.0.2:998" }, "replace"),
];
