import * as pulumi from "@pulumi/pulumi";
import { ownValue } from "../../model/own-value";
import { type ServerArgs } from "../../resources/args/server";
import { RealServer } from "../../resources/real-server";
import { type TransportServiceArgs, VirtualService } from "../../resources/virtual-service";
import { byName, type Nodes } from "../nodes";
import type { Make } from "../transform";
import { type DirectorSetup, prerequisitesOf } from "./directors";
import type { ClusterPlan, Director, Server, Service } from "./plan";
import { prerequisitesFor, type RealServerNodes } from "./real-servers";

/** The hosts, prepared. */
export interface Hosts {
  readonly directors: Nodes<DirectorSetup>;
  readonly servers: Nodes<RealServerNodes>;
}

/** The rules of a cluster on one director, by the key of the service: `tcp 192.168.4.5:80`. */
export interface DirectorRules {
  /** The services. */
  readonly services: Nodes<VirtualService>;
  /** With `granularity: "server"`: the real servers, by service and name. */
  readonly realServers: Nodes<Nodes<RealServer>>;
}

/** Created after the real servers are prepared and before the director has the VIPs: until then no packet matches a rule. */
export function createRules(plan: ClusterPlan, make: Make, paths: Hosts): Nodes<DirectorRules> {
  return byName(plan.directors, (director): DirectorRules => {
    const made = plan.services.map((service) => {
      const virtualService = createService(plan, make, director, service, paths);
      return {
        key: keyOf(service),
        virtualService,
        servers: createServers(plan, make, director, service, virtualService, paths.servers),
      };
    });
    return {
      services: Object.fromEntries(made.map(({ key, virtualService }) => [key, virtualService])),
      realServers: Object.fromEntries(made.map(({ key, servers }) => [key, servers])),
    };
  });
}

/** The rules of one VIP. */
export function rulesFor(
  ip: string,
  { services: all }: ClusterPlan,
  rules: DirectorRules | undefined,
): pulumi.Resource[] {
  return all
    .filter(({ vip }) => vip.ip === ip)
    .map(keyOf)
    .flatMap((key) => [ownValue(rules?.services, key), ...Object.values(ownValue(rules?.realServers, key) ?? {})])
    .filter((found) => found !== undefined);
}

function createService(
  plan: ClusterPlan,
  make: Make,
  director: Director,
  service: Service,
  paths: Hosts,
): VirtualService {
  const { protocol, address, settings } = service;
  const args: TransportServiceArgs = { host: director.host, protocol, address, ...settings, boot: plan.boot };
  const inline = { realServers: inlineServers(plan, service), drain: plan.drain };
  return make(
    VirtualService,
    plan.transform.virtualService,
    wordOf(director, service),
    plan.granularity === "service" ? { ...args, ...inline } : args,
    [...prerequisitesOf(ownValue(paths.directors, director.name)), ...prerequisitesFor(service.vip.ip, paths.servers)],
  );
}

function createServers(
  { servers, drain, boot, granularity, transform }: ClusterPlan,
  make: Make,
  director: Director,
  service: Service,
  virtualService: VirtualService,
  paths: Nodes<RealServerNodes>,
): Nodes<RealServer> {
  if (granularity === "service") return {};
  return byName(servers, (server) => {
    const { name, settings } = server;
    const path = ownValue(paths, name);
    const address = addressOf(service, server);
    const args = { host: director.host, service: virtualService.key, address, ...settings, drain, boot };
    const ready = path === undefined ? [] : prerequisitesFor(service.vip.ip, { [name]: path });
    return make(RealServer, transform.realServer, `${wordOf(director, service)}-${name}`, args, ready);
  });
}

function inlineServers({ servers }: ClusterPlan, service: Service): pulumi.Output<Record<string, ServerArgs>> {
  return pulumi.all(servers.map((server) => addressOf(service, server))).apply((addresses) => {
    const named = servers.map(({ name, settings }, index) => ({ name, address: addresses[index] ?? "", settings }));
    for (const { name, address } of named) {
      const twin = named.find((other) => other.name !== name && other.address === address);
      if (twin !== undefined)
        throw new pulumi.RunError(`real servers ${name} and ${twin.name} have one address, ${address}`);
    }
    return Object.fromEntries(named.map(({ address, settings }) => [address, settings]));
  });
}

/** Only masquerading changes ports. */
function addressOf({ vip, serverPort }: Service, { address, address6, forwarding }: Server): pulumi.Output<string> {
  const port = forwarding === "masquerade" ? serverPort : undefined;
  return pulumi.all([vip.family === "ipv6" ? address6 : address, port]).apply(([ip, to]) => {
    if (to === undefined) return ip;
    return ip.includes(":") ? `[${ip}]:${to}` : `${ip}:${to}`;
  });
}

function keyOf({ protocol, address }: Service): string {
  return `${protocol} ${address}`;
}

function wordOf(director: Director, { vip, protocol, port }: Service): string {
  return `${director.name}-${vip.word}-${protocol}-${port}`;
}
