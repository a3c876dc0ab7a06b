import { Inventory } from "../../provider/engine/inventory";
import { lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import { connection } from "../../provider/model/connection";
import { TableHost } from "./table-host";
import { thing } from "./thing";

const KEY = "RealServer tcp 192.0.2.10:80 -> 10.0.0.11:80 on director1";

test("an object that the program declares is owned once it was found or changed in this run, and not before", () => {
  const owned = new OwnedObjects();
  owned.confirm([KEY]);
  expect(owned.owns(KEY)).toBe(false);
  owned.declare([KEY]);
  expect(owned.owns(KEY)).toBe(false);
  owned.confirm([KEY]);
  expect(owned.owns(KEY)).toBe(true);
});

test("only what is published is told to the other provider processes", () => {
  const keys = new Set<string>();
  const shared = {
    add: (more: readonly string[]) => more.forEach((key) => keys.add(key)),
    has: (key: string) => keys.has(key),
  };
  const owned = new OwnedObjects(shared);
  owned.claim([KEY]);
  expect(new OwnedObjects(shared).owns(KEY)).toBe(false);
  owned.publish([KEY]);
  expect(new OwnedObjects(shared).owns(KEY)).toBe(true);
});

test("what a create owns is told before its host is touched, where a failure would leave a change that no state knows", async () => {
  const told: string[] = [];
  const touched: string[][] = [];
  const owned = new OwnedObjects({ add: (keys) => told.push(...keys), has: () => false });
  const host = new TableHost();
  const provider = lifecycle(thing, {
    inventory: new Inventory(),
    session: () => ({
      name: host.name,
      reachedAt: () => host.reachedAt(),
      submit: (job) => {
        touched.push([...told]);
        return host.submit(job);
      },
    }),
    owned,
    log: () => undefined,
  });
  const host1 = connection.parse({ name: "director1", host: "192.0.2.1" });
  const { inputs: checked } = await provider.check({ host: "" }, { host: host1, name: "web" });
  const { id, outs } = await provider.create(checked);
  expect(touched[0]).toEqual(["Thing web on director1"]);
  told.length = 0;
  await provider.update(id, outs, checked);
  expect(told).toEqual([]);
});
