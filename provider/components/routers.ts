import { NatKernelTuning } from "../resources/nat-kernel-tuning";
import { VipAlias } from "../resources/vip-alias";
import { byName, type Nodes } from "./by-name";
import type { InsideArgs } from "./cluster-args";
import { type ClusterPlan, type Director, refuse } from "./cluster-plan";
import type { Make } from "./transform";
import { labelOf } from "./vip-label";

/** What makes a director the router of its real servers. */
export interface Router {
  readonly natKernelTuning: NatKernelTuning;
  /** The address that real servers send their replies to, if it is ours to bring up. */
  readonly gateway?: VipAlias;
}

/** First of all in a cluster with masquerading: real servers are to find the way back open. */
export function createRouters(plan: ClusterPlan, make: Make): Nodes<Router> {
  const { called, directors, servers, boot, transform } = plan;
  if (servers.every(({ forwarding }) => forwarding !== "masquerade")) return {};
  const holder = holderOf(plan);
  return byName(directors, (director): Router => {
    const { name, host } = director;
    const { device, address, alias = false } = insideOf(called, director);
    const natKernelTuning = make(NatKernelTuning, transform.natKernelTuning, name, { host, devices: [device], boot });
    if (!alias || director !== holder) return { natKernelTuning };
    const aliasArgs = { host, role: "director", address, device, label: labelOf(device, address), boot } as const;
    return { natKernelTuning, gateway: make(VipAlias, transform.vipAlias, `${name}-inside`, aliasArgs) };
  });
}

/** The director that replies go through: the one that has the first VIP. */
export function holderOf({ directors, vips: [first] }: ClusterPlan): Director | undefined {
  return directors.find(({ vips }) => first !== undefined && vips.includes(first));
}

function insideOf(called: string, { name, inside }: Director): InsideArgs {
  if (inside !== undefined) return inside;
  return refuse(
    called,
    `director ${name} needs its side towards real servers behind masquerading: inside: { device: "eth1", address: "192.168.2.2" }`,
  );
}
