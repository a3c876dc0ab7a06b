import { Inventory } from "../../provider/engine/inventory";
import { lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import { connection } from "../../provider/model/connection";
import { TableHost } from "./table-host";
import { thing } from "./thing";

const OBJECT = "RealServer tcp 192.0.2.10:80 -> 10.0.0.11:80";
const HOST = "director1";
const ON = { host: HOST, place: undefined, resource: undefined };

test("an object that the program declares is owned once it was found or changed in this run, and not before", () => {
  const owned = new OwnedObjects();
  owned.confirm([OBJECT], ON);
  expect(owned.owns(OBJECT, ON)).toBe(false);
  owned.declare([OBJECT], HOST);
  expect(owned.owns(OBJECT, ON)).toBe(false);
  owned.confirm([OBJECT], ON);
  expect(owned.owns(OBJECT, ON)).toBe(true);
});

test("another name of a host may be the same machine, and is told apart by whoever can ask it", () => {
  const owned = new OwnedObjects();
  owned.claim([OBJECT], ON);
  expect(owned.owns(OBJECT, { ...ON, host: "lb1" })).toBe(false);
  expect(owned.elsewhere(OBJECT, { ...ON, host: "lb1" })).toEqual([ON]);
  expect(owned.elsewhere(OBJECT, ON)).toEqual([]);
});

test("only what is published is told to the other provider processes, by the host's name and by its machine", () => {
  const keys = new Set<string>();
  const shared = {
    add: (more: readonly string[]) => more.forEach((key) => keys.add(key)),
    has: (key: string) => keys.has(key),
  };
  const owned = new OwnedObjects(shared);
  owned.claim([OBJECT], ON);
  expect(new OwnedObjects(shared).owns(OBJECT, ON)).toBe(false);
  owned.publish([OBJECT], ON, "boot-1");
  expect(new OwnedObjects(shared).owns(OBJECT, ON)).toBe(true);
  expect(new OwnedObjects(shared).isPublished(OBJECT, ON, "boot-1")).toBe(true);
  expect(new OwnedObjects(shared).isPublished(OBJECT, ON, "boot-2")).toBe(false);
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
      machine: () => host.machine(),
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
  expect(touched[0]).toEqual(["Thing web on director1", "Thing web on boot-1 net:[1]"]);
  told.length = 0;
  await provider.update(id, outs, checked);
  expect(told).toEqual([]);
});
