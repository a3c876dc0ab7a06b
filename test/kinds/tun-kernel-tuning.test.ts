import fc from "fast-check";
import { tunKernelTuning } from "../../provider/kinds/tun-kernel-tuning";
import type { WantedTun } from "../../provider/model/tun-kernel-tuning";
import { FakeTunnelHost } from "./fake-tunnel-host";

const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";
const UNIT = "/etc/systemd/system/pulumi-lvs-tun-ipip.service";

function want(input: object = {}): WantedTun {
  return tunKernelTuning.schema.parse(input);
}

/** One pass of a reconcile: what is done to the host, in words. */
function bring(host: FakeTunnelHost, goal: WantedTun | undefined, about = goal): string[] {
  if (about === undefined) throw new Error("about whom?");
  const seen = host.seen();
  const changes = tunKernelTuning.plan(goal, tunKernelTuning.find(seen, about));
  const done = host.take(changes.flatMap((change) => tunKernelTuning.render(change, seen)));
  if (goal !== undefined) return done;
  const after = host.seen();
  const left = tunKernelTuning.sweep?.(after, about) ?? [];
  return [...done, ...host.take(left.flatMap((change) => tunKernelTuning.render(change, after)))];
}

const commands = (steps: readonly string[]) => steps.filter((step) => !step.startsWith("edit "));

describe("what a host is told", () => {
  const rows = [
    {
      why: "the setting is there before anything can come out of the device",
      want: {},
      steps: [
        "modprobe ipip",
        "sysctl -w net/ipv4/conf/tunl0/rp_filter=2",
        "ip link set dev tunl0 up",
        "systemctl --quiet enable pulumi-lvs-tun-ipip.service",
      ],
    },
    {
      why: "gre has a module and a device of its own",
      want: { type: "gre", boot: false },
      steps: ["modprobe ip_gre", "sysctl -w net/ipv4/conf/gre0/rp_filter=2", "ip link set dev gre0 up"],
    },
    {
      why: "gue is ipip within UDP: the port takes the outer envelope, tunl0 the inner one",
      want: { type: "gue", port: 6080, boot: false },
      steps: [
        "modprobe ipip",
        "modprobe fou",
        "sysctl -w net/ipv4/conf/tunl0/rp_filter=2",
        "ip link set dev tunl0 up",
        "ip fou add port 6080 gue",
      ],
    },
    {
      why: "in the network of the VIP it must be silent about it",
      want: { sharesNetwork: true, boot: false },
      steps: [
        "modprobe ipip",
        "sysctl -w net/ipv4/conf/tunl0/rp_filter=2 net/ipv4/conf/all/arp_ignore=1 net/ipv4/conf/all/arp_announce=2 " +
          "net/ipv4/conf/lo/arp_ignore=1 net/ipv4/conf/lo/arp_announce=2",
        "ip link set dev tunl0 up",
      ],
    },
  ];

  test.each(rows)("$why", ({ want: input, steps }) => {
    const host = new FakeTunnelHost();
    const before = host.state();
    const goal = want(input);
    expect(commands(bring(host, goal))).toEqual(steps);
    expect(tunKernelTuning.find(host.seen(), goal)).toMatchObject({ live: true, settings: goal.settings });
    expect(bring(host, goal)).toEqual([]);
    bring(host, undefined, goal);
    expect(host.state()).toEqual(before);
  });
});

test("at boot: module, setting, then the device, before any network manager", () => {
  const host = new FakeTunnelHost();
  bring(host, want());
  expect(host.files.get("/etc/modules-load.d/pulumi-lvs-tun-ipip.conf")).toMatch(/\nipip\n$/);
  expect(host.files.get(UNIT)).toContain(
    "After=systemd-modules-load.service systemd-sysctl.service\nBefore=network-pre.target shutdown.target\n",
  );
  expect(host.files.get(UNIT)).toContain('ExecStart=/bin/sh -c "exec ip link set dev tunl0 up"\n');
  expect(host.files.get(LEDGER)).toContain("\nnet.ipv4.conf.tunl0.rp_filter = 2\n");
});

test("gue opens its port at boot, too", () => {
  const host = new FakeTunnelHost();
  bring(host, want({ type: "gue", port: 6080 }));
  expect(host.files.get("/etc/modules-load.d/pulumi-lvs-tun-gue-6080.conf")).toMatch(/\nipip\nfou\n$/);
  expect(host.files.get("/etc/systemd/system/pulumi-lvs-tun-gue-6080.service")).toContain(
    'ExecStart=/bin/sh -c "exec ip link set dev tunl0 up"\nExecStart=/bin/sh -c "exec ip fou add port 6080 gue"\n',
  );
});

describe("drift", () => {
  const drifts: readonly (readonly [string, (host: FakeTunnelHost) => unknown, object])[] = [
    ["the device is down", (host) => host.up.delete("tunl0"), { live: false }],
    ["the port is closed", (host) => host.ports.delete(6080), { live: false }],
    ["the unit is gone", (host) => host.files.delete(UNIT.replace("ipip", "gue-6080")), { boot: false }],
    [
      "the unit says something else",
      (host) => host.files.set(UNIT.replace("ipip", "gue-6080"), "[Unit]\n"),
      { boot: false },
    ],
    [
      "the unit is not enabled",
      (host) => host.files.delete("/etc/systemd/system/multi-user.target.wants/pulumi-lvs-tun-gue-6080.service"),
      { boot: false },
    ],
    [
      "the modules are not loaded at boot",
      (host) => host.files.delete("/etc/modules-load.d/pulumi-lvs-tun-gue-6080.conf"),
      { boot: false },
    ],
    [
      "the setting is another",
      (host) => host.sysctl("net/ipv4/conf/tunl0/rp_filter=1"),
      { settings: { "net.ipv4.conf.tunl0.rp_filter": 1 } },
    ],
    [
      "the setting is 0",
      (host) => host.sysctl("net/ipv4/conf/tunl0/rp_filter=0"),
      { settings: { "net.ipv4.conf.tunl0.rp_filter": 0 } },
    ],
  ];

  test.each(drifts)("%s", (_what, drift, found) => {
    const host = new FakeTunnelHost();
    const goal = want({ type: "gue", port: 6080 });
    bring(host, goal);
    drift(host);
    expect(tunKernelTuning.find(host.seen(), goal)).toMatchObject(found);
    bring(host, goal);
    expect(tunKernelTuning.find(host.seen(), goal)).toMatchObject({ live: true, boot: true, settings: goal.settings });
    expect(bring(host, goal)).toEqual([]);
  });
});

describe("a destroy", () => {
  test("leaves a tunnel that was there, as it was", () => {
    const host = new FakeTunnelHost();
    host.plug("tunl0");
    host.sysctl("net/ipv4/conf/tunl0/rp_filter=1");
    const before = host.state();
    bring(host, want());
    expect(commands(bring(host, undefined, want())).at(-2)).toBe("ip link set dev tunl0 down");
    expect(host.state()).toEqual(before);
  });

  test("leaves a tunnel up that was up", () => {
    const host = new FakeTunnelHost();
    host.plug("tunl0");
    host.up.add("tunl0");
    const before = host.state();
    bring(host, want());
    bring(host, undefined, want());
    expect(host.state()).toEqual(before);
  });

  test("leaves the device to another tunnel that comes out of it, and the last one takes it away", () => {
    const host = new FakeTunnelHost();
    const before = host.state();
    const [ipip, gue] = [want(), want({ type: "gue", port: 6080 })];
    bring(host, ipip);
    bring(host, gue);
    bring(host, undefined, ipip);
    expect(host.up).toEqual(new Set(["tunl0"]));
    expect(bring(host, gue)).toEqual([]);
    bring(host, undefined, gue);
    expect(host.state()).toEqual(before);
  });

  test("leaves the device while an address is on it", () => {
    const host = new FakeTunnelHost();
    bring(host, want());
    host.addresses = ["4: tunl0    inet 192.168.4.5/32 scope global tunl0"];
    bring(host, undefined, want());
    expect(host.up).toEqual(new Set(["tunl0"]));
    host.addresses = [];
    bring(host, want());
    bring(host, undefined, want());
    expect(host.devices).not.toContain("tunl0");
  });
});

test("what shares the network no more gives the ARP settings back in place, unless a VIP would be answered for", () => {
  const host = new FakeTunnelHost();
  bring(host, want({ sharesNetwork: true }));
  host.addresses = ["4: tunl0    inet 192.168.4.5/32 scope global tunl0"];
  bring(host, want());
  expect(host.sysctls.get("net.ipv4.conf.all.arp_ignore")).toBe("1");
  expect(host.files.get(LEDGER)).toContain("# kept: 192.168.4.5 on tunl0 must not be answered for, and is still up\n");
  host.addresses = [];
  bring(host, want({ sharesNetwork: true }));
  bring(host, want());
  expect(host.sysctls.get("net.ipv4.conf.all.arp_ignore")).toBe("0");
  expect(bring(host, want())).toEqual([]);
});

test("no boot where there is no systemd", () => {
  const host = new FakeTunnelHost();
  host.systemd = false;
  expect(() => bring(host, want())).toThrow(
    'this host has no systemd, and a tunnel at boot is a unit of systemd. Set "boot: false" and bring it up by other means',
  );
  bring(host, want({ boot: false }));
  expect(host.up).toEqual(new Set(["tunl0"]));
});

describe("input", () => {
  test.each([
    [{ type: "sit" }, 'type must be one of "ipip", "gre", "gue", not "sit"'],
    [{ type: "gue" }, "port is needed for gue: the tunnelPort of the director's rule, such as 6080"],
    [{ port: 6080 }, "port is for gue only: ipip has no ports"],
    [{ type: "gue", port: 0 }, "port must be a whole number from 1 to 65535, not 0"],
    [{ sharesNetwork: "yes" }, "sharesNetwork must be true or false"],
    [{ live: false }, "live is an output: whether the tunnel is up"],
    [{ settings: {} }, "settings is an output: it follows from type and sharesNetwork"],
  ])("%j", (input, says) => {
    const read = tunKernelTuning.schema.safeParse(input);
    expect(read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual([
      says,
    ]);
  });

  test("canonical input stays as it is, and says who it is", () => {
    const goal = want({ type: "gue", port: 6080 });
    expect(want(goal)).toEqual(goal);
    expect(tunKernelTuning.key(goal)).toBe("gue 6080");
    expect(tunKernelTuning.rule(goal).split("\n").slice(0, 3)).toEqual([
      "tunl0 up",
      "UDP port 6080 open for gue",
      "at boot: a unit of our own",
    ]);
  });
});

test("any number of tunnels come and go in any order: the host ends as it was", () => {
  const all = [
    {},
    { sharesNetwork: true, type: "gre" },
    { type: "gue", port: 6080 },
    { type: "gue", port: 6081, boot: false },
  ];
  const tunnels = fc.subarray(all, { minLength: 1 });
  fc.assert(
    fc.property(
      tunnels.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([come, go]) => {
        const host = new FakeTunnelHost();
        const before = host.state();
        for (const input of come) {
          bring(host, want(input));
          expect(bring(host, want(input))).toEqual([]);
        }
        for (const input of go) bring(host, undefined, want(input));
        expect(host.state()).toEqual(before);
      },
    ),
    { numRuns: 50 },
  );
});
