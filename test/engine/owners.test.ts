import fc from "fast-check";
import { Inventory } from "../../provider/engine/inventory";
import { type Lifecycle, lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import { OWNERS_FILE } from "../../provider/facts/files/owners";
import { connection } from "../../provider/model/connection";
import { StoredResource } from "../support/stored-resource";
import { TableHost } from "./table-host";
import { thing } from "./thing";

const HOST = connection.parse({ name: "director1", host: "192.0.2.1" });

/** A run of one stack: each has a process of its own. */
function run(host: TableHost, log: string[] = []): Lifecycle {
  const context = { inventory: new Inventory(), session: () => host, owned: new OwnedObjects() };
  return lifecycle(thing, { ...context, log: (line) => log.push(line) });
}

function said(stack: string, size = 1) {
  return { host: HOST, name: "web", size, __resource: `shop/${stack}/web` };
}

const STACKS = ["dev", "test", "prod"] as const;

test("of several stacks that need one object, the last to go takes it away", async () => {
  const moves = fc.array(fc.constantFrom(...STACKS), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(moves, async (order) => {
      const host = new TableHost();
      const there = new Map<string, StoredResource>();
      for (const stack of [
        ...order,
        ...STACKS.filter((one) => order.filter((move) => move === one).length % 2 === 1),
      ]) {
        const resource = there.get(stack) ?? new StoredResource();
        if (there.delete(stack)) await resource.destroy(run(host));
        else {
          await resource.up(run(host), said(stack));
          there.set(stack, resource);
        }
        expect(host.table.has("web")).toBe(there.size > 0);
        for (const one of there.values()) expect(await one.refresh(run(host))).toMatchObject({ size: 1 });
      }
      expect([...host.table, ...host.files]).toEqual([]);
    }),
  );
});

test.each([2, 3])("%i that go in the same moment take it away once", async (count) => {
  const host = new TableHost();
  const all = await Promise.all(
    STACKS.slice(0, count).map(async (stack) => {
      const resource = new StoredResource();
      await resource.up(run(host), said(stack));
      return resource;
    }),
  );
  expect([...host.table]).toEqual([["web", 1]]);
  host.isBatching = true;
  host.told.length = 0;
  await Promise.all(all.map((resource) => resource.destroy(run(host))));
  expect(host.told.filter((step) => step.startsWith("ipvsadm"))).toEqual(["ipvsadm delete web"]);
  expect([...host.table, ...host.files]).toEqual([]);
});

test("what is left to others is told, with the file that says so", async () => {
  const host = new TableHost();
  const [one, two] = [new StoredResource(), new StoredResource()];
  await one.up(run(host), said("dev"));
  await two.up(run(host), said("prod"));
  const lines: string[] = [];
  await one.destroy(run(host, lines));
  expect(lines).toEqual([
    "Thing web on director1: stays, because shop/prod/web needs it, as /var/lib/pulumi-lvs/owners of this host says",
  ]);
  await two.destroy(run(host, lines));
  expect(lines).toHaveLength(1);
});

test("a lost state adopts by its name, and a resource of an earlier version without one has no owner on record", async () => {
  const host = new TableHost();
  await new StoredResource().up(run(host), said("dev"));
  const again = new StoredResource();
  await again.up(run(host), said("dev"));
  await again.destroy(run(host));
  expect([...host.table, ...host.files]).toEqual([]);

  const { __resource: _, ...unnamed } = said("dev");
  const old = new StoredResource();
  await old.up(run(host), unnamed);
  expect([...host.files]).toEqual([]);
  await old.up(run(host), said("dev", 2));
  expect(host.files.get(OWNERS_FILE)).toBe('["Thing","web",["shop/dev/web"]]\n');
});

test("an object that somebody took away has left its line: a refresh keeps it in the state, and a destroy drops it", async () => {
  const host = new TableHost();
  const one = new StoredResource();
  await one.up(run(host), said("dev"));
  host.table.clear();
  expect(await one.refresh(run(host))).toMatchObject({ commands: [] });
  await one.plainUp(run(host), said("dev"));
  expect([...host.table]).toEqual([["web", 1]]);
  host.table.clear();
  await one.refresh(run(host));
  await one.destroy(run(host));
  expect([...host.table, ...host.files]).toEqual([]);
});

test.each(["same process", "another process"])(
  "a resource with another name takes the object over; %s",
  async (where) => {
    const host = new TableHost();
    const life = run(host);
    const [old, renamed] = [new StoredResource(), new StoredResource()];
    await old.up(where === "same process" ? life : run(host), said("dev"));
    await renamed.up(life, { ...said("dev"), __resource: "shop/dev/www" });
    await old.destroy(life);
    expect(host.files.get(OWNERS_FILE)).toBe('["Thing","web",["shop/dev/www"]]\n');
    expect([...host.table]).toEqual([["web", 1]]);
    await renamed.destroy(run(host));
    expect([...host.table, ...host.files]).toEqual([]);
  },
);

test("what another resource has taken over stays, also where the record does not name that one", async () => {
  const host = new TableHost();
  const life = run(host);
  const [old, renamed] = [new StoredResource(), new StoredResource()];
  await old.up(run(host), said("dev"));
  await renamed.up(life, { ...said("dev"), __resource: "shop/dev/www" });
  host.files.set(OWNERS_FILE, '["Thing","web",["shop/dev/web"]]\n');
  await old.destroy(life);
  expect([...host.table, ...host.files]).toEqual([["web", 1]]);
});

test("a line that somebody deleted is written again by the next up after a refresh", async () => {
  const host = new TableHost();
  const one = new StoredResource();
  await one.up(run(host), said("dev"));
  const line = host.files.get(OWNERS_FILE);
  host.files.clear();
  await one.plainUp(run(host), said("dev"));
  expect([...host.files]).toEqual([]);
  await one.refresh(run(host));
  await one.plainUp(run(host), said("dev"));
  expect(host.files.get(OWNERS_FILE)).toBe(line);
});

test("a resource that replaces itself stays the owner", async () => {
  const host = new TableHost();
  const [old, again] = [new StoredResource(), new StoredResource()];
  await old.up(run(host), said("dev"));
  const life = run(host);
  await again.up(life, said("dev"));
  await old.destroy(life);
  expect(host.files.get(OWNERS_FILE)).toBe('["Thing","web",["shop/dev/web"]]\n');
  expect([...host.table]).toEqual([["web", 1]]);
});
