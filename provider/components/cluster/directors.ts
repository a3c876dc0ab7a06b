import type * as pulumi from "@pulumi/pulumi";
import { IpvsSettings } from "../../resources/ipvs-settings";
import { NatKernelTuning, type NatKernelTuningArgs } from "../../resources/nat-kernel-tuning";
import { VipAlias } from "../../resources/vip-alias";
import { byName, type Nodes } from "../nodes";
import { refuse } from "../refuse";
import type { Make } from "../transform";
import type { InternalArgs } from "./args";
import { type ClusterPlan, type Director, familiesIn } from "./plan";
import { labelOf } from "./vip-label";

/** What a director needs before it has rules. */
export interface DirectorPath {
  readonly ipvsSettings?: IpvsSettings;
  /** What makes it the router of its real servers. */
  readonly natKernelTuning?: NatKernelTuning;
  /** The address that real servers send their replies to, if it is ours to bring up. */
  readonly gateway?: VipAlias;
  /** The same for IPv6, where there are VIPs of both families. */
  readonly gateway6?: VipAlias;
}

/** First of all: real servers are to find the way back open. */
export function createDirectorPaths(plan: ClusterPlan, make: Make): Nodes<DirectorPath> {
  return byName(plan.directors, (director): DirectorPath => {
    return { ...createSettings(plan, make, director), ...createRouter(plan, make, director) };
  });
}

/** All that has to be there before its rules. */
export function groundOf(path: DirectorPath | undefined): pulumi.Resource[] {
  return Object.values<pulumi.Resource>({ ...path });
}

function createSettings(
  { ipvs, boot, transform }: ClusterPlan,
  make: Make,
  { name, host }: Director,
): Pick<DirectorPath, "ipvsSettings"> {
  if (ipvs === undefined) return {};
  return { ipvsSettings: make(IpvsSettings, transform.ipvsSettings, `${name}-ipvs`, { host, ...ipvs, boot }) };
}

function createRouter(plan: ClusterPlan, make: Make, director: Director): Omit<DirectorPath, "ipvsSettings"> {
  const { called, servers, boot, transform } = plan;
  if (servers.every(({ forwarding }) => forwarding !== "masquerade")) return {};
  const { name, host } = director;
  const { device, address, address6, alias = false } = internalOf(called, director);
  const natArgs = { host, devices: [device], ...familiesOf(plan), boot };
  const natKernelTuning = make(NatKernelTuning, transform.natKernelTuning, name, natArgs);
  if (!alias || director !== holderOf(plan)) return { natKernelTuning };
  const bringUp = (suffix: string, ip: pulumi.Input<string>) => {
    const aliasArgs = { host, role: "director", address: ip, device, label: labelOf(device, ip), boot } as const;
    return make(VipAlias, transform.vipAlias, `${name}-${suffix}`, aliasArgs);
  };
  const gateway6 = address6 === undefined ? {} : { gateway6: bringUp("inside6", address6) };
  return { natKernelTuning, gateway: bringUp("inside", address), ...gateway6 };
}

/** What it has to forward. IPv4 alone is what is not said. */
function familiesOf(plan: ClusterPlan): Pick<NatKernelTuningArgs, "families"> {
  const families = familiesIn(plan);
  return families.includes("ipv6") ? { families } : {};
}

/** The director that replies go through: the one that has the first VIP. */
export function holderOf({ directors, vips: [first] }: ClusterPlan): Director | undefined {
  return directors.find(({ vips }) => first !== undefined && vips.includes(first));
}

function internalOf(called: string, { name, internal }: Director): InternalArgs {
  if (internal !== undefined) return internal;
  return refuse(
    called,
    `director ${name} needs its side towards real servers behind masquerading: internal: { device: "eth1", address: "192.168.2.2" }`,
  );
}
