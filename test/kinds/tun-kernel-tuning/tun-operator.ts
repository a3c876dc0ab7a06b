import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind";
import type { WantedTun } from "../../../provider/kinds/tun-kernel-tuning/schema";
import type { FakeTunnelHost } from "../../fakes/fake-tunnel-host";

export function want(input: object = {}): WantedTun {
  return tunKernelTuning.schema.parse(input);
}

/** One pass of a reconcile: what was done to the host, in words. */
export function bring(host: FakeTunnelHost, desired: WantedTun | undefined, subject = desired): string[] {
  return host.pass(tunKernelTuning, desired, subject);
}

export const commands = (steps: readonly string[]) => steps.filter((step) => !step.startsWith("edit "));
