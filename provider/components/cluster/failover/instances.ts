import * as pulumi from "@pulumi/pulumi";
import { ownValue } from "../../../model/own-value";
import { VrrpInstance, type VrrpInstanceArgs } from "../../../resources/vrrp-instance";
import type { Nodes } from "../../nodes";
import type { Make } from "../../transform";
import { inVrrpOrder, unicastOf } from "../../vrrp-order";
import type { ClusterPlan, Director } from "../plan";
import { type DirectorRules, rulesFor } from "../services";
import { vipLabelOf } from "../vip-label";
import type { FailoverArgs } from "./args";
import type { DirectorSync } from "./sync-daemons";

/** Created last: from then on clients are served. */
export function createFailover(
  plan: ClusterPlan,
  make: Make,
  { rules, sync }: { readonly rules: Nodes<DirectorRules>; readonly sync: Nodes<DirectorSync> },
): Nodes<VrrpInstance> {
  const { failover, directors, vips, transform } = plan;
  if (failover === undefined) return {};
  const ready: pulumi.Resource[] = directors.flatMap(({ name }) => [
    ...vips.flatMap(({ ip }) => rulesFor(ip, plan, ownValue(rules, name))),
    ...Object.values<pulumi.Resource>({ ...ownValue(sync, name) }),
  ]);
  return inVrrpOrder(directors, (director, priority, others) => {
    const args = instanceArgs(plan, director, failover, priority);
    return make(VrrpInstance, transform.vrrpInstance, `${director.name}-vrrp`, args, [...ready, ...others]);
  });
}

function instanceArgs(
  { vips, servers }: ClusterPlan,
  { name, host, device, internal }: Director,
  { peers, track, ...settings }: FailoverArgs,
  priority: number,
): VrrpInstanceArgs {
  const all = vips.map(({ ip }) => ip);
  const addresses = vips.map(({ ip }) => ({ address: ip, label: vipLabelOf(device, ip, all) }));
  const routed = servers.filter(({ forwarding }) => forwarding === "masquerade");
  const inside = routed.length === 0 ? undefined : internal;
  const gateways = inside === undefined ? [] : gatewaysIn(inside);
  // A network that is lost behind the director's own NIC shows in nothing but its servers.
  const tracked = inside && { devices: [inside.device], hosts: routed.map(({ address }) => address) };
  return {
    host,
    device,
    addresses: [...addresses, ...gateways],
    priority,
    ...settings,
    ...unicastOf(name, peers),
    ...((tracked ?? track) && {
      track: pulumi.all([tracked, track]).apply(([usual, given]) => ({ ...usual, ...given })),
    }),
  };
}

/** The addresses that real servers' replies go to. They move with the VIPs. */
function gatewaysIn({ device, address, address6 }: NonNullable<Director["internal"]>) {
  const all = address6 === undefined ? [address] : [address, address6];
  return all.map((ip) => ({ address: ip, device, label: vipLabelOf(device, ip) }));
}
