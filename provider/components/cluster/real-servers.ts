import * as pulumi from "@pulumi/pulumi";
import { ownValue } from "../../model/own-value";
import { DrKernelTuning } from "../../resources/dr-kernel-tuning";
import { ReturnRoute } from "../../resources/return-route";
import { TunKernelTuning, type TunKernelTuningArgs } from "../../resources/tun-kernel-tuning";
import { VipAlias } from "../../resources/vip-alias";
import { byName, type Nodes } from "../nodes";
import type { Make } from "../transform";
import type { ReturnRouteSettings } from "./args";
import { activeDirector, type DirectorSetup, prerequisitesOf } from "./directors";
import { type ClusterPlan, familiesIn, type Server } from "./plan";
import { vipLabelOf } from "./vip-label";

/** The children of a cluster on one real server. */
export interface RealServerNodes {
  /** Direct routing: the ARP settings. */
  readonly drKernelTuning?: DrKernelTuning;
  /** Tunnel: device and settings. */
  readonly tunKernelTuning?: TunKernelTuning;
  /** The same for IPv6 VIPs, which have an encapsulation of their own. */
  readonly tunKernelTuning6?: TunKernelTuning;
  /** Masquerading: the route of its replies. */
  readonly returnRoute?: ReturnRoute;
  /** The same for IPv6, with VIPs of both families. */
  readonly returnRoute6?: ReturnRoute;
  /** The VIPs on this real server, by address. */
  readonly vips: Nodes<VipAlias>;
}

/** Created before the rules: a server must not answer ARP for a VIP before it has the VIP, and must have it before packets arrive. */
export function createRealServerNodes(
  plan: ClusterPlan,
  make: Make,
  directors: Nodes<DirectorSetup>,
): Nodes<RealServerNodes> {
  return byName(plan.servers, (server): RealServerNodes => {
    if (server.forwarding === "masquerade") return { ...createReturnRoutes(plan, make, server, directors), vips: {} };
    const tunings = createTunings(plan, make, server);
    return { ...tunings, vips: createVips(plan, make, server, Object.values(tunings)) };
  });
}

/** Everything on real servers that must exist before a director forwards packets for a VIP. */
export function prerequisitesFor(ip: string, servers: Nodes<RealServerNodes>): pulumi.Resource[] {
  return Object.values(servers).flatMap(({ vips, ...rest }) => {
    const vip = ownValue(vips, ip);
    return [...Object.values<pulumi.Resource>(rest), ...(vip === undefined ? [] : [vip])];
  });
}

function createReturnRoutes(
  plan: ClusterPlan,
  make: Make,
  { name, host, address, address6, returnRoute }: Server,
  directors: Nodes<DirectorSetup>,
): Omit<RealServerNodes, "vips"> {
  const { name: through, internal } = activeDirector(plan) ?? {};
  if (returnRoute === undefined || internal === undefined || through === undefined) return {};
  const create = (
    suffix: string,
    from: pulumi.Input<string>,
    gateway: pulumi.Input<string>,
    given: ReturnRouteSettings,
  ) => {
    // A default gateway serves all addresses of the host.
    const source = given.mode === "default" ? {} : { address: from };
    const args = { host, ...source, gateway, ...given, boot: plan.boot };
    return make(ReturnRoute, plan.transform.returnRoute, suffix, args, prerequisitesOf(ownValue(directors, through)));
  };
  const first = { returnRoute: create(name, address, internal.address, returnRoute) };
  const { address6: gateway6 } = internal;
  if (familiesIn(plan).length === 1 || gateway6 === undefined) return first;
  // localNetworks are networks of IPv4 here.
  const { localNetworks: _, ...settings } = returnRoute;
  return { ...first, returnRoute6: create(`${name}-ipv6`, address6, gateway6, settings) };
}

function createTunings(plan: ClusterPlan, make: Make, server: Server): Omit<RealServerNodes, "vips"> {
  const { vips, boot, transform } = plan;
  const { name, host } = server;
  if (server.forwarding === "tunnel") return createTunnelEnds(plan, make, server);
  // IPv6 has no ARP, and no neighbour discovery for an address on lo.
  if (vips.every(({ family }) => family === "ipv6")) return {};
  return { drKernelTuning: make(DrKernelTuning, transform.drKernelTuning, name, { host, boot }) };
}

function createTunnelEnds(plan: ClusterPlan, make: Make, server: Server): Omit<RealServerNodes, "vips"> {
  const { boot, transform } = plan;
  const { name, host, address6, sameSubnetAsVip } = server;
  const families = familiesIn(plan);
  const create = (suffix: string, args: Partial<TunKernelTuningArgs>) => {
    const tuningArgs = { host, ...encapsulationOf(server), ...args, boot };
    return make(TunKernelTuning, transform.tunKernelTuning, suffix, tuningArgs);
  };
  const encapsulates = pulumi.output(address6).apply((ip) => (ip.includes(":") ? "6in6" : "6in4"));
  const name6 = families.length === 1 ? name : `${name}-ipv6`;
  return {
    ...(families.includes("ipv4") && { tunKernelTuning: create(name, { sameSubnetAsVip }) }),
    ...(families.includes("ipv6") && { tunKernelTuning6: create(name6, { encapsulates }) }),
  };
}

/** An undefined argument counts as omitted. */
function encapsulationOf({ settings }: Server): Pick<TunKernelTuningArgs, "type" | "port"> {
  const { type, port } = pulumi.output(settings.tunnel ?? {});
  return { type, port } as Pick<TunKernelTuningArgs, "type" | "port">;
}

function createVips(
  { vips, boot, transform }: ClusterPlan,
  make: Make,
  server: Server,
  tunings: readonly pulumi.Resource[],
): Nodes<VipAlias> {
  const { name, host } = server;
  const all = vips.map(({ ip }) => ip);
  const made = vips.map(({ ip, family, word }) => {
    const device = server.device ?? deviceOf(server, family);
    const label = vipLabelOf(device, ip, all);
    const args = { host, role: "realServer", address: ip, device, label, boot } as const;
    return [ip, make(VipAlias, transform.vipAlias, `${name}-${word}`, args, tunings)] as const;
  });
  return Object.fromEntries(made);
}

/** With `rp_filter` 1 or 2 the kernel drops packets from a tunnel device without an address, so an IPv4 VIP is on that device. */
function deviceOf({ forwarding, settings }: Server, family: "ipv4" | "ipv6"): pulumi.Input<string> {
  if (forwarding !== "tunnel" || family === "ipv6") return "lo";
  return pulumi.output(settings.tunnel ?? {}).apply(({ type }) => (type === "gre" ? "gre0" : "tunl0"));
}
