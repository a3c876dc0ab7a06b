import * as pulumi from "@pulumi/pulumi";
import { DrKernelTuning } from "../../resources/dr-kernel-tuning";
import { ReturnRoute } from "../../resources/return-route";
import { TunKernelTuning, type TunKernelTuningArgs } from "../../resources/tun-kernel-tuning";
import { VipAlias } from "../../resources/vip-alias";
import { byName, type Nodes } from "../nodes";
import { refuse } from "../refuse";
import type { Make } from "../transform";
import type { ReturnRouteSettings } from "./args";
import { type DirectorPath, groundOf, holderOf } from "./directors";
import { type ClusterPlan, familiesIn, type Server } from "./plan";
import { labelOf } from "./vip-label";

/** What a real server needs, so that it can answer clients. */
export interface ServerPath {
  readonly drKernelTuning?: DrKernelTuning;
  readonly tunKernelTuning?: TunKernelTuning;
  /** For IPv6 VIPs, which come in an envelope of their own. */
  readonly tunKernelTuning6?: TunKernelTuning;
  readonly returnRoute?: ReturnRoute;
  /** The same for IPv6, where there are VIPs of both families. */
  readonly returnRoute6?: ReturnRoute;
  /** The VIPs that it holds, by address. */
  readonly vips: Nodes<VipAlias>;
}

/** Before the rules: a server must stay silent about a VIP before it holds it, and hold it before packets come. */
export function createServerPaths(plan: ClusterPlan, make: Make, directors: Nodes<DirectorPath>): Nodes<ServerPath> {
  return byName(plan.servers, (server): ServerPath => {
    if (server.forwarding === "masquerade") return { ...createReturnRoutes(plan, make, server, directors), vips: {} };
    const tunings = createTunings(plan, make, server);
    return { ...tunings, vips: createVips(plan, make, server, Object.values(tunings)) };
  });
}

/** All that has to be there before packets for a VIP are sent to its servers. */
export function readyFor(ip: string, paths: Nodes<ServerPath>): pulumi.Resource[] {
  return Object.values(paths).flatMap(({ vips, ...rest }) => {
    const vip = vips[ip];
    return [...Object.values<pulumi.Resource>(rest), ...(vip === undefined ? [] : [vip])];
  });
}

function createReturnRoutes(
  plan: ClusterPlan,
  make: Make,
  { name, host, address, address6, returnRoute }: Server,
  directors: Nodes<DirectorPath>,
): Omit<ServerPath, "vips"> {
  const { name: through, internal } = holderOf(plan) ?? {};
  if (returnRoute === undefined || internal === undefined || through === undefined) return {};
  const create = (
    suffix: string,
    from: pulumi.Input<string>,
    gateway: pulumi.Input<string>,
    said: ReturnRouteSettings,
  ) => {
    // The default gateway is everybody's, whatever address they have.
    const source = said.mode === "default" ? {} : { address: from };
    const args = { host, ...source, gateway, ...said, boot: plan.boot };
    return make(ReturnRoute, plan.transform.returnRoute, suffix, args, groundOf(directors[through]));
  };
  const first = { returnRoute: create(name, address, internal.address, returnRoute) };
  if (familiesIn(plan).length === 1) return first;
  const gateway6 = internal.address6 ?? refuse(plan.called, `has VIPs of both families: ${withoutIpv6(through)}`);
  // What is answered directly is said in networks of IPv4.
  const { localNetworks: _, ...settings } = returnRoute;
  return { ...first, returnRoute6: create(`${name}-ipv6`, address6, gateway6, settings) };
}

function withoutIpv6(director: string): string {
  return `the way back needs an IPv6 address of director ${director} as well, internal: { ..., address6: "2001:db8:2::2" }`;
}

function createTunings(plan: ClusterPlan, make: Make, server: Server): Omit<ServerPath, "vips"> {
  const { vips, boot, transform } = plan;
  const { name, host } = server;
  if (server.forwarding === "tunnel") return createTunnelEnds(plan, make, server);
  // ARP is IPv4's. An IPv6 address on lo is nobody's business but the host's.
  if (vips.every(({ family }) => family === "ipv6")) return {};
  return { drKernelTuning: make(DrKernelTuning, transform.drKernelTuning, name, { host, boot }) };
}

function createTunnelEnds(plan: ClusterPlan, make: Make, server: Server): Omit<ServerPath, "vips"> {
  const { boot, transform } = plan;
  const { name, host, address6, sameSubnetAsVip } = server;
  const families = familiesIn(plan);
  const create = (suffix: string, args: Partial<TunKernelTuningArgs>) => {
    const tuningArgs = { host, ...envelopeOf(server), ...args, boot };
    return make(TunKernelTuning, transform.tunKernelTuning, suffix, tuningArgs);
  };
  const encapsulates = pulumi.output(address6).apply((ip) => (ip.includes(":") ? "6in6" : "6in4"));
  const name6 = families.length === 1 ? name : `${name}-ipv6`;
  return {
    ...(families.includes("ipv4") && { tunKernelTuning: create(name, { sameSubnetAsVip }) }),
    ...(families.includes("ipv6") && { tunKernelTuning6: create(name6, { encapsulates }) }),
  };
}

/** As an argument, undefined is what is left out. */
function envelopeOf({ settings }: Server): Pick<TunKernelTuningArgs, "type" | "port"> {
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
  const made = vips.map(({ ip, family, word }) => {
    const device = server.device ?? deviceOf(server, family);
    const args = { host, role: "realServer", address: ip, device, label: labelOf(device, ip), boot } as const;
    return [ip, make(VipAlias, transform.vipAlias, `${name}-${word}`, args, tunings)] as const;
  });
  return Object.fromEntries(made);
}

/** What comes out of a tunnel is dropped by `rp_filter` 2, and by 1, where its device has no address: so the VIP is there. Not so IPv6. */
function deviceOf({ forwarding, settings }: Server, family: "ipv4" | "ipv6"): pulumi.Input<string> {
  if (forwarding !== "tunnel" || family === "ipv6") return "lo";
  return pulumi.output(settings.tunnel ?? {}).apply(({ type }) => (type === "gre" ? "gre0" : "tunl0"));
}
