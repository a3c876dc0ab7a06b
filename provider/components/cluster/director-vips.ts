import { VipAlias } from "../../resources/vip-alias";
import { byName, type Nodes } from "../nodes";
import type { Make } from "../transform";
import type { ClusterPlan } from "./plan";
import { type Rules, rulesFor } from "./services";
import { labelOf } from "./vip-label";

/** Last: from here on clients are served. First to go: nobody reaches the director's own ports by a VIP without rules. */
export function createDirectorVips(plan: ClusterPlan, make: Make, rules: Nodes<Rules>): Nodes<Nodes<VipAlias>> {
  const { directors, boot, transform } = plan;
  return byName(directors, ({ name, host, device, vips }) => {
    const made = vips.map(({ ip, word }) => {
      const args = { host, role: "director", address: ip, device, label: labelOf(device, ip), boot } as const;
      const before = rulesFor(ip, plan, rules[name]);
      return [ip, make(VipAlias, transform.vipAlias, `${name}-${word}`, args, before)] as const;
    });
    return Object.fromEntries(made);
  });
}
