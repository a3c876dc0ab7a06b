import { packageKind } from "../../../provider/kinds/package/kind";
import { MANAGERS, type ManagerName, otherNames } from "../../../provider/kinds/package/schema";
import type { LabHost } from "../../../tools/lab/index";
import { FakeSession } from "../../engine/crash-points/fake-session";
import { FakePackageHost } from "../../fakes/fake-package-host";
import { LabResource } from "../../lab/resource";

/** A package that two resources name in different words is one package: it stays until the last of them goes. */

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;

function on(manager: ManagerName) {
  const host = new FakePackageHost(manager);
  const session = new FakeSession(host);
  const up = async (name: string, stack: string) => {
    const resource = new LabResource(packageKind, ADDRESS, () => session);
    await resource.plainUp({ name, removeOnDestroy: true, __resource: `shop/${stack}/package` });
    return resource;
  };
  return { host, up };
}

test.each([
  ["apt-get", "nfs-client", "nfs-common"],
  ["apt-get", "nfs-common", "nfs-client"],
  ["dnf", "nfs-client", "nfs-server"],
  ["dnf", "nfs-utils", "nfs-client"],
  ["zypper", "nfs-server", "nfs-kernel-server"],
] as const)("%s: %s of one stack and %s of another", async (manager, one, other) => {
  for (const isFirst of [true, false]) {
    const { host, up } = on(manager);
    const [first, second] = [await up(one, "dev"), await up(other, "prod")];
    const [goes, stays] = isFirst ? [first, second] : [second, first];
    await goes.destroy();
    expect(goes.said.join()).toContain(`stays, because shop/${isFirst ? "prod" : "dev"}/package needs it`);
    expect([...host.installed.values()]).toEqual(["1.31-1"]);
    expect(await stays.drift()).toBe("none");
    await stays.destroy();
    expect([...host.installed, ...host.files]).toEqual([]);
  }
});

test("one that was there before stays, whatever it is called", async () => {
  const { host, up } = on("apt-get");
  host.installed.set("nfs-common", "1.31-1");
  for (const resource of [await up("nfs-client", "dev"), await up("nfs-common", "prod")]) await resource.destroy();
  expect([[...host.installed.keys()], [...host.files]]).toEqual([["nfs-common"], []]);
});

test("a name has no other name that means another package", () => {
  for (const manager of MANAGERS) expect(otherNames("ipvsadm", manager)).toEqual([]);
  expect(otherNames("nfs-server", "apt-get")).toEqual(["nfs-kernel-server"]);
  expect(otherNames("nfs-server", "yum")).toEqual(["nfs-utils", "nfs-client"]);
  expect(otherNames("iproute", "dnf")).toEqual([]);
});
