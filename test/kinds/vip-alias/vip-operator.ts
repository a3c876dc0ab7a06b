import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import type { VipInput, WantedVip } from "../../../provider/kinds/vip-alias/schema";
import type { FakeNetworkHost } from "../../fakes/fake-network-host";

export const director: VipInput = { role: "director", address: "192.168.4.5", device: "eth0", boot: false };
export const real: VipInput = { role: "realServer", address: "192.168.4.5", boot: false };

export function want(input: VipInput): WantedVip {
  return vipAlias.schema.parse(input);
}

/** One pass of a reconcile: what is done to the host, in words. */
export function bring(host: FakeNetworkHost, desired: WantedVip | undefined, subject = desired): string[] {
  return host.pass(vipAlias, desired, subject);
}

/** Long texts for a shell by their purpose. */
export function brief(steps: readonly string[]): string[] {
  return steps.flatMap((step) => {
    if (step.includes("neigh replace")) return ["ask who has it"];
    if (step.includes("sleep") || step.includes("is in use")) return [];
    return [step.includes("arping") ? "tell the neighbours" : step.includes("type dummy") ? "make the dummy" : step];
  });
}
