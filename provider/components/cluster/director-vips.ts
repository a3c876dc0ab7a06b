import { ownValue } from "../../model/own-value";
import { VipAlias } from "../../resources/vip-alias";
import { byName, type Nodes } from "../nodes";
import type { Make } from "../transform";
import type { ClusterPlan } from "./plan";
import { type DirectorRules, rulesFor } from "./services";
import { vipLabelOf } from "./vip-label";

/** Created last: from then on clients are served. Destroyed first: without rules, a VIP would lead clients to the director's own ports. */
export function createDirectorVips(plan: ClusterPlan, make: Make, rules: Nodes<DirectorRules>): Nodes<Nodes<VipAlias>> {
  const { directors, boot, transform } = plan;
  return byName(directors, ({ name, host, device, vips }) => {
    const all = vips.map(({ ip }) => ip);
    const made = vips.map(({ ip, word }) => {
      const args = { host, role: "director", address: ip, device, label: vipLabelOf(device, ip, all), boot } as const;
      const rulesOfVip = rulesFor(ip, plan, ownValue(rules, name));
      return [ip, make(VipAlias, transform.vipAlias, `${name}-${word}`, args, rulesOfVip)] as const;
    });
    return Object.fromEntries(made);
  });
}
