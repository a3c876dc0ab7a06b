import { Inventory } from "../../provider/engine/inventory";
import { type Lifecycle, lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import type { Properties } from "../../provider/engine/state";
import { TableHost } from "./table-host";
import { thing } from "./thing";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let host: TableHost;
let log: string[];
let provider: Lifecycle;

beforeEach(() => {
  start(new TableHost());
});

function start(on: TableHost) {
  host = on;
  log = [];
  const owned = new OwnedObjects();
  provider = lifecycle(thing, {
    inventory: new Inventory(),
    session: () => host,
    owned,
    log: (line) => log.push(line),
  });
  const hosts = JSON.stringify({ director1: { host: "192.0.2.1" } });
  provider.configure({ config: { get: (key) => (key === "lvs:hosts" ? hosts : undefined) } });
}

const said = (record: object): Properties => ({ host: "director1", __provider: "text", ...record });

async function inputs(record: object): Promise<Properties> {
  const { inputs: checked, failures } = await provider.check(said({}), said(record));
  expect(failures).toEqual([]);
  return checked;
}

describe("check", () => {
  test("returns what the program says, defaults, the key and the rule that a preview shows", async () => {
    expect(await inputs({ name: "WEB" })).toEqual({
      host: "director1",
      name: "WEB",
      size: 1,
      key: "web",
      commands: ["add web 1"],
    });
  });

  test("is the same when told its own answer again", async () => {
    const once = await inputs({ name: "WEB", size: 0 });
    expect((await provider.check(once, { ...once, __provider: "text" })).inputs).toEqual(once);
  });

  test.each([
    ["a bad value", { name: "web", size: -1 }, { property: "size", reason: "must be 0 or more" }],
    [
      "a word that is no argument",
      { name: "web", wieght: 1 },
      { property: "wieght", reason: "is not an argument of this resource" },
    ],
    ["our own entrance", { name: "192.0.2.1" }, { property: "name", reason: "is where our own session enters" }],
    [
      "a host that is in no configuration",
      { name: "web", host: "direktor1" },
      {
        property: "host",
        reason:
          'no host is named "direktor1" in lvs:hosts of the stack\'s configuration: did you mean "director1"? It has director1',
      },
    ],
  ])("names the property of %s", async (_, record, failure) => {
    expect((await provider.check(said({}), said(record))).failures).toEqual([failure]);
  });

  test("lets a value pass that is not known yet, and still sees what is wrong beside it", async () => {
    expect((await provider.check(said({}), said({ name: UNKNOWN, size: UNKNOWN }))).failures).toEqual([]);
    const { failures } = await provider.check(said({}), said({ name: UNKNOWN, size: -1 }));
    expect(failures).toEqual([{ property: "size", reason: "must be 0 or more" }]);
  });

  test("touches no host", async () => {
    await inputs({ name: "web" });
    expect(host.looks).toBe(0);
  });
});

describe("diff", () => {
  test.each([
    ["nothing changed", { name: "web", size: 2 }, { changes: false }],
    ["a changed value is left to the engine to show", { name: "web", size: 3 }, { changes: undefined }],
    ["a changed setting is an update", { name: "web", size: 2, note: "x" }, { changes: undefined }],
    [
      "a changed name is another object",
      { name: "www", size: 2 },
      { changes: true, replaces: ["name"], deleteBeforeReplace: false },
    ],
  ])("%s", async (_, record, difference) => {
    const { id, outs } = await provider.create(await inputs({ name: "web", size: 2 }));
    expect(await provider.diff(id, outs, await inputs(record))).toEqual(difference);
  });

  test("another host is another object", async () => {
    const { id, outs } = await provider.create(await inputs({ name: "web" }));
    const moved = { ...(await inputs({ name: "web" })), host: "director2" };
    expect(await provider.diff(id, outs, moved)).toMatchObject({ changes: true, replaces: ["host"] });
  });

  test("another key or address of an inline host is no other object", async () => {
    const at = (address: string, privateKey: string) => ({ host: { host: address, privateKey }, name: "web" });
    const { id, outs } = await provider.create(await inputs(at("192.0.2.7", "old")));
    expect(await provider.diff(id, outs, await inputs(at("192.0.2.8", "new")))).toEqual({ changes: undefined });
  });
});

describe("drift", () => {
  test("is what read returns, is a difference, and is repaired by update", async () => {
    const wanted = await inputs({ name: "web", size: 2 });
    const { id, outs } = await provider.create(wanted);
    host.table.set("web", 9);
    const read = await provider.read(id, outs);
    expect(read.props).toMatchObject({ size: 9, commands: ["add web 9"] });
    expect(await provider.diff(id, read.props ?? outs, wanted)).toEqual({ changes: true });
    await provider.update(id, read.props ?? outs, wanted);
    expect(host.table.get("web")).toBe(2);
  });

  test("of a thing that is gone has no id", async () => {
    const { id, outs } = await provider.create(await inputs({ name: "web" }));
    host.table.delete("web");
    expect(await provider.read(id, outs)).toEqual({ id: "" });
  });

  test("is none where nothing was touched, and nothing is told", async () => {
    const wanted = await inputs({ name: "web" });
    const { id, outs } = await provider.create(wanted);
    const { props } = await provider.read(id, outs);
    expect(props).toEqual(outs);
    host.told.length = 0;
    await provider.update(id, outs, wanted);
    expect(host.told).toEqual([]);
  });
});

describe("create", () => {
  test.each([
    ["adopts what is there and equal, without a word", { web: 2 }, []],
    ["adopts what is there and different, by an edit", { web: 7 }, ["ipvsadm edit web 2"]],
    ["adds what is not there", {}, ["ipvsadm add web 2"]],
  ])("%s", async (_, table: Record<string, number>, told) => {
    start(new TableHost(table));
    await provider.create(await inputs({ name: "web", size: 2 }));
    expect(host.told).toEqual(told);
  });

  test("that the host undoes says what is left, and keeps what was begun in the state", async () => {
    start(new TableHost({ web: 7 }));
    host.stubborn.add("web");
    const wanted = { ...(await inputs({ name: "web", size: 2 })), __provider: "text" };
    await expect(provider.create(wanted)).rejects.toMatchObject({
      message: [
        "Thing web on director1: the steps succeeded, but the host still differs. Left to do:",
        "  $ ipvsadm edit web 2",
        "Does something else manage this on the host (keepalived, ldirectord, a cron job)? Find it, then run again.",
      ].join("\n"),
      id: "director1 web",
      properties: { size: 7, __provider: "text" },
      reasons: [expect.stringContaining("still differs")],
    });
  });

  test.each([
    [3, "resolves"],
    [100, "rejects"],
  ] as const)("that is overtaken by others %i times looks again, though not for ever", async (times, end) => {
    host.overtaken = times;
    const creating = provider.create(await inputs({ name: "web" }));
    if (end === "resolves") expect((await creating).outs).toMatchObject({ size: 1 });
    else await expect(creating).rejects.toThrow("/etc/things was changed by somebody else meanwhile");
    expect(host.told.length).toBe(Math.min(times + 1, 11));
  });

  test.each([
    [3, "resolves"],
    [100, "rejects"],
  ] as const)("that others give more to do after %i changes does it, though not for ever", async (times, end) => {
    const more = [() => host.table.set("web", 7), () => host.table.delete("web")];
    host.meanwhile = Array.from({ length: times }, (_, index) => more[index % more.length] ?? (() => undefined));
    const creating = provider.create(await inputs({ name: "web" }));
    if (end === "resolves") expect((await creating).outs).toMatchObject({ size: 1 });
    else await expect(creating).rejects.toThrow("the steps succeeded, but the host still differs");
    expect(host.told.length).toBe(Math.min(times + 1, 11));
  });

  test("is refused where it would lock us out, by the host's own account of the session", async () => {
    const wanted = await inputs({ name: "10.9.9.9" });
    host.address = { address: "10.9.9.9", port: 22 };
    await expect(provider.create(wanted)).rejects.toThrow(
      "Thing 10.9.9.9 on director1: name is where our own session enters",
    );
    expect(host.told).toEqual([]);
  });
});

describe("delete", () => {
  test("of what is gone already is done already", async () => {
    const { id, outs } = await provider.create(await inputs({ name: "web" }));
    start(new TableHost());
    await provider.delete(id, outs);
    expect(host.told).toEqual([]);
  });

  test("after a replacement or a rename to the same place leaves the new one alone", async () => {
    const first = await provider.create(await inputs({ name: "web" }));
    await provider.create(await inputs({ name: "web", size: 5 }));
    await provider.delete(first.id, first.outs);
    expect(host.table.get("web")).toBe(5);
  });

  test("that a broken run left over leaves the successor alone, which only has to be looked at", async () => {
    const wanted = await inputs({ name: "web" });
    const { id, outs } = await provider.create(wanted);
    start(new TableHost({ web: 1 }));
    await provider.diff(id, outs, await inputs({ name: "web" }));
    await provider.delete(id, outs);
    expect(host.told).toEqual([]);
  });

  test("is done although the program was run for it", async () => {
    const { id, outs } = await provider.create(await inputs({ name: "web" }));
    start(new TableHost({ web: 1 }));
    await inputs({ name: "web" });
    await provider.delete(id, outs);
    expect(host.told).toEqual(["ipvsadm delete web"]);
  });

  test("with a drain brings it to its interim state first, says how much is left, and then goes on", async () => {
    const { id, outs } = await provider.create(await inputs({ name: "web", size: 4, patience: 0 }));
    const on = new TableHost({ web: 4, conn: 1 });
    start(on);
    await provider.delete(id, outs);
    expect(on.told).toEqual(["ipvsadm edit web 0", "ipvsadm delete web"]);
    expect(log).toEqual(["Thing web on director1: the drain timeout of 0 s is over with 1 connection(s) left"]);
  });

  test("with a drain does not wait for what cannot come to its end any more", async () => {
    const { id, outs } = await provider.create(
      await inputs({ name: "web", size: 4, patience: 3600, note: "cannot end" }),
    );
    const on = new TableHost({ web: 4, conn: 1 });
    start(on);
    await provider.delete(id, outs);
    expect(on.told).toEqual(["ipvsadm edit web 0", "ipvsadm delete web"]);
    expect(log).toEqual([
      "Thing web on director1: the host no longer accepts packets for it; not waiting for 1 connection(s)",
    ]);
  });
});
