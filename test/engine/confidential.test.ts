import { ExclusiveThings } from "../../provider/engine/exclusive";
import { Inventory } from "../../provider/engine/inventory";
import { lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import type { Properties } from "../../provider/engine/state";
import { OWNERS_FILE } from "../../provider/facts/files/owners";
import { fileKind } from "../../provider/kinds/file/kind";
import { connection } from "../../provider/model/connection";
import { FakeFileHost } from "../fakes/fake-file-host";
import { StoredResource } from "../support/stored-resource";
import { FakeSession } from "./crash-points/fake-session";

/** What may be a secret: no message has it, and the state has it encrypted. */

const PATH = "/etc/secret";
const SECRET = "hunter2";
const isEncrypted = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value: expect.anything() as unknown,
};

let host: FakeFileHost;
let said: string[];

beforeEach(() => {
  host = new FakeFileHost();
  said = [];
});

function run() {
  const session = new FakeSession(host);
  const context = { inventory: new Inventory(), session: () => session, owned: new OwnedObjects() };
  return lifecycle(fileKind, { ...context, exclusive: new ExclusiveThings(), log: (line) => said.push(line) });
}

const args = (more: object = {}, stack = "prod"): Properties => ({
  host: connection.parse({ name: "web1", host: "192.0.2.1" }),
  path: PATH,
  content: `${SECRET}\n`,
  secret: true,
  __resource: `shop/${stack}/web`,
  ...more,
});

test("inputs, outputs and what a refresh finds are encrypted, each with what is wanted; of a file that is none they are plain", async () => {
  const life = run();
  const { inputs } = await life.check({ host: "" }, args());
  expect(inputs).toMatchObject({ content: isEncrypted, sha256: isEncrypted, mode: "0644" });
  const stored = new StoredResource();
  const { inputs: given } = await stored.up(life, args());
  const { id, outs } = await run().create(given);
  expect(outs).toMatchObject({ content: isEncrypted, sha256: isEncrypted, __wanted: isEncrypted, path: PATH });
  host.put(PATH, `${SECRET}!\udcff\n`);
  const found = await run().read(id, stored.state?.outs ?? args());
  expect(found.props).toMatchObject({ contentBase64: isEncrypted, sha256: isEncrypted, __wanted: isEncrypted });
  expect(found.props).not.toHaveProperty("content");
  expect(found.inputs).toMatchObject({ contentBase64: isEncrypted, sha256: isEncrypted });
  const plain = await life.check({ host: "" }, args({ secret: false }));
  expect(plain.inputs).toMatchObject({
    content: `${SECRET}\n`,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
  });
});

test("a content that becomes a secret is a change, though the file stays", async () => {
  const stored = new StoredResource();
  const state = await stored.up(run(), args({ secret: false }));
  const { inputs } = await run().check({ host: "" }, args());
  const given = await stored.check(run(), args());
  expect(inputs["secret"]).toBe(true);
  expect((await run().diff(state.id, state.outs, given)).changes).not.toBe(false);
});

test("a content that is refused is not shown beside the reason, as other inputs are", async () => {
  const { failures } = await run().check({ host: "" }, args({ content: `${SECRET}\0` }));
  expect(failures).toEqual([
    { property: "", reason: expect.stringMatching(/^content: must be a text, without NUL/) as unknown },
  ]);
});

test("an error and a wish of another stack do not show it, nor does a record of the host", async () => {
  const [prod, dev] = [new StoredResource(), new StoredResource()];
  await prod.up(run(), args());
  await dev.up(run(), args({ content: `${SECRET}!\n` }, "dev"));
  expect(said).toEqual([
    expect.stringMatching(
      /^File \/etc\/secret on web1: shop\/prod\/web also declares it, and wants another sha256, as /,
    ),
  ]);
  expect(host.files.get(OWNERS_FILE)).toContain("shop/prod/web");
  expect(host.files.get(OWNERS_FILE)).not.toContain(SECRET);
  const error = await dev
    .up(run(), args({ content: `bad ${SECRET}\n`, validate: ["test", "{}"] }, "dev"))
    .catch(String);
  expect(error).toContain("(what it says is not shown, as the content of the file is a secret)");
  expect(JSON.stringify([error, said])).not.toContain(SECRET);
});

test("two resources of one program for one file are refused; one that is checked twice, and one of another host, are not", async () => {
  const life = run();
  const check = async (resource: string, name: string) =>
    (await life.check({ host: "" }, { ...args({ __resource: resource }), host: { name, host: "192.0.2.1" } as never }))
      .failures;
  expect(await check("shop/prod/a", "web1")).toEqual([]);
  expect(await check("shop/prod/a", "web1")).toEqual([]);
  expect(await check("shop/prod/b", "web2")).toEqual([]);
  expect(await check("shop/prod/b", "web1")).toEqual([
    {
      property: "path",
      reason:
        'would be /etc/secret on web1, and that is the one of the File shop/prod/a: give one of the two another "path"',
    },
  ]);
});
