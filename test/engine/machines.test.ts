import { Inventory } from "../../provider/engine/inventory";
import { type Lifecycle, lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import type { Properties } from "../../provider/engine/state";
import { ConnectionError } from "../../provider/errors";
import { A_MACHINE } from "./a-machine";
import { TableHost } from "./table-host";
import { thing } from "./thing";

/** Machines by address: what a name leads to is a matter of the inventory alone. */
let network: Record<string, TableHost>;
/** The addresses that were connected to. */
let asked: string[];

function machine(id: string, running = `boot-${id}`, hostKey = `SHA256:${id}`): TableHost {
  const host = new TableHost();
  host.seenMachine = { ...A_MACHINE, id, running, hostKey };
  return host;
}

beforeEach(() => {
  network = { "192.0.2.1": machine("one"), "192.0.2.2": machine("two") };
  asked = [];
});

/** One run of the program, with these hosts in its configuration. */
function run(addresses: Record<string, string | { readonly host: string; readonly proxy: string }>): Lifecycle {
  const provider = lifecycle(thing, {
    inventory: new Inventory(),
    session: ({ name, host: address }) => {
      const host = network[address];
      const reach = () => {
        asked.push(address);
        if (host === undefined) throw new ConnectionError(`${name}: no answer`);
        return host;
      };
      return {
        name,
        reachedAt: async () => reach().reachedAt(),
        machine: async () => reach().machine(),
        submit: async (job) => reach().submit(job),
      };
    },
    owned: new OwnedObjects(),
    log: () => undefined,
  });
  const hosts = Object.fromEntries(
    Object.entries(addresses).map(([name, host]) => [name, typeof host === "string" ? { host } : host]),
  );
  provider.configure({ config: { get: (key) => (key === "lvs:hosts" ? JSON.stringify(hosts) : undefined) } });
  return provider;
}

const inputsOf = async (provider: Lifecycle, host: string): Promise<Properties> => {
  const { inputs, failures } = await provider.check({}, { host, name: "web", size: 2 });
  expect(failures).toEqual([]);
  return inputs;
};

/** A state that an earlier run wrote. */
async function created(addresses: Record<string, string>, host: string) {
  const provider = run(addresses);
  return provider.create(await inputsOf(provider, host));
}

const sizeAt = (address: string) => network[address]?.table.get("web");

test("a state holds no address, no machine-id and no host key", async () => {
  const { outs } = await created({ lb1: "192.0.2.1" }, "lb1");
  expect(JSON.stringify(outs)).not.toMatch(/192\.0\.2\.1|SHA256|"one"/);
});

test("another name for the same address is no replacement: the next up changes nothing on the machine", async () => {
  const { id, outs } = await created({ lb1: "192.0.2.1" }, "lb1");
  for (const addresses of [{ director1: "192.0.2.1" }, { director1: "192.0.2.1", lb1: "192.0.2.1" }]) {
    const provider = run(addresses);
    const news = await inputsOf(provider, "director1");
    expect(await provider.diff(id, outs, news)).toEqual({ changes: undefined });
    const told = network["192.0.2.1"]?.told.length;
    const { outs: after } = await provider.update(id, outs, news);
    expect(after).toMatchObject({ host: "director1", size: 2 });
    expect(network["192.0.2.1"]?.told).toHaveLength(told ?? 0);
  }
});

test.each([
  ["both names in the configuration", { lb1: "192.0.2.1", director1: "lb1.example.net" }],
  ["the old name taken out", { director1: "lb1.example.net" }],
  ["the old name taken out, and a host that is down", { director1: "lb1.example.net", spare: "192.0.2.99" }],
])(
  "another name and another way to the same machine: the delete of the old resource removes nothing; %s",
  async (_, hosts) => {
    const { id, outs } = await created({ lb1: "192.0.2.1" }, "lb1");
    network["lb1.example.net"] = network["192.0.2.1"] ?? machine("none");
    const provider = run(hosts);
    const news = await inputsOf(provider, "director1");
    expect(await provider.diff(id, outs, news)).toMatchObject({ replaces: ["host"] });
    await provider.create(news);
    await provider.delete(id, outs);
    expect(sizeAt("192.0.2.1")).toBe(2);
  },
);

test("a move to another machine removes the object from the first, also where it is the clone of the other", async () => {
  for (const clone of [machine("two"), machine("one", "boot-1b"), machine("one", "boot-1c", "SHA256:two")]) {
    network["192.0.2.2"] = clone;
    const { id, outs } = await created({ lb1: "192.0.2.1" }, "lb1");
    const provider = run({ lb1: "192.0.2.1", lb2: "192.0.2.2" });
    const news = await inputsOf(provider, "lb2");
    expect(await provider.diff(id, outs, news)).toMatchObject({ replaces: ["host"] });
    await provider.create(news);
    await provider.delete(id, outs);
    expect([sizeAt("192.0.2.1"), sizeAt("192.0.2.2")]).toEqual([undefined, 2]);
  }
});

test("a refresh and a destroy find the machine of a name that was taken out", async () => {
  const { id, outs } = await created({ lb1: "192.0.2.1" }, "lb1");
  network["lb1.example.net"] = network["192.0.2.1"] ?? machine("none");
  const provider = run({ spare: "192.0.2.99", other: "192.0.2.2", director1: "lb1.example.net" });
  expect((await provider.read(id, outs)).props).toMatchObject({ host: "lb1", size: 2 });
  await provider.delete(id, outs);
  expect(sizeAt("192.0.2.1")).toBeUndefined();
});

test("a host whose proxy is unknown keeps no other from being found", async () => {
  const { id, outs } = await created({ lb1: "192.0.2.1" }, "lb1");
  const broken = { host: "192.0.2.3", proxy: "gone" };
  network["lb1.example.net"] = network["192.0.2.1"] ?? machine("none");
  await run({ broken, lb1: "lb1.example.net" }).read(id, outs);
  await run({ broken, director1: "192.0.2.1" }).delete(id, outs);
  expect(sizeAt("192.0.2.1")).toBeUndefined();
});

test.each([
  ["none of them is the machine", { other: "192.0.2.2" }, "none of them is the machine that had this name"],
  [
    "two clones",
    { a: "192.0.2.11", b: "192.0.2.12" },
    "a and b have the machine-id of the machine that had this name, so it cannot be told which it is",
  ],
])("a name that was taken out, and %s: refused", async (_, hosts, why) => {
  const { id, outs } = await created({ lb1: "192.0.2.1" }, "lb1");
  network["192.0.2.11"] = machine("one", "boot-a", "SHA256:a");
  network["192.0.2.12"] = machine("one", "boot-b", "SHA256:b");
  await expect(run(hosts).delete(id, outs)).rejects.toThrow(why);
  await expect(run(hosts).delete(id, outs)).rejects.toThrow("If the machine is gone for good, take its resources out");
});

test("a name that was taken out, while a host cannot be asked whether it is that machine: its name is said", async () => {
  const { id, outs } = await created({ lb1: "192.0.2.1" }, "lb1");
  const said = "none of them is the machine that had this name, as far as they can be reached (not dead). Put the name";
  await expect(run({ other: "192.0.2.2", dead: "192.0.2.66" }).delete(id, outs)).rejects.toThrow(said);
});

test("names that changed places: read and delete go to the machine that has the object, an update is refused", async () => {
  const { id, outs } = await created({ lb1: "192.0.2.1", lb2: "192.0.2.2" }, "lb1");
  const provider = run({ lb1: "192.0.2.2", lb2: "192.0.2.1" });
  expect((await provider.read(id, outs)).props).toMatchObject({ host: "lb1", size: 2 });
  await expect(provider.update(id, outs, await inputsOf(provider, "lb1"))).rejects.toThrow(
    'declare the object with host: "lb2"',
  );
  expect(sizeAt("192.0.2.2")).toBeUndefined();
  await run({ lb1: "192.0.2.2", lb2: "192.0.2.1" }).delete(id, outs);
  expect(sizeAt("192.0.2.1")).toBeUndefined();
});

test("a machine that was installed anew gets the object again", async () => {
  const { id, outs } = await created({ lb1: "192.0.2.1", lb2: "192.0.2.2" }, "lb1");
  network["192.0.2.1"] = machine("new");
  const provider = run({ lb1: "192.0.2.1", lb2: "192.0.2.2" });
  expect(await provider.read(id, outs)).toEqual({ id: "" });
  await provider.update(id, outs, await inputsOf(provider, "lb1"));
  expect(sizeAt("192.0.2.1")).toBe(2);
});

test("a delete asks no host that is known to be another machine", async () => {
  const addresses = { lb1: "192.0.2.1", lb2: "192.0.2.2" };
  const first = await created(addresses, "lb1");
  const second = await created(addresses, "lb2");
  const provider = run(addresses);
  await provider.diff(second.id, second.outs, await inputsOf(provider, "lb2"));
  asked = [];
  await provider.delete(first.id, first.outs);
  expect(new Set(asked)).toEqual(new Set(["192.0.2.1"]));
  expect([sizeAt("192.0.2.1"), sizeAt("192.0.2.2")]).toEqual([undefined, 2]);
});

test("a state of an earlier version, which says no machine, is read, renamed and destroyed", async () => {
  const { id, outs } = await created({ lb1: "192.0.2.1" }, "lb1");
  const { __place: _, ...old } = outs;
  const both = run({ lb1: "192.0.2.1", director1: "192.0.2.1" });
  expect(await both.diff(id, old, await inputsOf(both, "director1"))).toEqual({ changes: undefined });
  const renamed = run({ lb1: "192.0.2.1", director1: "lb1.example.net" });
  network["lb1.example.net"] = network["192.0.2.1"] ?? machine("none");
  await renamed.create(await inputsOf(renamed, "director1"));
  await renamed.delete(id, old);
  expect(sizeAt("192.0.2.1")).toBe(2);
  expect((await run({ lb1: "192.0.2.1" }).read(id, old)).props).toMatchObject({ size: 2 });
});
