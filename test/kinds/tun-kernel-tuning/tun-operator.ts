import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind";
import type { WantedTun } from "../../../provider/kinds/tun-kernel-tuning/schema";
import type { FakeTunnelHost } from "../../fakes/fake-tunnel-host";

export function want(input: object = {}): WantedTun {
  return tunKernelTuning.schema.parse(input);
}

/** One pass of a reconcile: what is done to the host, in words. */
export function bring(host: FakeTunnelHost, goal: WantedTun | undefined, about = goal): string[] {
  if (about === undefined) throw new Error("about whom?");
  const seen = host.seen();
  const changes = tunKernelTuning.plan(goal, tunKernelTuning.observe(seen, about));
  const done = host.take(changes.flatMap((change) => tunKernelTuning.render(change, seen)));
  if (goal !== undefined) return done;
  const after = host.seen();
  const left = tunKernelTuning.cleanup?.(after, about) ?? [];
  return [...done, ...host.take(left.flatMap((change) => tunKernelTuning.render(change, after)))];
}

export const commands = (steps: readonly string[]) => steps.filter((step) => !step.startsWith("edit "));
