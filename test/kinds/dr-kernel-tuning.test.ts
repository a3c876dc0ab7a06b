import fc from "fast-check";
import { drKernelTuning } from "../../provider/kinds/dr-kernel-tuning";
import type { Tuning } from "../../provider/model/tuning";
import { FakeNetworkHost } from "./fake-network-host";

const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";
const ALL_IGNORE = "net.ipv4.conf.all.arp_ignore";

function want(input: object = {}): Tuning {
  return drKernelTuning.schema.parse(input);
}

/** One pass of a reconcile: what is done to the host, in words. */
function bring(host: FakeNetworkHost, goal: Tuning | undefined, about = goal): string[] {
  if (about === undefined) throw new Error("about whom?");
  const seen = host.seen();
  const changes = drKernelTuning.plan(goal, drKernelTuning.find(seen, about));
  const done = host.run(changes.flatMap((change) => drKernelTuning.render(change, seen)));
  if (goal !== undefined) return done;
  const after = host.seen();
  const left = drKernelTuning.sweep?.(after, about) ?? [];
  return [...done, ...host.run(left.flatMap((change) => drKernelTuning.render(change, after)))];
}

const commands = (steps: readonly string[]) => steps.filter((step) => !step.startsWith("edit "));

test("the file comes first, for it records what was, and then all values in one process", () => {
  const host = new FakeNetworkHost("none");
  expect(bring(host, want())).toEqual([
    `edit ${LEDGER}: claim ${ALL_IGNORE} = 1, net.ipv4.conf.all.arp_announce = 2, net.ipv4.conf.lo.arp_ignore = 1, ` +
      "net.ipv4.conf.lo.arp_announce = 2 for DrKernelTuning all lo",
    "sysctl -w net/ipv4/conf/all/arp_ignore=1 net/ipv4/conf/all/arp_announce=2 net/ipv4/conf/lo/arp_ignore=1 net/ipv4/conf/lo/arp_announce=2",
  ]);
  expect(bring(host, want())).toEqual([]);
});

test("the file says for each setting why, who, what was before", () => {
  const host = new FakeNetworkHost("none");
  bring(host, want());
  expect(host.files.get(LEDGER)).toContain(
    [
      "",
      "# answer ARP only for an address of the NIC that was asked: a VIP on lo stays silent",
      "# owner: DrKernelTuning all lo",
      "# was: 0",
      `${ALL_IGNORE} = 1`,
      "",
    ].join("\n"),
  );
});

test("a dot in a device's name is no separator, neither live nor in the file", () => {
  const host = new FakeNetworkHost("none");
  const steps = bring(host, want({ devices: ["eth0.5"] }));
  expect(steps.at(-1)).toContain(" net/ipv4/conf/eth0.5/arp_ignore=1 ");
  expect(host.files.get(LEDGER)).toContain("\nnet.ipv4.conf.eth0/5.arp_ignore = 1\n");
});

test("what is found shows each live value, so that drift can be read", () => {
  const host = new FakeNetworkHost("none");
  bring(host, want());
  host.sysctl("net/ipv4/conf/all/arp_ignore=0");
  expect(drKernelTuning.find(host.seen(), want())).toEqual({
    devices: [],
    settings: { ...want().settings, [ALL_IGNORE]: 0 },
    boot: true,
  });
  expect(commands(bring(host, want()))).toEqual(["sysctl -w net/ipv4/conf/all/arp_ignore=1"]);
  expect(host.files.get(LEDGER)).toContain("# was: 0");
});

test("the answer is the same whatever the state remembers: what drifted once is no wish", () => {
  const host = new FakeNetworkHost("none");
  bring(host, want());
  host.sysctl("net/ipv4/conf/all/arp_ignore=0");
  const first = drKernelTuning.find(host.seen(), want());
  expect(first && drKernelTuning.find(host.seen(), first)).toEqual(first);
});

describe("a destroy", () => {
  test("puts back what was, 0 included, and leaves no file", () => {
    const host = new FakeNetworkHost("none");
    host.sysctl("net/ipv4/conf/all/arp_announce=1");
    const before = new Map(host.sysctls);
    bring(host, want({ devices: ["eth0"] }));
    bring(host, undefined, want({ devices: ["eth0"] }));
    expect(host.sysctls).toEqual(before);
    expect(host.files.size).toBe(0);
  });

  test("leaves a value that was ours before we came", () => {
    const host = new FakeNetworkHost("none");
    host.sysctl("net/ipv4/conf/all/arp_ignore=1");
    bring(host, want());
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("1");
  });

  test("leaves a value that somebody changed since", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    host.sysctl("net/ipv4/conf/all/arp_ignore=2");
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("2");
    expect(host.files.size).toBe(0);
  });

  test("leaves a value that another file sets as well", () => {
    const host = new FakeNetworkHost("none");
    host.files.set("/etc/sysctl.d/50-keepalived.conf", `${ALL_IGNORE}=1\n`);
    bring(host, want());
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("1");
    expect(host.sysctls.get("net.ipv4.conf.all.arp_announce")).toBe("0");
  });

  test("puts back what was where another file says just that", () => {
    const host = new FakeNetworkHost("none");
    host.files.set("/etc/sysctl.d/50-default.conf", `${ALL_IGNORE} = 0\n`);
    bring(host, want());
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("0");
  });

  test("leaves what another owner needs, and the last one puts it back", () => {
    const host = new FakeNetworkHost("none");
    const before = new Map(host.sysctls);
    const [one, two] = [want(), want({ devices: ["eth0"] })];
    bring(host, one);
    bring(host, two);
    bring(host, undefined, one);
    expect(host.sysctls.get(ALL_IGNORE)).toBe("1");
    expect(bring(host, two)).toEqual([]);
    bring(host, undefined, two);
    expect(host.sysctls).toEqual(before);
    expect(host.files.size).toBe(0);
  });

  test("never lets a real server answer for a VIP that is still up: the settings stay, and the file says why", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    host.ip("addr add 192.168.4.5/32 dev lo label lo:0");
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("1");
    expect(host.files.get(LEDGER)).toContain(
      `# was: 0\n# kept: 192.168.4.5 on lo must not be answered for, and is still up\n${ALL_IGNORE} = 1\n`,
    );
    expect(bring(host, undefined, want())).toEqual([]);
    bring(host, want());
    expect(host.files.get(LEDGER)).not.toContain("# kept:");
    host.ip("addr del 192.168.4.5/32 dev lo");
    bring(host, undefined, want());
    expect(host.sysctls.get(ALL_IGNORE)).toBe("0");
  });

  test("of what is gone already is already done", () => {
    expect(bring(new FakeNetworkHost("none"), undefined, want())).toEqual([]);
  });
});

describe("boot", () => {
  test("false: recorded, so that it can be put back, and not set by the next boot", () => {
    const host = new FakeNetworkHost("none");
    const goal = want({ boot: false });
    bring(host, goal);
    expect(host.files.get(LEDGER)).toContain(
      `# owner until reboot: DrKernelTuning all lo\n# was: 0\n# not at boot: ${ALL_IGNORE} = 1\n`,
    );
    expect(drKernelTuning.find(host.seen(), goal)).toEqual(goal);
    bring(host, want());
    expect(drKernelTuning.find(host.seen(), want())).toEqual(want());
    expect(commands(bring(host, goal))).toEqual([]);
    bring(host, undefined, goal);
    expect(host.sysctls.get(ALL_IGNORE)).toBe("0");
  });

  test.each([
    ["/etc/sysctl.d/99-zzz.conf", "is read after ours, by its name"],
    ["/usr/lib/sysctl.d/zz.conf", "is read after ours, whatever its directory"],
    ["/etc/sysctl.conf", "is what sysctl --system reads last"],
  ])("is refused where %s sets another value: it %s", (path) => {
    const host = new FakeNetworkHost("none");
    host.files.set(path, `# ours\n-net/ipv4/conf/all/arp_ignore = 0\n`);
    expect(() => bring(host, want())).toThrow(
      `${path}, line 2, sets ${ALL_IGNORE} to 0 and is read after ${LEDGER}, so 1 would not last. Remove that line, or set "boot: false"`,
    );
    expect(commands(bring(host, want({ boot: false })))).toHaveLength(1);
  });

  test.each([
    ["/etc/sysctl.d/50-x.conf", `${ALL_IGNORE}=0`, "is read before ours"],
    ["/etc/sysctl.d/99-sysctl.conf", `${ALL_IGNORE}=0`, "is read before ours"],
    ["/etc/sysctl.conf", `${ALL_IGNORE} = 1`, "says the same"],
    ["/etc/sysctl.conf", `# ${ALL_IGNORE} = 0`, "is a comment"],
    ["/etc/sysctl.d/zz.conf", "net.ipv4.conf.*.arp_ignore = 0", "is a pattern, which a name has precedence over"],
  ])("is right although %s has %s: it %s", (path, line) => {
    const host = new FakeNetworkHost("none");
    host.files.set(path, `${line}\n`);
    bring(host, want());
    expect(drKernelTuning.find(host.seen(), want())?.boot).toBe(true);
  });

  test("a line that comes later is drift, with its file and line as soon as it is to be repaired", () => {
    const host = new FakeNetworkHost("none");
    bring(host, want());
    host.files.set("/etc/sysctl.conf", `${ALL_IGNORE} = 0\n`);
    expect(drKernelTuning.find(host.seen(), want())?.boot).toBe(false);
    expect(() => bring(host, want())).toThrow("/etc/sysctl.conf, line 1");
  });
});

describe("input", () => {
  const refused = [
    {
      input: { devices: ["eth0:0"] },
      says: 'devices.0 names an alias; give the interface itself, such as "eth0", without the colon and what follows',
    },
    {
      input: { devices: ["lo"] },
      says: 'devices.0 "all" and "lo" are set anyway, and "default" would reach NICs that nobody named; name NICs only, such as "eth0"',
    },
    { input: { devices: "eth0" }, says: 'devices must be a list of NICs, such as ["eth0"]' },
    { input: { settings: { [ALL_IGNORE]: 3 } }, says: "settings is an output: it follows from devices" },
  ];

  test.each(refused)("$says", ({ input, says }) => {
    const read = drKernelTuning.schema.safeParse(input);
    expect(read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual([
      says,
    ]);
  });

  test("devices come in one order, each once, and canonical input stays as it is", () => {
    const tuning = want({ devices: ["eth1", "eth0", "eth1"] });
    expect(tuning.devices).toEqual(["eth0", "eth1"]);
    expect(want(tuning)).toEqual(tuning);
    expect(drKernelTuning.key(tuning)).toBe("all lo eth0 eth1");
  });

  test("a NIC that the host does not have is refused with those that it has", () => {
    expect(() => bring(new FakeNetworkHost("none"), want({ devices: ["eth7"] }))).toThrow(
      "this host has no setting net.ipv4.conf.eth7.arp_ignore: there is no device eth7, only lo, eth0, eth1, eth0.5",
    );
  });

  test("the rule of a preview has a line for each setting, with its reason", () => {
    expect(drKernelTuning.rule(want({ devices: ["eth0"] })).split("\n")).toHaveLength(6);
    expect(drKernelTuning.rule(want())).toContain(`${ALL_IGNORE}=1  # answer ARP only for`);
  });
});

test("any number of owners come and go in any order: the host ends as it was", () => {
  const owners = fc.uniqueArray(fc.record({ devices: fc.subarray(["eth0", "eth1", "eth0.5"]), boot: fc.boolean() }), {
    selector: ({ devices }) => devices.join(),
    minLength: 1,
  });
  fc.assert(
    fc.property(
      owners.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([come, go]) => {
        const host = new FakeNetworkHost("none");
        const before = new Map(host.sysctls);
        for (const input of come) {
          bring(host, want(input));
          expect(drKernelTuning.find(host.seen(), want(input))).toEqual(want(input));
          expect(bring(host, want(input))).toEqual([]);
        }
        for (const input of go) bring(host, undefined, want(input));
        expect(host.sysctls).toEqual(before);
        expect(host.files.size).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});
