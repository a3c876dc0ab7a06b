import { systemdService } from "../../../provider/kinds/systemd-service/kind";
import type { LabHost } from "../../../tools/lab/index";
import { FakeSession } from "../../engine/crash-points/fake-session";
import { FakeSystemdHost } from "../../fakes/fake-systemd-host";
import { LabResource } from "../../lab/resource";

/** A unit that two resources call by two of its names is one unit: it is restored when the last of them goes. */

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;

test.each([
  ["nfs-server", "nfs-kernel-server"],
  ["nfs-kernel-server", "nfs-server"],
  ["nfs-kernel-server", "nfsd"],
])("%s of one stack, and %s of another", async (one, other) => {
  for (const isFirst of [true, false]) {
    const host = new FakeSystemdHost();
    host.units.set("nfs-server.service", { active: "inactive", file: "disabled" });
    for (const alias of ["nfs-kernel-server.service", "nfsd.service"]) host.aliases.set(alias, "nfs-server.service");
    const session = new FakeSession(host);
    const up = async (name: string, stack: string) => {
      const resource = new LabResource(systemdService, ADDRESS, () => session);
      await resource.plainUp({ name, __resource: `shop/${stack}/nfs` });
      return resource;
    };
    const [first, second] = [await up(one, "dev"), await up(other, "prod")];
    const [goes, stays] = isFirst ? [first, second] : [second, first];
    await goes.destroy();
    expect(goes.said.join()).toContain(`stays, because shop/${isFirst ? "prod" : "dev"}/nfs needs it`);
    expect(host.units.get("nfs-server.service")).toEqual({ active: "active", file: "enabled" });
    expect(await stays.drift()).toBe("none");
    await stays.destroy();
    expect([...host.units, ...host.files]).toEqual([["nfs-server.service", { active: "inactive", file: "disabled" }]]);
  }
});
