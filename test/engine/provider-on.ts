import { Inventory } from "../../provider/engine/inventory";
import { type Lifecycle, lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import type { Properties } from "../../provider/engine/state";
import type { Facts } from "../../provider/facts/fact";
import type { Session } from "../../provider/host/session/job";
import { observationFor } from "../../provider/host/session/observation";
import { defineKind } from "../../provider/kinds/define-kind";
import type { Kind } from "../../provider/kinds/kind";
import type { Step } from "../../provider/step";
import { A_MACHINE } from "./a-machine";
import { answering } from "./answering";

/** A host as a kind sees it: the values of its facts, by name, and what runs steps. */
export interface FakeHost<Seen> {
  readonly look: () => Seen;
  readonly take: (steps: readonly Step[]) => unknown;
}

/** One resource of a kind on a fake host, created. A refresh leads from one state to the next. */
export async function createdOn<Want extends object, Have extends object, Seen extends object, Change>(
  fake: FakeHost<Seen>,
  kind: Kind<Want, Have, Seen, Change>,
  args: object,
) {
  const provider = providerOn(fake, kind);
  const host = { name: "host1", host: "192.0.2.1", user: "root" };
  const { inputs, failures } = await provider.check({ host: "" }, { host, ...args } as Properties);
  expect(failures).toEqual([]);
  const { id, outs } = await provider.create(inputs);
  const refresh = async (state: Properties) => {
    const { props } = await provider.read(id, state);
    if (props === undefined) throw new Error("it is gone");
    return props;
  };
  // In a later run: an object that a run has made it does not delete.
  const destroy = (state: Properties) => providerOn(fake, kind).delete(id, state);
  return { provider, id, inputs, outs, refresh, destroy };
}

/** Each fact of the kind has the value that the fake gives it. */
export function providerOn<Want extends object, Have extends object, Seen extends object, Change>(
  { look, take }: FakeHost<Seen>,
  kind: Kind<Want, Have, Seen, Change>,
): Lifecycle {
  const facts = (want: Want): Facts<Seen> => {
    kind.facts(want);
    const fakes = Object.keys(look()).map((name) => [
      name,
      { command: { run: ["look", name] }, parse: () => Reflect.get(look(), name) },
    ]);
    return Object.fromEntries(fakes) as Facts<Seen>;
  };
  const session: Session = {
    name: "host1",
    reachedAt: () => Promise.resolve({ address: "192.0.2.1", port: 22 }),
    machine: () => Promise.resolve(A_MACHINE),
    submit: async (job) => {
      await Promise.resolve();
      const plan = () => job.plan(observationFor(job, answering("")));
      const before = plan();
      take(before.steps());
      return { before, after: plan(), done: [] };
    },
  };
  const context = {
    inventory: new Inventory(),
    session: () => session,
    owned: new OwnedObjects(),
    log: () => undefined,
  };
  return lifecycle(defineKind({ ...kind, facts }), context);
}
