import fc from "fast-check";
import { natKernelTuning } from "../../../provider/kinds/kernel-tuning/nat";
import type { NatTuning } from "../../../provider/kinds/kernel-tuning/nat-schema";
import { describeStep } from "../../../provider/step";
import { FakeKernel } from "../../fakes/fake-kernel";

const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";

function want(input: object = {}): NatTuning {
  return natKernelTuning.schema.parse({ devices: ["eth1"], ...input });
}

/** One pass of a reconcile: what is done to the host, in words. */
function bring(host: FakeKernel, goal: NatTuning | undefined, about = goal): string[] {
  if (about === undefined) throw new Error("about whom?");
  const seen = host.seen();
  const steps = natKernelTuning
    .plan(goal, natKernelTuning.observe(seen, about))
    .flatMap((change) => natKernelTuning.render(change, seen));
  host.run(steps);
  if (goal !== undefined) return steps.map(describeStep);
  const after = host.seen();
  const left = (natKernelTuning.cleanup?.(after, about) ?? []).flatMap((change) =>
    natKernelTuning.render(change, after),
  );
  host.run(left);
  return [...steps, ...left].map(describeStep);
}

const commands = (steps: readonly string[]) => steps.filter((step) => !step.startsWith("edit "));

test("the switch comes first, for the kernel changes other settings along with it", () => {
  const host = new FakeKernel();
  expect(commands(bring(host, want({ rpFilter: 2 })))).toEqual([
    "sysctl -w net/ipv4/ip_forward=1 net/ipv4/conf/all/send_redirects=0 net/ipv4/conf/default/send_redirects=0 " +
      "net/ipv4/conf/eth1/send_redirects=0 net/ipv4/conf/eth1/rp_filter=2",
  ]);
  expect(bring(host, want({ rpFilter: 2 }))).toEqual([]);
});

test("a preview says that the machine becomes a router", () => {
  expect(natKernelTuning.commands(want())).toEqual([
    "net.ipv4.ip_forward=1  # THIS MACHINE BECOMES A ROUTER, for all of its NICs: replies of the real servers pass through it",
    "net.ipv4.conf.all.send_redirects=0  # what counts is all or the NIC, so both must be 0",
    "net.ipv4.conf.default.send_redirects=0  # as for all, on NICs that come later",
    "net.ipv4.conf.eth1.send_redirects=0  # or real servers behind eth1 learn a way past the director",
  ]);
});

describe("IPv6", () => {
  const both = { families: ["ipv6", "ipv4"] };

  test("alone it is one switch, and nothing of IPv4 is touched", () => {
    const host = new FakeKernel();
    const goal = want({ families: ["ipv6"] });
    expect(natKernelTuning.commands(goal)).toEqual([
      "net.ipv6.conf.all.forwarding=1  # THIS MACHINE BECOMES A ROUTER OF IPv6, for all of its NICs: replies of the real servers pass through it",
    ]);
    expect(commands(bring(host, goal))).toEqual(["sysctl -w net/ipv6/conf/all/forwarding=1"]);
    expect(bring(host, goal)).toEqual([]);
  });

  test("comes and goes in place, beside IPv4", () => {
    const host = new FakeKernel();
    const before = host.state();
    bring(host, want());
    expect(commands(bring(host, want(both)))).toEqual(["sysctl -w net/ipv6/conf/all/forwarding=1"]);
    expect(commands(bring(host, want()))).toEqual(["sysctl -w net/ipv6/conf/all/forwarding=0"]);
    bring(host, undefined, want());
    expect(host.state()).toEqual(before);
  });

  test("a destroy puts back NICs that forwarded by themselves", () => {
    const host = new FakeKernel();
    host.sysctl("net/ipv6/conf/eth0/forwarding=1");
    const before = host.state();
    bring(host, want(both));
    expect(host.files.get(LEDGER)).toContain(
      "# was: 0\n# set to: net.ipv6.conf.all.forwarding = 1\n# along with it: net.ipv6.conf.eth0.forwarding = 1\nnet.ipv6.conf.all.forwarding = 1\n",
    );
    bring(host, undefined, want(both));
    expect(host.state()).toEqual(before);
  });

  test("a default gateway that a router advertises is not lost, where the kernel listens to routers", () => {
    const host = new FakeKernel();
    const render = (goal: NatTuning, advertised: readonly string[]) =>
      natKernelTuning.render({ op: "claim", tuning: goal }, { ...host.seen(), advertised });
    expect(() => render(want(both), ["eth0"])).toThrow(
      "this host has its IPv6 default route from a router's advertisement on eth0, and a kernel that forwards drops it. " +
        "Set net.ipv6.conf.eth0.accept_ra to 2 first, live and at boot, or give the host a route of its own",
    );
    // IPv4 alone leaves it, and so does a network manager that listens itself, or a kernel that is told to go on.
    expect(render(want(), ["eth0"])).not.toEqual([]);
    for (const value of ["0", "2"]) {
      host.sysctl(`net/ipv6/conf/eth0/accept_ra=${value}`);
      expect(render(want(both), ["eth0"])).not.toEqual([]);
    }
  });
});

test("each drift is found and repaired by itself", () => {
  const host = new FakeKernel();
  const goal = want({ rpFilter: 1 });
  bring(host, goal);
  for (const [key, value] of Object.entries(goal.settings)) {
    host.sysctl(`${key.replaceAll(".", "/")}=${value === 0 ? 1 : 0}`);
    expect(natKernelTuning.observe(host.seen(), goal)?.settings[key]).toBe(value === 0 ? 1 : 0);
    expect(commands(bring(host, goal))).toEqual([`sysctl -w ${key.replaceAll(".", "/")}=${value}`]);
    expect(bring(host, goal)).toEqual([]);
  }
});

test("an rp_filter that is given up goes back in place, and 0 is a value", () => {
  const host = new FakeKernel();
  host.sysctl("net/ipv4/conf/eth1/rp_filter=1");
  const before = host.state();
  bring(host, want({ rpFilter: 0 }));
  expect(commands(bring(host, want()))).toEqual(["sysctl -w net/ipv4/conf/eth1/rp_filter=1"]);
  expect(host.files.get(LEDGER)).not.toContain("rp_filter");
  expect(bring(host, want())).toEqual([]);
  bring(host, undefined, want());
  expect(host.state()).toEqual(before);
});

describe("a destroy", () => {
  test("puts back what the kernel changed along with ip_forward, too", () => {
    const host = new FakeKernel();
    host.sysctl("net/ipv4/conf/eth0/forwarding=1");
    host.sysctl("net/ipv4/conf/all/accept_redirects=0");
    const before = host.state();
    bring(host, want());
    expect(host.files.get(LEDGER)).toContain(
      "# was: 0\n# set to: net.ipv4.ip_forward = 1\n# along with it: net.ipv4.conf.all.accept_redirects = 0\n# along with it: net.ipv4.conf.eth0.forwarding = 1\nnet.ipv4.ip_forward = 1\n",
    );
    bring(host, undefined, want());
    expect(host.state()).toEqual(before);
  });

  test("gives back what NICs that nobody named have had from default since a boot", () => {
    const host = new FakeKernel();
    const before = host.state();
    bring(host, want());
    host.reboot();
    expect(host.sysctls.get("net.ipv4.conf.eth0.send_redirects")).toBe("0");
    expect(bring(host, want())).toEqual([]);
    bring(host, undefined, want());
    expect(host.state()).toEqual({
      ...(before as object),
      sysctls: expect.arrayContaining([["net.ipv4.conf.eth0.send_redirects", "1"]]),
    });
  });

  test("passes over a device that has gone since", () => {
    const host = new FakeKernel();
    host.sysctl("net/ipv4/conf/eth0/forwarding=1");
    bring(host, want());
    host.unplug("eth0");
    expect(commands(bring(host, undefined, want()))[0]).not.toContain("eth0");
  });

  test("leaves a router that was one before", () => {
    const host = new FakeKernel();
    host.sysctl("net/ipv4/ip_forward=1");
    host.sysctl("net/ipv4/conf/all/accept_redirects=1");
    const before = host.state();
    bring(host, want());
    bring(host, undefined, want());
    expect(host.state()).toEqual(before);
  });

  test.each(["net.ipv4.ip_forward = 1", "net.ipv4.conf.all.forwarding=1"])(
    "leaves a router that another file makes one: %s",
    (line) => {
      const host = new FakeKernel();
      host.files.set("/etc/sysctl.d/60-docker.conf", `${line}\n`);
      bring(host, want());
      bring(host, undefined, want());
      expect(host.sysctls.get("net.ipv4.ip_forward")).toBe("1");
    },
  );

  test("leaves what another one needs, and the last one puts it back", () => {
    const host = new FakeKernel();
    const before = host.state();
    const [one, two] = [want(), want({ devices: ["eth0"] })];
    bring(host, one);
    bring(host, two);
    bring(host, undefined, one);
    expect(host.sysctls.get("net.ipv4.ip_forward")).toBe("1");
    expect(host.sysctls.get("net.ipv4.conf.eth1.send_redirects")).toBe("1");
    expect(bring(host, two)).toEqual([]);
    bring(host, undefined, two);
    expect(host.state()).toEqual(before);
  });
});

test("a later file that turns forwarding off is named", () => {
  const host = new FakeKernel();
  host.files.set("/etc/sysctl.conf", "net.ipv4.conf.all.forwarding=0\n");
  expect(() => bring(host, want())).toThrow(
    `/etc/sysctl.conf, line 1, sets net.ipv4.ip_forward to 0 and is read after ${LEDGER}, so 1 would not last. Remove that line, or set "boot: false"`,
  );
});

describe("input", () => {
  test.each([
    [{ devices: undefined }, 'devices must be a list of NICs, such as ["eth0"]'],
    [{ devices: [] }, 'devices must name the NIC that leads to the real servers, such as ["eth1"]'],
    [{ families: [] }, 'families must name "ipv4", "ipv6" or both'],
    [{ families: "ipv6" }, 'families must be a list, such as ["ipv4", "ipv6"]'],
    [{ families: ["ipv5"] }, 'families.0 must be one of "ipv4", "ipv6", not "ipv5"'],
    [{ families: ["ipv6"], rpFilter: 0 }, "rpFilter is for IPv4: the kernel has no such check for IPv6"],
    [{ rpFilter: 3 }, "rpFilter must be a whole number from 0 to 2, not 3"],
    [
      { settings: { "net.ipv4.ip_forward": 0 } },
      "settings is an output: it follows from devices, families and rpFilter",
    ],
  ])("%j", (input, says) => {
    const read = natKernelTuning.schema.safeParse({ devices: ["eth1"], ...input });
    expect(read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual([
      says,
    ]);
  });

  test("canonical input stays as it is", () => {
    const tuning = want({ devices: ["eth1", "eth0", "eth1"], rpFilter: 0 });
    expect(want(tuning)).toEqual(tuning);
    expect(natKernelTuning.key(tuning)).toBe("eth0 eth1");
    const six = want({ families: ["ipv6", "ipv4", "ipv6"] });
    expect(six.families).toEqual(["ipv4", "ipv6"]);
    expect(want(six)).toEqual(six);
    // What stacks of before have in their state.
    expect(want({ families: ["ipv4"] })).toEqual(want());
  });
});

test("whatever the host was like, it is so again", () => {
  const values = fc.dictionary(
    fc.constantFrom(
      "all/send_redirects",
      "default/send_redirects",
      "eth0/forwarding",
      "eth1/rp_filter",
      "all/accept_redirects",
    ),
    fc.constantFrom("0", "1"),
  );
  fc.assert(
    fc.property(
      values,
      fc.boolean(),
      fc.option(fc.constantFrom(0, 1, 2), { nil: undefined }),
      fc.constantFrom(undefined, ["ipv4", "ipv6"]),
      (were, router, rpFilter, families) => {
        const host = new FakeKernel();
        if (router) host.sysctl("net/ipv4/ip_forward=1");
        for (const [path, value] of Object.entries(were)) host.sysctl(`net/ipv4/conf/${path}=${value}`);
        const before = host.state();
        bring(host, want({ rpFilter, families }));
        expect(bring(host, want({ rpFilter, families }))).toEqual([]);
        bring(host, undefined, want({ rpFilter, families }));
        expect(host.state()).toEqual(before);
      },
    ),
    { numRuns: 50 },
  );
});
