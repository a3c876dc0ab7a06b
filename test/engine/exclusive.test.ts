import { ExclusiveThings } from "../../provider/engine/exclusive";
import { Inventory } from "../../provider/engine/inventory";
import { lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import { nfsExport } from "../../provider/kinds/nfs-export/kind";

const life = lifecycle(nfsExport, {
  inventory: new Inventory(),
  session: () => {
    throw new Error("a check contacts no host");
  },
  owned: new OwnedObjects(),
  exclusive: new ExclusiveThings(),
  log: () => undefined,
});
const check = async (path: string, name: string, file?: string) => {
  const host = { name, host: "192.0.2.1", user: "root" };
  const args = { host, path, clients: { "*": ["rw"] }, ...(file !== undefined && { file }) };
  return (await life.check({ host: "" }, args as never)).failures;
};

test("two exports of a program whose paths give the same file are refused in the preview; on two hosts, or checked twice, they are not", async () => {
  expect(await check("/srv/a-b", "nfs1")).toEqual([]);
  expect(await check("/srv/a-b", "nfs1")).toEqual([]);
  expect(await check("/srv/a/b", "nfs2")).toEqual([]);
  expect(await check("/srv/a/b", "nfs1")).toEqual([
    {
      property: "file",
      reason:
        'would be /etc/exports.d/srv-a-b.exports on nfs1, and that is the one of NfsExport /srv/a-b: give one of the two another "file"',
    },
  ]);
  expect(await check("/srv/a/b", "nfs1", "other")).toEqual([]);
});

test("an export that gets a new path for the same file is deleted before it is replaced", async () => {
  const args = (path: string) => ({ host: "nfs1", path, clients: { "*": ["rw"] }, createPath: true });
  const olds = { ...args("/srv/a-b"), file: "srv-a-b", key: "/srv/a-b", boot: true };
  const news = (path: string, file: string) => ({ ...args(path), file, key: path }) as never;
  expect(await life.diff("", olds as never, news("/srv/a/b", "srv-a-b"))).toMatchObject({ deleteBeforeReplace: true });
  expect(await life.diff("", olds as never, news("/srv/c", "srv-c"))).toMatchObject({ deleteBeforeReplace: false });
});
