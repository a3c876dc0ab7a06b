import { Inventory } from "../../../provider/engine/inventory.ts";
import { lifecycle } from "../../../provider/engine/lifecycle.ts";
import { OwnedObjects } from "../../../provider/engine/ownership.ts";
import { KEEPALIVED_DROP_IN, MAIN_FILE, PROTOCOL_FILE } from "../../../provider/facts/keepalived/paths.ts";
import { sessionFor } from "../../../provider/host/session/pool.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { vrrpInstance } from "../../../provider/kinds/vrrp-instance/kind.ts";
import { connection } from "../../../provider/model/connection.ts";
import { differences } from "../../../tools/lab/host/snapshot.ts";
import type { LabHost, Snapshot } from "../../../tools/lab/index.ts";
import { step } from "../../support/step.ts";
import { StoredResource } from "../../support/stored-resource.ts";
import { until } from "../../support/until.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

/** Two directors, one of Debian 12 and one of 13: each runs the keepalived of its release. */
const lab = useLab({ hosts: ["director1", "director2"] });
const directors = () => [lab.host("director1"), lab.host("director2")] as const;
let before: readonly Snapshot[];

beforeAll(async () => {
  before = await Promise.all(directors().map((host) => host.snapshot()));
});

afterAll(endRun);

const VIP = "192.168.4.5";
const ARGS = { device: "eth0", virtualRouterId: 51, addresses: [VIP] };
const FILE = "/etc/keepalived/pulumi-lvs.d/vrrp-eth0-51.conf";

const pair = (args: object) =>
  directors().map((host, index) => ({
    resource: new LabResource(vrrpInstance, host),
    args: { ...args, priority: 254 - index },
  }));
const upAll = (all: ReturnType<typeof pair>) => Promise.all(all.map(({ resource, args }) => resource.up(args)));
const driftOf = (all: ReturnType<typeof pair>) => Promise.all(all.map(({ resource }) => resource.drift()));
const has = async (host: LabHost, ip: string) => (await host.text("ip -o addr show")).includes(` ${ip}/`);

/** The names of those that have the address. */
async function mastersOf(ip: string): Promise<readonly string[]> {
  const all = await Promise.all(directors().map(async (host) => ((await has(host, ip)) ? [host.name] : [])));
  return all.flat();
}

const oneMaster = (ip: string) => until(`one director has ${ip}`, async () => (await mastersOf(ip)).length === 1, 15);

async function expectAsFound(): Promise<void> {
  const now = await Promise.all(directors().map((host) => host.snapshot()));
  expect(now.flatMap((one, index) => differences(before[index] as Snapshot, one))).toEqual([]);
  const states = "systemctl is-active keepalived; systemctl is-enabled keepalived; ls -d /run/pulumi-lvs 2>/dev/null";
  for (const host of directors()) expect(await host.text(`${states}; true`)).toBe("inactive\nenabled");
}

test("a VIP that one of two directors has: made, moved, changed by hand, repaired, rebooted, destroyed", async () => {
  const both = pair({
    ...ARGS,
    track: { devices: ["eth1"], services: ["ssh"], hosts: ["192.168.2.2", "192.168.2.3"] },
  });
  const [first, second] = both;
  if (first === undefined || second === undefined) throw new Error("two directors");
  const host = first.resource.host;

  await step("the address is on exactly one, and the scripts of what is tracked are run", async () => {
    await upAll(both);
    await oneMaster(VIP);
    for (const one of directors()) await one.sh(`ping -q -c 1 -W 2 ${VIP}`);
    expect(await driftOf(both)).toEqual(["none", "none"]);
    for (const one of directors())
      expect(await one.text("journalctl -u keepalived -o cat")).toMatch(/Script.*hosts\) succeeded/);
  });

  await step("it moves when the master's keepalived stops, which is drift there; who has it is none", async () => {
    const [name] = await mastersOf(VIP);
    const master = both.find(({ resource }) => resource.host.name === name) ?? first;
    await master.resource.host.sh("systemctl stop keepalived");
    await until(
      "the other director has the address",
      async () => (await mastersOf(VIP)).some((one) => one !== name),
      15,
    );
    endRun();
    expect(await driftOf(both)).toEqual(both.map((one) => (one === master ? "some" : "none")));
    expect(await master.resource.refresh()).toMatchObject({ live: false, loaded: false, boot: true });
    await master.resource.repair();
    expect(await driftOf(both)).toEqual(["none", "none"]);
    expect(await mastersOf(VIP)).toHaveLength(1);
  });

  await step("a killed one is started again by systemd, without us", async () => {
    await host.sh("kill -9 $(cat /run/keepalived.pid)");
    await until(
      "keepalived runs again",
      async () => (await host.text("systemctl is-active keepalived || true")) === "active",
      15,
    );
    endRun();
    expect(await first.resource.drift()).toBe("none");
  });

  await step("what is changed by hand is seen in its field, and repaired", async () => {
    for (const [byHand, seen] of changes) {
      await host.sh(byHand);
      endRun();
      expect([byHand, await first.resource.refresh()]).toMatchObject([byHand, seen]);
      await first.resource.repair();
    }
    endRun();
    expect(await first.resource.drift()).toBe("none");
  });

  await step("a change is made in place, and read once", async () => {
    const args = { ...first.args, advertInterval: 2, addresses: [VIP, { address: "192.168.2.9/24", device: "eth1" }] };
    expect(await first.resource.plainUp(args)).toMatchObject({ advertInterval: 2, loaded: true });
    await second.resource.plainUp({ ...second.args, ...args, priority: 253 });
    await until(
      "both addresses are on one",
      async () => (await mastersOf("192.168.2.9")).join() === (await mastersOf(VIP)).join(),
      15,
    );
  });

  await step("after a reboot of both, one has it again, and nothing is left to do", async () => {
    await Promise.all(directors().map((one) => one.reboot()));
    endRun();
    await oneMaster(VIP);
    expect(await driftOf(both)).toEqual(["none", "none"]);
  });

  await step("a destroy leaves the hosts as they were found", async () => {
    await Promise.all(both.map(({ resource }) => resource.destroy()));
    await expectAsFound();
  });
});

const changes: readonly (readonly [byHand: string, seen: object])[] = [
  [
    `sed -i 's/priority 254/priority 7/; s/repeat 2/repeat 3/' ${FILE}; rm ${KEEPALIVED_DROP_IN}; sed -i /include/d ${MAIN_FILE}`,
    { priority: 7, file: "differs", loaded: false, boot: false, live: true },
  ],
  // The file is as it was, and what was read is not.
  [
    `sed -i 's/priority 254/priority 7/' ${FILE}; systemctl reload keepalived; sleep 1; sed -i 's/priority 7/priority 254/' ${FILE}`,
    { priority: 254, loaded: false, boot: true },
  ],
  [`rm ${FILE}`, { addresses: [], loaded: false }],
  [`chmod +x ${FILE}; systemctl --quiet disable --now keepalived`, { boot: false, live: false, loaded: false }],
];

test("an IPv6 instance, and one with messages every 0.3 s to a named peer: each on exactly one director", async () => {
  const six = pair({ ...ARGS, addresses: ["2001:db8:4::5", "192.168.4.6"] });
  const quick = directors().map((host, index) => ({
    resource: new LabResource(vrrpInstance, host),
    args: {
      ...ARGS,
      virtualRouterId: 52,
      priority: 254 - index,
      advertInterval: 0.3,
      peers: [`192.168.4.${3 - index}`],
      addresses: ["192.168.4.7"],
    },
  }));
  await upAll([...six, ...quick]);
  for (const ip of ["2001:db8:4::5", "192.168.4.6", "192.168.4.7"]) await oneMaster(ip);
  expect(await mastersOf("192.168.4.6")).toEqual(await mastersOf("2001:db8:4::5"));
  expect(await driftOf([...six, ...quick])).toEqual(["none", "none", "none", "none"]);
  for (const host of directors()) expect(await host.text("ip -o -6 addr show eth0")).not.toContain("deprecated");

  // One of two goes, and the other one stays as it is.
  const pid = () => Promise.all(directors().map((host) => host.text("cat /run/keepalived.pid")));
  const pids = await pid();
  await Promise.all(six.map(({ resource }) => resource.destroy()));
  await until("its addresses are gone", async () => (await mastersOf("2001:db8:4::5")).length === 0, 5);
  expect(await pid()).toEqual(pids);
  expect(await mastersOf("192.168.4.7")).toHaveLength(1);
  await Promise.all(quick.map(({ resource }) => resource.destroy()));
  await expectAsFound();
});

test("a VipAlias that a program replaces by an instance leaves its address to it, and no boot file", async () => {
  const [one, other] = directors();
  const owned = new OwnedObjects();
  const run = { inventory: new Inventory(), session: sessionFor, owned, log: () => undefined };
  const [aliases, instances] = [lifecycle(vipAlias, run), lifecycle(vrrpInstance, run)];
  const at = (host: LabHost, name: string) => ({
    host: connection.parse({ name: host.name, ...host.connection }),
    __resource: `shop/prod/${name}`,
  });
  const [alias, ...both] = [new StoredResource(), new StoredResource(), new StoredResource()] as const;

  const args = { role: "director", address: VIP, device: "eth0" };
  await alias.up(lifecycle(vipAlias, { ...run, owned: new OwnedObjects() }), { ...at(one, "vip"), ...args });
  expect(await mastersOf(VIP)).toEqual([one.name]);
  // The standby first: it is master by the time that the other one gives the address away.
  await both[1].up(instances, { ...at(other, "two"), ...ARGS, priority: 253 });
  await until("the standby has the address", () => has(other, VIP), 15);
  await both[0].up(instances, { ...at(one, "one"), ...ARGS, priority: 254 });
  await alias.destroy(aliases);
  await until("the standby alone has it", async () => (await mastersOf(VIP)).join() === other.name, 10);
  expect(await one.text("ls -A /etc/network/interfaces.d; cat /var/lib/pulumi-lvs/owners")).not.toMatch(
    /192-168-4-5|VipAlias/,
  );

  const later = lifecycle(vrrpInstance, { ...run, owned: new OwnedObjects() });
  for (const instance of both) {
    expect(await instance.refresh(later)).toMatchObject({ boot: true, loaded: true, live: true });
    await instance.destroy(later);
  }
  endRun();
  await expectAsFound();
});

const PROTOCOLS = PROTOCOL_FILE.slice(0, PROTOCOL_FILE.lastIndexOf("/"));
const OWN = `global_defs {
    router_id d1
}
vrrp_instance own {
    interface eth1
    virtual_router_id 70
    virtual_ipaddress { 192.168.2.70 }
}
`;

test("an operator's instance goes on as it is, and while its file is broken nothing is read anew", async () => {
  const [host] = directors();
  const keep = async () => host.text(`cat /run/keepalived.pid; cat ${MAIN_FILE}; systemctl is-active keepalived`);
  await host.sh(`printf '%s' '${OWN}' > ${MAIN_FILE}`);
  const instance = new LabResource(vrrpInstance, host);
  await expect(instance.up({ ...ARGS, priority: 9 })).rejects.toThrow(
    `keepalived does not run on this host, and ${MAIN_FILE}, line 4, has something for it to do`,
  );
  await host.sh("systemctl start keepalived");
  await until("its address is there", () => has(host, "192.168.2.70"), 15);
  const was = await keep();
  endRun();
  const others = { device: "eth1", virtualRouterId: 70, addresses: [VIP], priority: 9 };
  await expect(instance.up(others)).rejects.toThrow(`${MAIN_FILE}, line 4, has the vrrp_instance own`);
  await instance.up({ ...ARGS, priority: 9 });
  expect(await host.text(`cat ${MAIN_FILE}`)).toContain(OWN);

  await host.sh(`sed -i 's/router_id/routr_id/' ${MAIN_FILE}`);
  endRun();
  const loaded = await host.text("cat /run/pulumi-lvs/keepalived-loaded");
  await expect(instance.up({ ...ARGS, priority: 8 })).rejects.toThrow(
    new RegExp(`did so before this change:\\s+.*${MAIN_FILE}: Line 2\\) Unknown keyword 'routr_id'`),
  );
  await expect(instance.destroy()).rejects.toThrow("Correct that file first");
  expect(
    await host.text(
      `cat /run/pulumi-lvs/keepalived-loaded; grep priority ${FILE}; ls -A /etc/keepalived | grep -c '^\\.' || true`,
    ),
  ).toBe(`${loaded}\n    priority 9\n0`);
  expect(await has(host, "192.168.2.70")).toBe(true);

  await host.sh(`sed -i 's/routr_id/router_id/' ${MAIN_FILE}`);
  endRun();
  await instance.destroy();
  expect(await keep()).toBe(was);
  expect(await has(host, "192.168.2.70")).toBe(true);
  // What the operator's own start of keepalived 2.3 has left.
  await host.sh(
    `systemctl stop keepalived; rm ${MAIN_FILE}; rm -rf ${PROTOCOLS}; rmdir /etc/iproute2 2>/dev/null || true`,
  );
  await expectAsFound();
});
