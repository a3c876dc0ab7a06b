import { createHash } from "node:crypto";
import { Inventory } from "../../provider/engine/inventory";
import { lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import type { Properties } from "../../provider/engine/state";
import { defineKind } from "../../provider/kinds/define-kind";
import { TableHost } from "./table-host";
import { thing } from "./thing";

/** `Thing` after two of its properties got other names. */
const renamedThing = defineKind({ ...thing, renamed: { label: "name", bulk: "size" } });

const host = "director1";
const inputs = { host, name: "web", size: 2, key: "web", commands: ["add web 2"] };
const oldInputs = { host, label: "web", bulk: 2, key: "web", rule: "add web 2" };
/** As version 0.1.0 wrote it: a digest of the properties by their names of that time. */
const digest = createHash("sha256").update('{"bulk":2,"label":"web"}').digest("hex").slice(0, 16);
const oldState = { ...oldInputs, __wanted: digest };

function start(on = new TableHost({ web: 2 })) {
  const context = { inventory: new Inventory(), session: () => on, owned: new OwnedObjects(), log: () => undefined };
  const provider = lifecycle(renamedThing, context);
  const hosts = JSON.stringify({ director1: { host: "192.0.2.1" } });
  provider.configure({ config: { get: (key) => (key === "lvs:hosts" ? hosts : undefined) } });
  return { provider, on };
}

test("new names alone are no difference, whether the inputs are new or of the old state", async () => {
  const { provider } = start();
  expect(await provider.diff("id", oldState, inputs)).toEqual({ changes: false });
  expect(await provider.diff("id", oldState, oldInputs)).toEqual({ changes: false });
});

test("a change under another name is a difference", async () => {
  const { provider } = start();
  expect(await provider.diff("id", oldState, { ...inputs, size: 3 })).toEqual({ changes: undefined });
  expect(await provider.diff("id", oldState, { ...inputs, name: "www", key: "www" })).toMatchObject({
    changes: true,
    replaces: ["name"],
  });
});

test("a refresh writes the new names, and there is still nothing to do", async () => {
  const { provider } = start();
  const { props } = await provider.read("id", oldState);
  expect(props).toMatchObject({ ...inputs, __wanted: { name: "web", size: 2 } });
  expect(await provider.diff("id", props as Properties, inputs)).toEqual({ changes: false });
  expect(await provider.diff("id", props as Properties, oldInputs)).toEqual({ changes: false });
});

test("drift of an old state is found and repaired", async () => {
  const { provider, on } = start(new TableHost({ web: 9 }));
  const { props } = await provider.read("id", oldState);
  expect(await provider.diff("id", props as Properties, inputs)).toEqual({ changes: true });
  await provider.update("id", props as Properties, inputs);
  expect(on.table.get("web")).toBe(2);
});

test("an old state is destroyed", async () => {
  const { provider, on } = start();
  await provider.delete("id", oldState);
  expect(on.told).toEqual(["ipvsadm delete web"]);
});

test("an argument by its old name is refused with the new one, and nothing else is said to be wrong", async () => {
  const { provider } = start();
  const check = async (args: object) => (await provider.check({ host }, { host, ...args })).failures;
  expect(await check({ label: "web" })).toEqual([{ property: "label", reason: 'is now called "name"' }]);
  expect(await check({ name: "web", bulk: 2 })).toEqual([{ property: "bulk", reason: 'is now called "size"' }]);
  expect(await check({ label: "web", bulk: 2, colour: "red" })).toEqual([
    { property: "label", reason: 'is now called "name"' },
    { property: "bulk", reason: 'is now called "size"' },
    { property: "colour", reason: "is not an argument of this resource" },
  ]);
});
