import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import type { VipInput, WantedVip } from "../../../provider/kinds/vip-alias/schema";
import type { FakeNetworkHost } from "../../fakes/fake-network-host";

export const director: VipInput = { role: "director", address: "192.168.4.5", device: "eth0", boot: false };
export const real: VipInput = { role: "realServer", address: "192.168.4.5", boot: false };

export function want(input: VipInput): WantedVip {
  return vipAlias.schema.parse(input);
}

/** One pass of a reconcile: what is done to the host, in words. */
export function bring(host: FakeNetworkHost, goal: WantedVip | undefined, about = goal): string[] {
  if (about === undefined) throw new Error("about whom?");
  const seen = host.seen();
  const changes = vipAlias.plan(goal, vipAlias.observe(seen, about));
  const done = host.run(changes.flatMap((change) => vipAlias.render(change, seen)));
  if (goal !== undefined) return done;
  const after = host.seen();
  return [
    ...done,
    ...host.run((vipAlias.cleanup?.(after, about) ?? []).flatMap((change) => vipAlias.render(change, after))),
  ];
}

/** Long texts for a shell by their purpose. */
export function brief(steps: readonly string[]): string[] {
  return steps.map((step) =>
    step.includes("arping") ? "tell the neighbours" : step.includes("type dummy") ? "make the dummy" : step,
  );
}
