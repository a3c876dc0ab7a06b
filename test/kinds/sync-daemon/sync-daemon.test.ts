import fc from "fast-check";
import { syncDaemon } from "../../../provider/kinds/sync-daemon/kind";
import type { WantedSyncDaemon } from "../../../provider/kinds/sync-daemon/schema";
import { FakeIpvsKernel } from "../../fakes/fake-ipvs-kernel";

const RULES = "/etc/ipvsadm.rules";

function want(input: object = {}): WantedSyncDaemon {
  return syncDaemon.schema.parse({ role: "master", device: "eth0", ...input });
}

function loaded(): FakeIpvsKernel {
  const host = new FakeIpvsKernel();
  host.load();
  return host;
}

const commands = (steps: readonly string[]) => steps.filter((step) => !step.startsWith("edit "));

describe("commands", () => {
  const rows = [
    {
      why: "defaults are omitted: an old ipvsadm knows interface and syncid only",
      want: {},
      command: "ipvsadm --start-daemon master --mcast-interface eth0 --syncid 0",
    },
    {
      why: "all settings",
      want: { role: "backup", device: "eth1", syncId: 255, group: "ff02::81", port: 8849, ttl: 2, maxLength: 1400 },
      command:
        "ipvsadm --start-daemon backup --mcast-interface eth1 --syncid 255 --mcast-group ff02::81 --mcast-port 8849 " +
        "--mcast-ttl 2 --sync-maxlen 1400",
    },
    {
      why: "the default length is no difference",
      want: { role: "backup", device: "eth1" },
      command: "ipvsadm --start-daemon backup --mcast-interface eth1 --syncid 0",
    },
  ];

  test.each(rows)("$why", ({ want: input, command }) => {
    const host = loaded();
    const before = host.state();
    expect(commands(host.pass(syncDaemon, want(input)))).toEqual([command]);
    expect(syncDaemon.commands(want(input))).toEqual([command]);
    expect(host.files.get(RULES)).toContain(`\n${command.slice("ipvsadm ".length)}\n`);
    expect(host.observe(syncDaemon, want(input))).toEqual(want(input));
    expect(host.pass(syncDaemon, want(input))).toEqual([]);
    expect(commands(host.pass(syncDaemon, undefined, want(input)))).toEqual([
      `ipvsadm --stop-daemon ${want(input).role}`,
    ]);
    expect(host.state()).toEqual(before);
  });
});

test.each([
  { device: "eth1" },
  { syncId: 7 },
  { group: "224.0.0.82" },
  { port: 8849 },
  { ttl: 9 },
  { maxLength: 1000 },
])("the kernel cannot change a running daemon, so it is stopped and started: %j", (change) => {
  const host = loaded();
  host.pass(syncDaemon, want());
  expect(commands(host.pass(syncDaemon, want(change)))).toEqual([
    "ipvsadm --stop-daemon master",
    expect.stringMatching(/^ipvsadm --start-daemon master /),
  ]);
  expect(host.pass(syncDaemon, want(change))).toEqual([]);
  expect(host.files.get(RULES)?.match(/--start-daemon/g)).toHaveLength(1);
  host.pass(syncDaemon, want());
  expect(host.pass(syncDaemon, want())).toEqual([]);
});

test("a daemon that was stopped by hand is started, and not twice", () => {
  const host = loaded();
  host.pass(syncDaemon, want());
  host.daemons.clear();
  expect(host.observe(syncDaemon, want())).toEqual({ ...want(), live: false });
  expect(host.pass(syncDaemon, want())).toEqual(["ipvsadm --start-daemon master --mcast-interface eth0 --syncid 0"]);
});

test("a daemon that runs as desired is adopted", () => {
  const host = loaded();
  host.daemons.set("master", "mcast=eth0, syncid=0, maxlen=1472, group=224.0.0.81, port=8848, ttl=1");
  expect(commands(host.pass(syncDaemon, want()))).toEqual([]);
  expect(host.files.get(RULES)).toContain("--start-daemon master");
});

test("the output of ipvsadm 1.26 is understood", () => {
  const host = loaded();
  host.daemons.set("backup", "mcast=eth0, syncid=3");
  const goal = want({ role: "backup", syncId: 3, boot: false });
  expect(host.observe(syncDaemon, goal)).toEqual(goal);
});

test("master and backup run side by side", () => {
  const host = loaded();
  const before = host.state();
  const [master, backup] = [want(), want({ role: "backup" })];
  host.pass(syncDaemon, master);
  host.pass(syncDaemon, backup);
  expect(host.pass(syncDaemon, master)).toEqual([]);
  host.pass(syncDaemon, undefined, master);
  expect([...host.daemons.keys()]).toEqual(["backup"]);
  expect(host.files.get(RULES)).toContain("--start-daemon backup");
  host.pass(syncDaemon, undefined, backup);
  expect(host.state()).toEqual(before);
});

test("boot: false runs it until the next boot", () => {
  const host = loaded();
  host.pass(syncDaemon, want());
  host.pass(syncDaemon, want({ boot: false }));
  expect(host.files.get(RULES)).not.toContain("--start-daemon");
  expect(host.pass(syncDaemon, want({ boot: false }))).toEqual([]);
});

test("unknown output is an error", () => {
  const host = loaded();
  host.daemons.set("slave", "mcast=eth0");
  expect(() => host.observe(syncDaemon, want())).toThrow(
    'cannot read "slave sync daemon (mcast=eth0)" as a sync daemon, from ipvsadm -L --daemon',
  );
});

describe("input", () => {
  test.each([
    [{ role: "slave" }, 'role must be "master" (sends its connections) or "backup" (receives them)'],
    [{ device: undefined }, 'device must be the name of a network interface, such as "eth0"'],
    [
      { device: "eth0:0" },
      'device names an alias; give the interface itself, such as "eth0", without the colon and what follows',
    ],
    [{ syncId: 256 }, "syncId must be a whole number from 0 to 255, not 256"],
    [{ group: "192.0.2.1" }, 'group "192.0.2.1" is no multicast address, such as "224.0.0.81"'],
    [
      { group: "mcast" },
      'group "mcast" is not an IP address: names are not looked up, because the answer of DNS may change; write the address',
    ],
    [{ port: 0 }, "port must be a whole number from 1 to 65535, not 0"],
    [{ ttl: 0 }, "ttl must be a whole number from 1 to 255, not 0"],
    [{ maxLength: 0 }, "maxLength must be a whole number from 1 to 65507, not 0"],
    [
      { role: "backup", maxLength: 500 },
      "maxLength must be 1024 or more for a backup, not 500: the kernel raises a smaller value",
    ],
    [{ live: false }, "live is an output: whether the daemon runs"],
  ])("%j", (input, says) => {
    const read = syncDaemon.schema.safeParse({ role: "master", device: "eth0", ...input });
    expect(read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual([
      says,
    ]);
  });
});

test("any daemon is observed as desired", () => {
  const any = fc.record({
    role: fc.constantFrom("master", "backup"),
    device: fc.constantFrom("eth0", "eth1"),
    syncId: fc.integer({ min: 0, max: 255 }),
    group: fc.constantFrom("224.0.0.81", "239.1.2.3", "ff02::81"),
    port: fc.integer({ min: 1, max: 65535 }),
    ttl: fc.integer({ min: 1, max: 255 }),
    boot: fc.boolean(),
  });
  fc.assert(
    fc.property(any, (input) => {
      const host = loaded();
      host.pass(syncDaemon, want(input));
      expect(host.observe(syncDaemon, want(input))).toEqual(want(input));
    }),
  );
});

test("of ifupdown2 a master may start before its device has an address: boot is false, and refused with a drop-in to write", () => {
  const host = loaded();
  const goal = want({ device: "eth1" });
  host.pass(syncDaemon, goal);
  expect(host.observe(syncDaemon, goal)).toMatchObject({ boot: true });
  host.order = "/etc/network/interfaces\tiface eth1 inet static\n";
  expect(host.observe(syncDaemon, goal)).toMatchObject({ boot: false, live: true });
  expect(() => host.pass(syncDaemon, goal)).toThrow(
    "eth1 has no address yet when a boot starts the daemon: networking.service of ifupdown2 is ordered before nothing",
  );
  expect(() => host.pass(syncDaemon, want({ device: "eth1", role: "backup" }))).not.toThrow();
});

test("the second daemon of a host with backup_only is refused: with it, the kernel balances nothing", () => {
  const host = loaded();
  host.sysctls.set("net.ipv4.vs.backup_only", "1");
  host.pass(syncDaemon, want({ role: "backup" }));
  expect(() => host.pass(syncDaemon, want({ role: "master" }))).toThrow("Leave backupOnly out, or run one daemon only");
  host.sysctls.set("net.ipv4.vs.backup_only", "0");
  host.pass(syncDaemon, want({ role: "master" }));
  expect([...host.daemons.keys()]).toEqual(["backup", "master"]);
});
