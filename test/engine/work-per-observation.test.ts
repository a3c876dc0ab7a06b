import { Reconciler } from "../../provider/engine/reconcile";
import { defineKind } from "../../provider/kinds/define-kind";
import { TableHost } from "./table-host";
import { type Thing, thing } from "./thing";

/** What a reconcile costs: observations of the host, parses of its fact, and plans. */
async function cost(
  desired: Thing | undefined,
  subject: Thing,
  lastApplied?: Thing,
  table: Record<string, number> = {},
) {
  const counts = { parses: 0, plans: 0 };
  const counting = defineKind({
    ...thing,
    facts: (want) => {
      const { things } = thing.facts(want);
      const parse = (output: string) => {
        counts.parses += 1;
        return things.parse(output);
      };
      return { things: { ...things, parse } };
    },
    plan: (want, have) => {
      counts.plans += 1;
      return thing.plan(want, have);
    },
  });
  const host = new TableHost(table);
  await new Reconciler(host, counting.runtime, { desired, subject, lastApplied }, { log: () => undefined }).reconcile();
  return { jobs: host.looks, ...counts };
}

const web: Thing = { name: "web", size: 2 };
const draining: Thing = { ...web, patience: 0 };

test.each([
  [
    "a create parses and plans twice: before the step, and to verify it",
    cost(web, web),
    { jobs: 1, parses: 2, plans: 2 },
  ],
  [
    "an adoption without a change does so once",
    cost(web, web, undefined, { web: 2 }),
    { jobs: 1, parses: 1, plans: 1 },
  ],
  [
    "so does an update of a kind with a drain, where nothing drains",
    cost(web, web, web, { web: 1 }),
    { jobs: 1, parses: 2, plans: 2 },
  ],
  [
    "a drain is two changes and a poll",
    cost(undefined, draining, draining, { web: 2 }),
    { jobs: 3, parses: 5, plans: 4 },
  ],
  ["a delete of an object that is gone looks once", cost(undefined, web, web), { jobs: 1, parses: 1, plans: 1 }],
])("%s", async (_, measured, expected) => {
  expect(await measured).toEqual(expected);
});

test("a second attempt is isolated, so that its error is its own, and the first one is not", async () => {
  const host = new TableHost();
  host.stubborn.add("web");
  const target = { desired: web, subject: web, lastApplied: undefined };
  const reconciled = new Reconciler(host, thing.runtime, target, { log: () => undefined }).reconcile();
  await expect(reconciled).rejects.toThrow("Thing web on director1");
  expect(host.isolated).toEqual([false, true]);
});
