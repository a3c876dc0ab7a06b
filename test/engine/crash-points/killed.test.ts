import { ORIGINAL_STATE_FILE } from "../../../provider/facts/files/original-state";
import { nfsMount } from "../../../provider/kinds/nfs-mount/kind";
import { returnRoute } from "../../../provider/kinds/return-route/kind";
import type { DefinedKind } from "../../../provider/kinds/runtime-kind";
import { virtualService } from "../../../provider/kinds/virtual-service/kind";
import type { LabHost } from "../../../tools/lab/index";
import { FakeDirector } from "../../fakes/fake-director";
import type { FakeHost } from "../../fakes/fake-host";
import { FakeNfsClient } from "../../fakes/fake-nfs-client";
import { FakeRouter } from "../../fakes/fake-router";
import { LabResource } from "../../lab/resource";
import { FakeSession } from "./fake-session";

/** What a run that was killed had begun is ours; what somebody else made in the meantime is not. */

const ADDRESS = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;

function on(host: FakeHost) {
  const session = new FakeSession(host);
  const make = (kind: DefinedKind) => new LabResource(kind, ADDRESS, () => session);
  /** An update that dies after so many steps, and of which no state hears. */
  const kill = async (resource: LabResource, args: object, steps: number) => {
    session.arm(steps);
    await expect(resource.plainUp(args)).rejects.toThrow("the shell died");
    resource.unhear();
  };
  return { make, kill };
}

const owned = (args: object, stack = "prod") => ({ ...args, __resource: `shop/${stack}/web1` });

const WAY = owned({ address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1", boot: false });
const SERVICE = { protocol: "tcp", address: "192.168.4.5:80", exclusive: false, boot: false };
const BOTH = owned({ ...SERVICE, realServers: { "192.168.4.200": {}, "192.168.4.201": { weight: 2 } } });
const ONE = owned({ ...SERVICE, realServers: { "192.168.4.200": {} } });
const MOUNT = owned({ source: "192.168.2.50:/common", path: "/srv/docs", options: ["ro"] });

describe("of a table", () => {
  test.each([
    ["a rule of another address", "rule add from 192.168.2.77 lookup 9 priority 100"],
    ["a rule of this address that is not ours", "rule add from 192.168.2.100 lookup 9 priority 100"],
    ["a route", "route replace 10.1.0.0/16 dev eth1 table 9"],
    ["another gateway", "route replace default via 192.168.2.9 dev eth1 table 9"],
  ])("that was not begun, %s stays", async (_, line) => {
    const host = new FakeRouter("ifupdown");
    const { make, kill } = on(host);
    const route = make(returnRoute);
    await route.plainUp(WAY);
    await kill(route, { ...WAY, table: 9 }, 1);
    host.ip(line);
    const theirs = [...host.rules, ...host.routes].filter((text) => /lookup 9$|table 9$/.test(text));
    await route.destroy();
    const left = [...host.rules, ...host.routes].filter((text) => /lookup (?:9|20612)$|table (?:9|20612)$/.test(text));
    expect(left).toEqual(theirs);
    expect(theirs).toHaveLength(1);
    expect(host.files.has(ORIGINAL_STATE_FILE)).toBe(false);
  });

  test("two that were begun one after the other go at once", async () => {
    const host = new FakeRouter("ifupdown");
    const before = [...host.rules, ...host.routes];
    const { make, kill } = on(host);
    const route = make(returnRoute);
    await route.plainUp({ ...WAY, table: 8 });
    await kill(route, { ...WAY, table: 9, priority: 100 }, 2);
    await kill(route, WAY, 1);
    await kill(route, { ...WAY, table: 10 }, 2);
    await route.plainUp({ ...WAY, table: 11 });
    expect(host.rules.filter((rule) => rule.includes("192.168.2.100"))).toEqual([
      "20000: from 192.168.2.100 lookup 11",
    ]);
    await route.destroy();
    expect([...host.rules, ...host.routes].sort()).toEqual(before.sort());
  });
});

describe("of servers", () => {
  function director() {
    const host = new FakeDirector("debian");
    return { host, ...on(host) };
  }

  test("one that an operator added with another weight, or that another stack has, stays, and a destroy says so", async () => {
    const { host, make, kill } = director();
    const service = make(virtualService);
    await service.plainUp(ONE);
    await kill(service, BOTH, 1);
    host.ipvsadm("-a -t 192.168.4.5:80 -r 192.168.4.201:80 -g -w 7");
    await expect(service.destroy()).rejects.toThrow("that this resource does not manage: 192.168.4.201:80");
  });

  test("one that was there before stays, although the update wanted it", async () => {
    const { host, make, kill } = director();
    const service = make(virtualService);
    await service.plainUp(ONE);
    host.ipvsadm("-a -t 192.168.4.5:80 -r 192.168.4.201:80 -g -w 2");
    const more = {
      ...SERVICE,
      realServers: { "192.168.4.200": {}, "192.168.4.201": { weight: 2 }, "192.168.4.202": {} },
    };
    await kill(service, owned(more), 2);
    await expect(service.destroy()).rejects.toThrow("that this resource does not manage: 192.168.4.201:80.");
  });

  test("two stacks have those of their own", async () => {
    const { host, make, kill } = director();
    const [one, two] = [make(virtualService), make(virtualService)];
    await one.plainUp(ONE);
    await two.plainUp(owned({ ...SERVICE, realServers: { "192.168.4.202": {} } }, "test"));
    await kill(two, owned({ ...SERVICE, realServers: { "192.168.4.203": {} } }, "test"), 2);
    // The state of the first is lost.
    one.forget();
    await one.plainUp(owned({ ...SERVICE, realServers: {} }));
    expect([...(host.seen().ipvs.servers.get("tcp 192.168.4.5:80") ?? new Map<string, unknown>()).keys()]).toEqual([
      "192.168.4.202:80",
      "192.168.4.203:80",
    ]);
    await two.destroy();
    expect(host.files.has(ORIGINAL_STATE_FILE)).toBe(false);
  });
});

describe("of a source", () => {
  function client() {
    const host = new FakeNfsClient();
    host.directories.add("/srv/docs");
    host.files.set("/etc/fstab", "/dev/sda1 / ext4 defaults 0 1\n");
    return { host, ...on(host) };
  }
  const OTHER = { ...MOUNT, source: "192.168.2.51:/common" };

  test("an operator's line and mount of it stay", async () => {
    const { host, make, kill } = client();
    const mount = make(nfsMount);
    await mount.plainUp(MOUNT);
    await kill(mount, OTHER, 2);
    const line = "192.168.2.51:/common /srv/docs nfs defaults 0 0\n";
    host.files.set("/etc/fstab", line);
    host.mount("/srv/docs");
    await mount.destroy();
    expect(host.files.get("/etc/fstab")).toBe(line);
    expect(host.mounts.get("/srv/docs")).toBeDefined();
  });

  test("what is as it was begun goes", async () => {
    const { host, make, kill } = client();
    const mount = make(nfsMount);
    await mount.plainUp(MOUNT);
    await kill(mount, OTHER, 4);
    expect(host.files.get("/etc/fstab")).toContain("192.168.2.51:/common");
    await mount.destroy();
    expect(host.files.get("/etc/fstab")).toBe("/dev/sda1 / ext4 defaults 0 1\n");
  });
});

test("a record that is damaged is refused with host, file, line and cure", async () => {
  const host = new FakeRouter("ifupdown");
  const { make } = on(host);
  const route = make(returnRoute);
  await route.plainUp(WAY);
  host.files.set(
    ORIGINAL_STATE_FILE,
    '["ReturnRoute parts","from 192.168.2.100",{"shop/prod/web1":{"ours":"20612"}}]\n',
  );
  await expect(route.destroy()).rejects.toThrow(
    /ReturnRoute from 192\.168\.2\.100 on web1: \/var\/lib\/pulumi-lvs\/before, line 1: .* is not what ReturnRoute parts records\. Correct the line, or delete it/,
  );
});

test("a host without a record, and a state of a version that made none, go on", async () => {
  const host = new FakeRouter("ifupdown");
  const before = [...host.rules, ...host.routes];
  const { make } = on(host);
  const route = make(returnRoute);
  const { __resource: _, ...unnamed } = WAY;
  await route.plainUp(unnamed);
  expect(host.files.has(ORIGINAL_STATE_FILE)).toBe(false);
  // From its first update on, it is recorded.
  await route.plainUp({ ...WAY, table: 9 });
  expect(host.files.get(ORIGINAL_STATE_FILE)).toBe(
    '["ReturnRoute parts","from 192.168.2.100",{"shop/prod/web1":{"ours":["9"]}}]\n',
  );
  host.files.delete(ORIGINAL_STATE_FILE);
  await route.plainUp({ ...WAY, table: 10 });
  await route.destroy();
  expect([...host.rules, ...host.routes].sort()).toEqual(before.sort());
  expect(host.files.has(ORIGINAL_STATE_FILE)).toBe(false);
});

test("a change that is refused leaves no record", async () => {
  const host = new FakeRouter("ifupdown");
  host.ip("rule add from 192.168.2.77 lookup 9 priority 100");
  const route = on(host).make(returnRoute);
  await expect(route.plainUp({ ...WAY, table: 9 })).rejects.toThrow("table 9 is in use on this host");
  expect(host.files.has(ORIGINAL_STATE_FILE)).toBe(false);
  expect(route.exists).toBe(false);
});

test("a refresh says that a change was begun, and an up of the program of before ends it", async () => {
  const host = new FakeRouter("ifupdown");
  const { make, kill } = on(host);
  const route = make(returnRoute);
  await route.plainUp(WAY);
  const settled = host.files.get(ORIGINAL_STATE_FILE);
  await kill(route, { ...WAY, table: 9 }, 1);
  expect(await route.refresh()).toMatchObject({ __begun: true, table: 20612 });
  await route.plainUp(WAY);
  expect(host.files.get(ORIGINAL_STATE_FILE)).toBe(settled);
  expect(await route.refresh()).not.toHaveProperty("__begun");
});
