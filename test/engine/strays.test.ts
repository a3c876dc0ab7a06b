import { virtualService } from "../../provider/kinds/virtual-service/kind";
import type { LabHost } from "../../tools/lab/index";
import { FakeDirector } from "../fakes/fake-director";
import { LabResource } from "../lab/resource";
import { FakeSession } from "./crash-points/fake-session";

/** What a power cut leaves in the middle of a write. */

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;
const ARGS = { protocol: "tcp", address: "192.168.4.5:80", __resource: "shop/prod/web" };
const LEFT = ["/var/lib/pulumi-lvs/.pulumi-lvs.Ab3dEf7hIj", "/etc/modules-load.d/.pulumi-lvs.0123456789"];

test.each([true, false])(
  "a destroy that has nothing else to do takes it away; after a refresh: %s",
  async (isRefreshed) => {
    const host = new FakeDirector("debian");
    const before = [...host.files];
    const session = new FakeSession(host);
    const service = new LabResource(virtualService, ADDRESS, () => session);
    session.arm(0);
    await expect(service.up(ARGS)).rejects.toThrow("the shell died");
    for (const path of LEFT) host.files.set(path, "half a fi");
    if (isRefreshed) expect(await service.refresh()).toMatchObject({ commands: [] });
    await service.destroy();
    expect([...host.files]).toEqual(before);
  },
);

test("what is there has no more drift for it, and a destroy takes both", async () => {
  const host = new FakeDirector("debian");
  const before = [...host.files];
  const session = new FakeSession(host);
  const service = new LabResource(virtualService, ADDRESS, () => session);
  await service.up(ARGS);
  host.files.set(LEFT[1] ?? "", "half a fi");
  expect(await service.drift()).toBe("none");
  await service.destroy();
  expect([...host.files]).toEqual(before);
});
