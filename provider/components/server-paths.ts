import type * as pulumi from "@pulumi/pulumi";
import { DrKernelTuning } from "../resources/dr-kernel-tuning";
import { VipAlias } from "../resources/vip-alias";
import { byName, type Nodes } from "./by-name";
import type { ClusterPlan, Server } from "./cluster-plan";
import type { Make } from "./transform";
import { labelOf } from "./vip-label";

/** What a real server needs, so that it can answer clients. */
export interface ServerPath {
  readonly drKernelTuning?: DrKernelTuning;
  /** The VIPs that it holds, by address. */
  readonly vips: Nodes<VipAlias>;
}

/** Before the rules: a server must stay silent about a VIP before it holds it, and hold it before packets come. */
export function createServerPaths(plan: ClusterPlan, make: Make): Nodes<ServerPath> {
  return byName(plan.servers, (server): ServerPath => {
    if (server.forwarding === "masquerade") return { vips: {} };
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

function createTunings(
  { vips, boot, transform }: ClusterPlan,
  make: Make,
  { name, host }: Server,
): Pick<ServerPath, "drKernelTuning"> {
  // ARP is IPv4's. An IPv6 address on lo is nobody's business but the host's.
  if (vips.every(({ family }) => family === "ipv6")) return {};
  return { drKernelTuning: make(DrKernelTuning, transform.drKernelTuning, name, { host, boot }) };
}

function createVips(
  { vips, boot, transform }: ClusterPlan,
  make: Make,
  { name, host, vipDevice: device }: Server,
  tunings: readonly pulumi.Resource[],
): Nodes<VipAlias> {
  const made = vips.map(({ ip, word }) => {
    const args = { host, role: "realServer", address: ip, device, label: labelOf(device, ip), boot } as const;
    return [ip, make(VipAlias, transform.vipAlias, `${name}-${word}`, args, tunings)] as const;
  });
  return Object.fromEntries(made);
}
