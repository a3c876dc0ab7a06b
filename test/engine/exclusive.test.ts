import { ExclusiveThings } from "../../provider/engine/exclusive";
import { Inventory } from "../../provider/engine/inventory";
import { lifecycle } from "../../provider/engine/lifecycle";
import { OwnedObjects } from "../../provider/engine/ownership";
import { ipvsSettings } from "../../provider/kinds/ipvs-settings/kind";
import { nfsExport } from "../../provider/kinds/nfs-export/kind";
import type { DefinedKind } from "../../provider/kinds/runtime-kind";
import { syncDaemon } from "../../provider/kinds/sync-daemon/kind";
import { vipAlias } from "../../provider/kinds/vip-alias/kind";
import { vrrpInstance } from "../../provider/kinds/vrrp-instance/kind";

const context = {
  inventory: new Inventory(),
  session: () => {
    throw new Error("a check contacts no host");
  },
  owned: new OwnedObjects(),
  exclusive: new ExclusiveThings(),
  log: () => undefined,
};
const life = lifecycle(nfsExport, context);
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

test("an address that keepalived moves, and a VipAlias on the same host, are refused in the preview; beside a silent one it is not", async () => {
  const declare = async (kind: DefinedKind, name: string, args: object) => {
    const host = { name, host: "192.0.2.1", user: "root" };
    return (await lifecycle(kind, context).check({ host: "" }, { host, ...args } as never)).failures;
  };
  const instance = { device: "eth0", virtualRouterId: 51, addresses: ["192.168.4.4", "192.168.4.5"], priority: 254 };
  const alias = { role: "director", address: "192.168.4.5", device: "eth0" };
  expect(await declare(vrrpInstance, "lb1", instance)).toEqual([]);
  expect(await declare(vipAlias, "lb2", alias)).toEqual([]);
  expect(await declare(vipAlias, "lb1", { ...alias, address: "192.168.4.6" })).toEqual([]);
  expect(await declare(vipAlias, "lb1", { ...alias, role: "realServer", device: "lo" })).toEqual([]);
  expect(await declare(vipAlias, "lb1", alias)).toEqual([
    {
      property: "address",
      reason: expect.stringMatching(
        /^cannot be a VipAlias, 192\.168\.4\.5 where lb1 has an address of a VrrpInstance, 192\.168\.4\.5: keepalived has it up/,
      ) as unknown,
    },
  ]);
});

test("backupOnly and both sync daemons on one host are refused in the preview, whichever comes last; on two hosts they are not", async () => {
  const declare = async (kind: DefinedKind, name: string, args: object) => {
    const host = { name, host: "192.0.2.1", user: "root" };
    return (await lifecycle(kind, context).check({ host: "" }, { host, ...args } as never)).failures;
  };
  const backup = { role: "backup", device: "eth1" };
  const master = { role: "master", device: "eth1" };
  expect(await declare(syncDaemon, "director1", backup)).toEqual([]);
  expect(await declare(syncDaemon, "director2", master)).toEqual([]);
  expect(await declare(ipvsSettings, "director1", { backupOnly: true })).toEqual([]);
  expect(await declare(syncDaemon, "director1", backup)).toEqual([]);
  expect(await declare(syncDaemon, "director1", master)).toEqual([
    {
      property: "role",
      reason: expect.stringMatching(
        /^cannot be a master sync daemon where director1 has backupOnly: true and a backup sync daemon: with backup_only the kernel balances nothing/,
      ) as unknown,
    },
  ]);
  expect(await declare(syncDaemon, "director2", backup)).toEqual([]);
  expect(await declare(ipvsSettings, "director2", { backupOnly: false })).toEqual([]);
  expect(await declare(ipvsSettings, "director2", { backupOnly: true })).toMatchObject([{ property: "backupOnly" }]);
});
