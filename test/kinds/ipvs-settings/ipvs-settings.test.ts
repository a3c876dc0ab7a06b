import fc from "fast-check";
import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind";
import { OBSERVED } from "../../../provider/kinds/ipvs-settings/properties";
import { readVsSettings, vsSettings, type WantedIpvsSettings } from "../../../provider/kinds/ipvs-settings/schema";
import { numberNames, switchNames } from "../../../provider/kinds/ipvs-settings/sysctls";
import { FakeIpvsKernel } from "../../fakes/fake-ipvs-kernel";

const OPTIONS = "/etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf";
const RULES = "/etc/ipvsadm.rules";

function want(input: object): WantedIpvsSettings {
  return ipvsSettings.schema.parse(input);
}

/** A reconcile, in words: two passes, since a host without the module takes two. */
function reconcile(host: FakeIpvsKernel, desired: WantedIpvsSettings | undefined, subject = desired): string[] {
  const done = [1, 2].flatMap(() => host.pass(ipvsSettings, desired, subject));
  if (desired === undefined && subject !== undefined) expect(host.observe(ipvsSettings, subject)).toBeUndefined();
  return done;
}

const commands = (steps: readonly string[]) => steps.filter((step) => !step.startsWith("edit "));

function loaded(): FakeIpvsKernel {
  const host = new FakeIpvsKernel();
  host.load();
  return host;
}

test("every sysctl of the table is observed", () => {
  const settings = ["timeouts", ...switchNames, ...numberNames, "estCpulist", "syncThreshold", "connTabBits"];
  expect([...OBSERVED].sort()).toEqual([...settings, "boot", "pending"].sort());
});

describe("commands", () => {
  const rows = [
    {
      why: "0 leaves a timeout as it is",
      want: { timeouts: { tcpFin: 60 } },
      commands: ["ipvsadm --set 0 60 0"],
    },
    {
      why: "true and false are 1 and 0, and two numbers are one value",
      want: { conntrack: true, pmtuDisc: false, syncThreshold: { packets: 3, period: 20 } },
      commands: ["sysctl -w net/ipv4/vs/conntrack=1 net/ipv4/vs/pmtu_disc=0 'net/ipv4/vs/sync_threshold=3 20'"],
    },
    {
      why: "a value that is as desired is not written",
      want: { conntrack: false, connReuseMode: 1, syncThreshold: { packets: 3, period: 50 }, amDroprate: 5 },
      commands: ["sysctl -w net/ipv4/vs/am_droprate=5"],
    },
    { why: "the size of the table is for the next load of the module", want: { connTabBits: 20 }, commands: [] },
  ];

  test.each(rows)("$why", ({ want: input, commands: expected }) => {
    const host = loaded();
    const before = host.state();
    expect(commands(reconcile(host, want(input)))).toEqual(expected);
    expect(host.observe(ipvsSettings, want(input))).toMatchObject(want(input));
    expect(reconcile(host, want(input))).toEqual([]);
    reconcile(host, undefined, want(input));
    expect(host.state()).toEqual(before);
  });
});

test("a host without the module takes two passes: original values can be read only when it is loaded", () => {
  const host = new FakeIpvsKernel();
  const goal = want({ conntrack: true, connTabBits: 16, timeouts: { udp: 30 } });
  expect(commands(reconcile(host, goal))).toEqual([
    "modprobe ip_vs",
    "sysctl -w net/ipv4/vs/conntrack=1",
    "ipvsadm --set 0 0 30",
  ]);
  expect(host.files.get("/etc/sysctl.d/99-zz-pulumi-lvs.conf")).toContain(
    "# was: 0\n# set to: net.ipv4.vs.conntrack = 1\nnet.ipv4.vs.conntrack = 1\n",
  );
  // Loaded after its options were written, the module has the size at once.
  expect(host.observe(ipvsSettings, goal)).toEqual(goal);
});

test("backupOnly beside both sync daemons is refused: the director that has the VIP would balance nothing", () => {
  const host = loaded();
  const goal = want({ backupOnly: true });
  host.daemons.set("backup", "mcast=eth1");
  expect(commands(reconcile(host, goal))).toEqual(["sysctl -w net/ipv4/vs/backup_only=1"]);
  host.daemons.set("master", "mcast=eth1");
  host.sysctls.set("net.ipv4.vs.backup_only", "0");
  expect(() => reconcile(host, goal)).toThrow(
    "a host cannot have backupOnly: true and a master sync daemon and a backup sync daemon: with backup_only the kernel balances nothing",
  );
  expect(() => reconcile(host, want({ conntrack: true }))).not.toThrow();
});

test("a module that is loaded already keeps its table, and the output says so", () => {
  const host = loaded();
  const goal = want({ connTabBits: 20 });
  reconcile(host, goal);
  expect(host.files.get(OPTIONS)).toContain("\noptions ip_vs conn_tab_bits=20\n");
  expect(host.observe(ipvsSettings, goal)).toEqual({
    ...goal,
    pending: "connTabBits is 12 until the next boot",
  });
});

describe("at boot", () => {
  test("timeouts are in our block of the rules, settings need the module early", () => {
    const host = loaded();
    reconcile(host, want({ timeouts: { tcp: 300, udp: 30 }, conntrack: true }));
    expect(host.files.get(RULES)).toContain("\n--set 300 0 30\n");
    expect(host.files.get("/etc/default/ipvsadm")).toContain('AUTO="true"');
    expect(host.files.get("/etc/modules-load.d/pulumi-lvs-settings.conf")).toMatch(/\nip_vs\n$/);
  });

  test("false: nothing is persisted, and what was is removed", () => {
    const host = loaded();
    const before = host.state();
    const goal = want({ timeouts: { tcp: 300 }, conntrack: true, boot: false });
    reconcile(host, goal);
    expect([...host.files.keys()].filter((path) => path.includes("modules-load"))).toEqual([]);
    expect(host.files.get(RULES)).not.toContain("--set");
    reconcile(host, { ...goal, boot: true });
    reconcile(host, goal);
    expect(host.files.get(RULES)).not.toContain("--set");
    expect(host.observe(ipvsSettings, goal)).toEqual(goal);
    reconcile(host, undefined, goal);
    expect(host.state()).toEqual(before);
  });

  test("a --set of the operator is replaced", () => {
    const host = loaded();
    host.files.set(RULES, "--set 900 120 30\n-A -t 192.0.2.10:80 -s rr\n");
    reconcile(host, want({ timeouts: { udp: 60 } }));
    expect(host.files.get(RULES)).toMatch(/^-A -t 192\.0\.2\.10:80 -s rr\n# pulumi-lvs begin/);
    expect(host.files.get(RULES)?.match(/--set/g)).toHaveLength(1);
  });
});

describe("drift", () => {
  const goal = want({ timeouts: { tcp: 300 }, expireNodestConn: true, connTabBits: 14 });
  const drifts: readonly (readonly [string, (host: FakeIpvsKernel) => unknown, object])[] = [
    ["a timeout", (host) => host.timeouts.splice(0, 1, 900), { timeouts: { tcp: 900 } }],
    ["a setting", (host) => host.sysctl("net/ipv4/vs/expire_nodest_conn=0"), { expireNodestConn: false }],
    ["the size at boot", (host) => host.files.set(OPTIONS, "options ip_vs conn_tab_bits=12\n"), { connTabBits: 12 }],
    ["the rules at boot", (host) => host.files.set(RULES, ""), { boot: false }],
    [
      "another line in the rules",
      (host) => host.files.set(RULES, `${host.files.get(RULES)}--set 1 1 1\n`),
      { boot: false },
    ],
    ["the early module", (host) => host.files.delete("/etc/modules-load.d/pulumi-lvs-settings.conf"), { boot: false }],
    ["a later file", (host) => host.files.set("/etc/sysctl.d/50-x.conf", "net.ipv4.vs.expire_nodest_conn = 0\n"), {}],
  ];

  test.each(drifts)("%s", (_what, drift, found) => {
    const host = loaded();
    reconcile(host, goal);
    drift(host);
    expect(host.observe(ipvsSettings, goal)).toMatchObject(found);
    reconcile(host, goal);
    expect(reconcile(host, goal)).toEqual([]);
    const { pending: _, ...have } = host.observe(ipvsSettings, goal) ?? {};
    expect(have).toEqual(goal);
  });

  test("a change by the kernel itself is none", () => {
    const host = loaded();
    const defended = want({ dropEntry: 1 });
    reconcile(host, defended);
    host.sysctl("net/ipv4/vs/drop_entry=2");
    expect(ipvsSettings.plan(defended, host.observe(ipvsSettings, defended))).toEqual([]);
  });
});

test("a setting that is no longer declared is restored, the others stay", () => {
  const host = loaded();
  const before = host.state();
  reconcile(host, want({ timeouts: { tcp: 300, udp: 30 }, conntrack: true, sloppyTcp: true, connTabBits: 14 }));
  expect(commands(reconcile(host, want({ timeouts: { udp: 30 }, sloppyTcp: true })))).toEqual([
    "sysctl -w net/ipv4/vs/conntrack=0",
    "ipvsadm --set 900 0 0",
  ]);
  expect(host.files.get(RULES)).toContain("\n--set 0 0 30\n");
  expect(host.files.has(OPTIONS)).toBe(false);
  reconcile(host, want({ connTabBits: 14 }));
  reconcile(host, undefined, want({ connTabBits: 14 }));
  expect(host.state()).toEqual(before);
});

test("a destroy leaves a timeout that was changed by hand", () => {
  const host = loaded();
  const goal = want({ timeouts: { tcp: 300, udp: 30 } });
  reconcile(host, goal);
  host.timeouts.splice(0, 1, 600);
  reconcile(host, undefined, goal);
  expect(host.timeouts).toEqual([600, 120, 300]);
});

// The fake is Linux 6.1.
test.each([
  [{ estNice: 5 }, "net.ipv4.vs.est_nice, which Linux has since 6.2"],
  [{ estCpulist: "0" }, "net.ipv4.vs.est_cpulist, which Linux has since 6.2"],
  [{ connLfactor: -4 }, "net.ipv4.vs.conn_lfactor, which Linux has since 7.1"],
  [{ svcLfactor: -3 }, "net.ipv4.vs.svc_lfactor, which Linux has since 7.1"],
  [{ connMax: 5 }, "net.ipv4.vs.conn_max, which Linux has since 7.2"],
  [{ sloppyTcp: true }, "net.ipv4.vs.sloppy_tcp"],
])("a missing setting of the kernel is an error with its name: %j", (input, named) => {
  const host = loaded();
  host.sysctls.delete("net.ipv4.vs.sloppy_tcp");
  expect(() => reconcile(host, want(input))).toThrow(`the kernel of this host has no setting ${named}`);
});

describe("processors", () => {
  const host = () => {
    const one = loaded();
    one.processors = "0-3";
    one.sysctls.set("net.ipv4.vs.est_cpulist", "0-3");
    return one;
  };

  test.each([
    ["3,1,2", "1-3"],
    ["0,0-1,3", "0-1,3"],
  ])("%s are %s, as the kernel prints them", (said, printed) => {
    const kernel = host();
    expect(commands(reconcile(kernel, want({ estCpulist: said })))).toEqual([
      `sysctl -w net/ipv4/vs/est_cpulist=${printed}`,
    ]);
    kernel.files.set("/etc/sysctl.d/99-zz-pulumi-lvs.conf", ledgerWith(kernel, printed, said));
    expect(kernel.observe(ipvsSettings, want({ estCpulist: said }))).toMatchObject({ estCpulist: printed, boot: true });
  });

  test("that the host does not have are refused: the kernel would leave them out", () => {
    expect(() => reconcile(host(), want({ estCpulist: "0,4" }))).toThrow(
      "estCpulist cannot be 0,4: this host has the processors 0-3",
    );
  });

  const ledgerWith = (kernel: FakeIpvsKernel, from: string, to: string) =>
    (kernel.files.get("/etc/sysctl.d/99-zz-pulumi-lvs.conf") ?? "").replace(
      `\nnet.ipv4.vs.est_cpulist = ${from}`,
      `\nnet.ipv4.vs.est_cpulist = ${to}`,
    );
});

describe("input", () => {
  test.each([
    [{}, "timeouts is missing: name at least one setting, such as timeouts or conntrack"],
    [{ timeouts: {} }, "timeouts must name at least one of tcp, tcpFin, udp"],
    [{ timeouts: { tcp: 0 } }, "timeouts.tcp must be a whole number from 1 to 2678400, not 0"],
    [{ timeouts: { udp: 2678401 } }, "timeouts.udp must be a whole number from 1 to 2678400, not 2678401"],
    [{ conntrack: 1 }, "conntrack must be true or false"],
    [{ connLfactor: -9 }, "connLfactor must be a whole number from -8 to 8, not -9"],
    [{ svcLfactor: 9 }, "svcLfactor must be a whole number from -8 to 8, not 9"],
    [{ connMax: 1073741825 }, "connMax must be a whole number from 0 to 1073741824, not 1073741825"],
    [{ estNice: 20 }, "estNice must be a whole number from -20 to 19, not 20"],
    [
      { estCpulist: "" },
      'estCpulist must be numbers of processors and ranges of them, such as "0-3,8"; without any, use runEstimation: false',
    ],
    [{ connReuseMode: 4 }, "connReuseMode must be a whole number from 0 to 3, not 4"],
    [
      { dropEntry: 2 },
      "dropEntry must be 0 (never), 1 (when memory is short) or 3 (always), not 2, which only the kernel writes",
    ],
    [{ syncPorts: 3 }, "syncPorts must be a power of two: 1, 2, 4 ... 64"],
    [{ syncThreshold: 3 }, "syncThreshold must be { packets, period }, such as { packets: 3, period: 50 }"],
    [
      { syncThreshold: { packets: 50, period: 50 } },
      "syncThreshold.packets must be less than period, or the kernel refuses it",
    ],
    [{ connTabBits: 7 }, "connTabBits must be a whole number from 8 to 27, not 7"],
  ])("%j", (input, says) => {
    const read = ipvsSettings.schema.safeParse(input);
    expect(read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual([
      says,
    ]);
  });

  test("commands show every setting with its reason", () => {
    expect(ipvsSettings.commands(want({ timeouts: { tcp: 300 }, backupOnly: true, connTabBits: 20 }))).toEqual([
      "ipvsadm --set 300 0 0",
      "net.ipv4.vs.backup_only=1  # balance nothing while a backup sync daemon runs",
      "options ip_vs conn_tab_bits=20  # when the module is loaded next: at the next boot",
    ]);
  });
});

const anySettings = fc.record(
  {
    timeouts: fc.record(
      { tcp: fc.integer({ min: 1, max: 2678400 }), udp: fc.integer({ min: 1, max: 2678400 }) },
      { requiredKeys: ["udp"] },
    ),
    conntrack: fc.boolean(),
    runEstimation: fc.boolean(),
    connReuseMode: fc.integer({ min: 0, max: 3 }),
    connLfactor: fc.integer({ min: -8, max: 8 }),
    secureTcp: fc.constantFrom(0, 1, 3),
    syncThreshold: fc.integer({ min: 0, max: 9 }).map((packets) => ({ packets, period: packets + 1 })),
    connTabBits: fc.integer({ min: 8, max: 27 }),
    boot: fc.boolean(),
  },
  { requiredKeys: ["conntrack"] },
);

test("any setting is read back as written", () => {
  fc.assert(
    fc.property(anySettings, (input) => {
      const goal = want(input);
      const values = new Map(vsSettings(goal).map(({ key, value }) => [key, String(value)]));
      expect(goal).toMatchObject(readVsSettings(values));
    }),
  );
});

test("from any settings to any others, and destroyed: the host is as at first", () => {
  fc.assert(
    fc.property(fc.array(anySettings, { minLength: 1, maxLength: 3 }), (inputs) => {
      const host = loaded();
      host.sysctls.set("net.ipv4.vs.conn_lfactor", "-4");
      const before = host.state();
      for (const input of inputs) {
        reconcile(host, want(input));
        expect(reconcile(host, want(input))).toEqual([]);
      }
      reconcile(host, undefined, want(inputs.at(-1) ?? {}));
      expect(host.state()).toEqual(before);
    }),
    { numRuns: 50 },
  );
});
