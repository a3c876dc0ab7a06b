import { type Check, checkFor, type HealthCheck, type HttpProbe } from "../../../model/ipvs/health-check";
import { parseServiceKey, type ServiceIdentity, serviceKey } from "../../../model/ipvs/service-key";
import type { InlineServer, Servers, Service } from "../../../model/ipvs/virtual-service";
import { parseAddressAndPort } from "../../../model/network/address";

/** A service whose servers are checked. */
export interface CheckedService extends Service {
  readonly realServers: Servers;
  readonly healthCheck: HealthCheck;
}

/** `tcp-192.168.4.5-80`, `fwmark-7-ipv6`: the name of the service's file. */
export function fragmentName(service: Parameters<typeof serviceKey>[0]): string {
  const identity = parseServiceKey(serviceKey(service));
  if (identity.protocol === "fwmark") return `fwmark-${identity.fwmark}${identity.family === "ipv6" ? "-ipv6" : ""}`;
  const { address, port } = parseAddressAndPort(identity.address);
  return `${identity.protocol}-${address}-${port}`;
}

/** A `virtual_server` of keepalived. Each server has its check whole, because that is how keepalived of all versions reads it. */
export function renderFragment(service: CheckedService): string {
  const { realServers, healthCheck } = service;
  const identity = parseServiceKey(serviceKey(service));
  const sorted = Object.entries(realServers).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = [
    `# VirtualService ${serviceKey(service)}. Written by pulumi-lvs, as a whole.`,
    `virtual_server ${nameOf(identity)} {`,
    ...indent([
      ...serviceLines(service, identity),
      ...(healthCheck.sorry === undefined ? [] : sorryLines(healthCheck.sorry, identity)),
      ...sorted.flatMap(([address, server]) => serverLines(address, server, healthCheck)),
    ]),
    "}",
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** `192.168.4.5 80`, `fwmark 7` */
function nameOf(identity: ServiceIdentity): string {
  return identity.protocol === "fwmark" ? `fwmark ${identity.fwmark}` : endpoint(identity.address);
}

function endpoint(text: string): string {
  const { address, port = 0 } = parseAddressAndPort(text);
  return `${address} ${port}`;
}

function serviceLines(service: Service, identity: ServiceIdentity): readonly string[] {
  const { schedulerFlags, persistenceTimeout, netmask, persistenceEngine, onePacket } = service;
  return [
    // A mark has no protocol, and an address says its family itself.
    identity.protocol === "fwmark"
      ? `ip_family ${identity.family === "ipv6" ? "inet6" : "inet"}`
      : `protocol ${identity.protocol.toUpperCase()}`,
    `lvs_sched ${service.scheduler}`,
    ...schedulerFlags,
    ...(persistenceTimeout === undefined ? [] : [`persistence_timeout ${persistenceTimeout}`]),
    ...(netmask === undefined ? [] : [`persistence_granularity ${netmask}`]),
    ...(persistenceEngine === undefined ? [] : [`persistence_engine ${persistenceEngine}`]),
    ...(onePacket ? ["ops"] : []),
  ];
}

/** Only masquerading can change the port. */
function sorryLines(sorry: string, service: ServiceIdentity): readonly string[] {
  const { port } = parseAddressAndPort(sorry);
  return [`sorry_server ${endpoint(sorry)}`, `sorry_server_lvs_method ${port === service.port ? "DR" : "NAT"}`];
}

function serverLines(address: string, server: InlineServer, healthCheck: HealthCheck): readonly string[] {
  const { weight, upperThreshold, lowerThreshold } = server;
  return [
    `real_server ${endpoint(address)} {`,
    ...indent([
      `weight ${weight}`,
      `lvs_method ${methodOf(server)}`,
      ...(upperThreshold === 0 ? [] : [`uthreshold ${upperThreshold}`]),
      ...(lowerThreshold === 0 ? [] : [`lthreshold ${lowerThreshold}`]),
      ...(healthCheck.onFailure === "weight0" ? ["inhibit_on_failure"] : []),
      ...checkLines(checkFor(healthCheck, server.healthCheck), address),
    ]),
    "}",
  ];
}

const METHODS = { direct: "DR", masquerade: "NAT", tunnel: "TUN" } as const;

function methodOf({ forwarding, tunnel }: InlineServer): string {
  if (tunnel === undefined || tunnel.type === "ipip") return METHODS[forwarding];
  const port = tunnel.type === "gue" ? ` port ${tunnel.port}` : "";
  return `TUN type ${tunnel.type}${port} ${tunnel.checksum}`;
}

/** The block of a checker. */
export function checkLines(check: Check, address: string): readonly string[] {
  const { interval, retries, retryInterval } = check;
  const [name, ...probe] = probeLines(check, address);
  return [
    `${name} {`,
    ...indent([
      ...probe,
      `delay_loop ${interval}`,
      `retry ${retries}`,
      `delay_before_retry ${retryInterval}`,
      // The first check at once, and not at random within the interval: until then a dead server counts as one that answers.
      "warmup 0",
    ]),
    "}",
  ];
}

/** The name of the checker, then what it is about. */
function probeLines(check: Check, address: string): readonly [string, ...string[]] {
  const { http, https, dns, udp, command, timeout } = check;
  if (command !== undefined) {
    const { address: ip, port = 0 } = parseAddressAndPort(address);
    return ["MISC_CHECK", `misc_path "${command} ${ip} ${check.port ?? port}"`, `misc_timeout ${timeout}`, "user root"];
  }
  const connection = [
    ...(check.port === undefined ? [] : [`connect_port ${check.port}`]),
    `connect_timeout ${timeout}`,
  ];
  if (http !== undefined) return ["HTTP_GET", ...urlLines(http), ...connection];
  if (https !== undefined)
    return ["SSL_GET", ...(https.host === undefined ? [] : ["enable_sni"]), ...urlLines(https), ...connection];
  if (dns !== undefined) return ["DNS_CHECK", `type ${dns.type}`, `name ${dns.name}`, ...connection];
  if (udp !== undefined)
    return [
      "UDP_CHECK",
      ...(udp.payload === undefined ? [] : [`payload ${udp.payload}`]),
      ...(udp.requireReply ? ["require_reply"] : []),
      ...connection,
    ];
  return [check.ping === undefined ? "TCP_CHECK" : "PING_CHECK", ...connection];
}

function urlLines({ path, status, host }: HttpProbe): readonly string[] {
  return [
    "url {",
    ...indent([
      `path ${path}`,
      ...(host === undefined ? [] : [`virtualhost ${host}`]),
      ...(status === undefined ? [] : [`status_code ${status.join(" ")}`]),
    ]),
    "}",
  ];
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `    ${line}`);
}
