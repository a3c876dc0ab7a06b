import type * as pulumi from "@pulumi/pulumi";
import { IpvsSettings } from "../../resources/ipvs-settings";
import { NatKernelTuning, type NatKernelTuningArgs } from "../../resources/nat-kernel-tuning";
import { VipAlias } from "../../resources/vip-alias";
import { byName, type Nodes } from "../nodes";
import type { Make } from "../transform";
import { type ClusterPlan, type Director, familiesIn } from "./plan";
import { vipLabelOf } from "./vip-label";

/** The children of a cluster on one director that come before its rules. */
export interface DirectorSetup {
  /** The IPVS settings, if the cluster has `ipvs`. */
  readonly ipvsSettings?: IpvsSettings;
  /** Masquerading: the settings that make it a router. */
  readonly natKernelTuning?: NatKernelTuning;
  /** Masquerading: the internal address that replies go to, if `alias` is true. */
  readonly gateway?: VipAlias;
  /** The same for IPv6, with VIPs of both families. */
  readonly gateway6?: VipAlias;
}

/** First of all children: replies of real servers must find the director ready to forward them. */
export function createDirectorSetups(plan: ClusterPlan, make: Make): Nodes<DirectorSetup> {
  return byName(plan.directors, (director): DirectorSetup => {
    return { ...createSettings(plan, make, director), ...createRouter(plan, make, director) };
  });
}

/** Everything on a director that its rules depend on. */
export function prerequisitesOf(setup: DirectorSetup | undefined): pulumi.Resource[] {
  return Object.values<pulumi.Resource>({ ...setup });
}

function createSettings(
  { ipvs, boot, transform }: ClusterPlan,
  make: Make,
  { name, host }: Director,
): Pick<DirectorSetup, "ipvsSettings"> {
  if (ipvs === undefined) return {};
  return { ipvsSettings: make(IpvsSettings, transform.ipvsSettings, `${name}-ipvs`, { host, ...ipvs, boot }) };
}

function createRouter(plan: ClusterPlan, make: Make, director: Director): Omit<DirectorSetup, "ipvsSettings"> {
  const { servers, boot, transform } = plan;
  const { name, host, internal } = director;
  if (internal === undefined || servers.every(({ forwarding }) => forwarding !== "masquerade")) return {};
  const { device, address, address6, alias = false } = internal;
  const natArgs = { host, devices: [device], ...familiesOf(plan), boot };
  const natKernelTuning = make(NatKernelTuning, transform.natKernelTuning, name, natArgs);
  // keepalived brings it up.
  if (!alias || plan.failover !== undefined || director !== activeDirector(plan)) return { natKernelTuning };
  const bringUp = (suffix: string, ip: pulumi.Input<string>) => {
    const aliasArgs = { host, role: "director", address: ip, device, label: vipLabelOf(device, ip), boot } as const;
    return make(VipAlias, transform.vipAlias, `${name}-${suffix}`, aliasArgs);
  };
  const gateway6 = address6 === undefined ? {} : { gateway6: bringUp("inside6", address6) };
  return { natKernelTuning, gateway: bringUp("inside", address), ...gateway6 };
}

/** The families to forward. IPv4 alone is the default of `NatKernelTuning`. */
function familiesOf(plan: ClusterPlan): Pick<NatKernelTuningArgs, "families"> {
  const families = familiesIn(plan);
  return families.includes("ipv6") ? { families } : {};
}

/** The director with the first VIP. Replies of masqueraded servers go through it. With failover, all have the same address there. */
export function activeDirector({ directors, failover, vips: [first] }: ClusterPlan): Director | undefined {
  if (failover !== undefined) return directors[0];
  return directors.find(({ vips }) => first !== undefined && vips.includes(first));
}
