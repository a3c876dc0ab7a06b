import { returnRoute } from "../../../provider/kinds/return-route/kind";
import type { ReturnRoute, WantedReturnRoute } from "../../../provider/kinds/return-route/schema";
import type { Step } from "../../../provider/step";
import type { FakeRouter } from "../../fakes/fake-router";

export function want(input: object = {}): WantedReturnRoute {
  return returnRoute.schema.parse({ address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1", ...input });
}

export function gateway(input: object = {}): WantedReturnRoute {
  return returnRoute.schema.parse({ mode: "default", gateway: "192.168.2.2", device: "eth1", ...input });
}

export function planned(
  host: FakeRouter,
  goal: WantedReturnRoute | undefined,
  about = goal,
  known?: ReturnRoute,
): readonly Step[] {
  if (about === undefined) throw new Error("a removal needs its subject");
  const seen = host.look();
  return returnRoute
    .plan(goal, returnRoute.observe(seen, about, known))
    .flatMap((change) => returnRoute.render(change, seen));
}

/** What a reconcile does to the host: one try, and a second one where something is left. The lines that ip is told. */
export function bring(
  host: FakeRouter,
  goal: WantedReturnRoute | undefined,
  about = goal,
  known?: ReturnRoute,
): string[] {
  const steps = [0, 1].flatMap(() => {
    const now = planned(host, goal, about, known);
    host.take(now);
    return now;
  });
  expect(planned(host, goal, about, known)).toEqual([]);
  return steps
    .flatMap((step) => ("command" in step ? (step.command.stdin ?? "").split("\n") : []))
    .filter((line) => line !== "");
}

export function withoutNetwork({ networkManager: _, ...record }: WantedReturnRoute): ReturnRoute {
  return record;
}
