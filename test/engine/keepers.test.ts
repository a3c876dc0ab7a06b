import { Inventory } from "../../provider/engine/inventory";
import { lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import { OWNERS_FILE } from "../../provider/facts/files/owners";
import { connection } from "../../provider/model/connection";
import { StoredResource } from "../support/stored-resource";
import { FakeSession } from "./crash-points/fake-session";
import { lives } from "./crash-points/lives";

/** Two stacks that name different programs of the host to keep one object for the next boot: each is told what the other one names. */

const HOST = connection.parse({ name: "web1", host: "192.0.2.1" });

const SETTINGS = ["networkManager", "rulesLoader"] as const;

/** Those of the crash points that go from one program to another. */
const moving = lives.flatMap(({ kind, on, host, args, others = [] }) => {
  const setting = SETTINGS.find((one) => one in args);
  const [other] = others;
  if (setting === undefined || other === undefined) return [];
  const [from, to] = [args, other].map((record) => String(Reflect.get(record, setting)));
  return [{ name: `${kind.name} on ${on}`, kind, host, args, other, setting, from, to }];
});

function stacks(kind: (typeof moving)[number]["kind"], host: (typeof moving)[number]["host"]) {
  const session = new FakeSession(host);
  return ["dev", "prod"].map((stack) => {
    const stored = new StoredResource();
    const run = (said: string[]) =>
      lifecycle(kind, {
        inventory: new Inventory(),
        session: () => session,
        owned: new OwnedObjects(),
        log: (line) => said.push(line),
      });
    return {
      up: async (args: object) => {
        const said: string[] = [];
        await stored.plainUp(run(said), { host: HOST, ...args, __resource: `shop/${stack}/web` });
        return said.join("\n");
      },
      destroy: () => stored.destroy(run([])),
    };
  });
}

test("each kind that has such an input is among them", () => {
  expect([...new Set(moving.map(({ kind, setting }) => `${kind.name} ${setting}`))].sort()).toEqual([
    "RealServer rulesLoader",
    "ReturnRoute networkManager",
    "SyncDaemon rulesLoader",
    "VipAlias networkManager",
    "VirtualService rulesLoader",
  ]);
});

test.each(moving)("$name: $setting $from, then $to", async ({ kind, host, args, other, setting, from, to }) => {
  const [dev, prod] = stacks(kind, host);
  expect(await dev?.up(args)).toBe("");
  // The first one has said nothing yet: what the host has is what it wants.
  expect(await prod?.up({ ...args, [setting]: to })).toContain(
    `shop/dev/web also declares it, and wants ${setting} "${from}", not "${to}", as ${OWNERS_FILE} of this host says`,
  );
  expect(await dev?.up(other)).not.toContain(setting);
  expect(await dev?.up({ ...args, boot: false })).not.toContain(setting);
  await prod?.destroy();
  await dev?.destroy();
  expect(host.files.has(OWNERS_FILE)).toBe(false);
});
