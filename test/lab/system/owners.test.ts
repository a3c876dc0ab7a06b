import { packageKind } from "../../../provider/kinds/package/kind.ts";
import { realServer } from "../../../provider/kinds/real-server/kind.ts";
import type { DefinedKind } from "../../../provider/kinds/runtime-kind.ts";
import { systemdService } from "../../../provider/kinds/systemd-service/kind.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { differences } from "../../../tools/lab/host/snapshot.ts";
import { repositoryScript } from "../../../tools/lab/repository.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

/** What several resources need is theirs also where they declare it in different ways. */

const lab = useLab({ hosts: ["director1"] });
const director = () => lab.host("director1");

afterAll(endRun);

const VIP = "192.168.4.5:80";
const SERVER = "192.168.4.100:80";

async function up(kind: DefinedKind, stack: string, args: object): Promise<LabResource> {
  const resource = new LabResource(kind, director());
  await resource.plainUp({ ...args, __resource: `shop/${stack}/web` });
  return resource;
}

/** The servers that the kernel has, and those that the next boot loads. */
const servers = () =>
  director().text(
    "ipvsadm -Sn | awk '/^-a/ { print $5 }' | sort; echo at boot:; awk '/^-a/ { print $5 }' /etc/ipvsadm.rules | sort",
  );

test.each([false, true])(
  "a server of one stack that is in the map of another one, exclusive: %s, stays until both have gone, also over a reboot",
  async (exclusive) => {
    const before = await director().snapshot();
    const all = await up(virtualService, "dev", {
      protocol: "tcp",
      address: VIP,
      exclusive,
      realServers: { [SERVER]: {}, "192.168.4.200:80": {} },
    });
    const service = await up(virtualService, "prod", { protocol: "tcp", address: VIP, exclusive: false });
    const one = await up(realServer, "prod", { service: `tcp ${VIP}`, address: SERVER });
    const both = "192.168.4.100:80\n192.168.4.200:80";
    expect(await servers()).toBe(`${both}\nat boot:\n${both}`);

    await one.destroy();
    expect(await servers()).toBe(`${both}\nat boot:\n${both}`);
    expect(await all.drift()).toBe("none");

    const again = await up(realServer, "prod", { service: `tcp ${VIP}`, address: SERVER });
    endRun();
    await director().reboot();
    await all.destroy();
    expect(await servers()).toBe(`${SERVER}\nat boot:\n${SERVER}`);
    expect([await again.drift(), await service.drift()]).toEqual(["none", "none"]);

    await expect(service.destroy()).rejects.toThrow("real servers that RealServer resources need");
    await again.destroy();
    await service.destroy();
    endRun();
    expect(differences(before, await director().snapshot())).toEqual([]);
  },
);

test("who names another manager for the VIP of another stack is told which one that has, and both go without a trace", async () => {
  const before = await director().snapshot();
  const vip = { role: "realServer", address: "192.168.4.7", device: "dummy0" };
  const dev = await up(vipAlias, "dev", vip);
  const prod = await up(vipAlias, "prod", { ...vip, networkManager: "networkd" });
  expect(prod.said.join()).toContain(
    'shop/dev/web also declares it, and wants networkManager "ifupdown", not "networkd"',
  );
  expect(await dev.drift()).toBe("some");
  await dev.repair();
  expect(dev.said.join()).toContain(
    'shop/prod/web also declares it, and wants networkManager "networkd", not "ifupdown"',
  );
  await dev.destroy();
  await prod.destroy();
  endRun();
  expect(differences(before, await director().snapshot())).toEqual([]);
});

test("a unit or a package that two stacks call by different names is there until both have gone", async () => {
  await director().sh(repositoryScript([{ name: "apache2", version: "2.4.1" }]));
  const before = await director().snapshot();
  const there = () =>
    director().text(
      "systemctl is-active nfs-server; systemctl is-enabled nfs-server; dpkg-query -W -f '${Status}' apache2 || true",
      { check: false },
    );
  for (const isFirst of [true, false]) {
    const pairs = [
      [
        await up(systemdService, "dev", { name: "nfs-server" }),
        await up(systemdService, "prod", { name: "nfs-kernel-server" }),
      ],
      [
        await up(packageKind, "dev", { name: "apache", removeOnDestroy: true }),
        await up(packageKind, "prod", { name: "apache2", removeOnDestroy: true }),
      ],
    ] as const;
    for (const [one, other] of pairs) {
      await (isFirst ? one : other).destroy();
      expect(await (isFirst ? other : one).drift()).toBe("none");
    }
    expect(await there()).toBe("active\nenabled\ninstall ok installed");
    for (const [one, other] of pairs) await (isFirst ? other : one).destroy();
    endRun();
    expect(await there()).not.toMatch(/^active|^enabled|installed/m);
  }
  const { units, files } = await director().snapshot();
  expect(differences(before, { ...before, units, files })).toEqual([]);
  expect(await director().text("ls /var/lib/pulumi-lvs 2>/dev/null || true")).toBe("");
});
