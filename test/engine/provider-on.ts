import { Inventory } from "../../provider/engine/inventory";
import { type Lifecycle, lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import type { Properties } from "../../provider/engine/state";
import type { Session } from "../../provider/host/session/job";
import type { AnyKind } from "../../provider/kinds/kind";
import type { Step } from "../../provider/step";

/** A host as a kind sees it: its facts by name, read already, and what takes steps. */
export interface FakeHost {
  readonly look: () => object;
  readonly take: (steps: readonly Step[]) => unknown;
}

/** One resource of a kind on a fake host, created. A refresh leads from one state to the next. */
export async function createdOn({ look, take }: FakeHost, kind: unknown, args: object) {
  const provider = providerOn({ look, take }, kind as AnyKind);
  const host = { name: "host1", host: "192.0.2.1", user: "root" };
  const { inputs, failures } = await provider.check({ host: "" }, { host, ...args } as Properties);
  expect(failures).toEqual([]);
  const { id, outs } = await provider.create(inputs);
  const refresh = async (state: Properties) => {
    const { props } = await provider.read(id, state);
    if (props === undefined) throw new Error("it is gone");
    return props;
  };
  // In a later run: what one run has made it does not delete.
  const destroy = (state: Properties) => providerOn({ look, take }, kind as AnyKind).delete(id, state);
  return { provider, id, inputs, outs, refresh, destroy };
}

/** The kind's questions are answered by the fake: each fact is a command of its own, and is what the fake says it is. */
function providerOn({ look, take }: FakeHost, kind: AnyKind): Lifecycle {
  const facts = () =>
    Object.fromEntries(
      Object.keys(look()).map((name) => [
        name,
        { command: { run: ["look", name] as const }, parse: () => (look() as Record<string, unknown>)[name] },
      ]),
    );
  const seen = { answer: () => ({ code: 0, stdout: "", stderr: "" }) };
  const session: Session = {
    name: "host1",
    reachedAt: () => Promise.resolve({ address: "192.0.2.1", port: 22 }),
    submit: (job) => {
      take(job.decide(seen));
      return Promise.resolve({ seen, done: [] });
    },
  };
  const world = { inventory: new Inventory(), session: () => session, held: new OwnedObjects(), log: () => undefined };
  return lifecycle({ ...kind, facts: (want: object) => (kind.facts(want), facts()) }, world);
}
