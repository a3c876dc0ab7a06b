import fc from "fast-check";
import { natKernelTuning } from "../../../provider/kinds/kernel-tuning/nat";
import type { NatTuning } from "../../../provider/kinds/kernel-tuning/nat-schema";
import { FakeKernel } from "../../fakes/fake-kernel";

const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";

function want(input: object = {}): NatTuning {
  return natKernelTuning.schema.parse({ devices: ["eth1"], ...input });
}

/** One pass of a reconcile: what was done to the host, in words. */
function bring(host: FakeKernel, desired: NatTuning | undefined, subject = desired): string[] {
  return host.pass(natKernelTuning, desired, subject);
}

const commands = (steps: readonly string[]) => steps.filter((step) => !step.startsWith("edit "));

test("forwarding is set first, because the kernel changes other settings together with it", () => {
  const host = new FakeKernel();
  expect(commands(bring(host, want({ rpFilter: 2 })))).toEqual([
    "sysctl -w net/ipv4/ip_forward=1 net/ipv4/conf/all/send_redirects=0 net/ipv4/conf/default/send_redirects=0 " +
      "net/ipv4/conf/eth1/send_redirects=0 net/ipv4/conf/eth1/rp_filter=2",
  ]);
  expect(bring(host, want({ rpFilter: 2 }))).toEqual([]);
});

test("a preview says that the host becomes a router", () => {
  expect(natKernelTuning.commands(want())).toEqual([
    "net.ipv4.ip_forward=1  # THIS HOST BECOMES A ROUTER between all of its NICs: replies of the real servers pass through it",
    "net.ipv4.conf.all.send_redirects=0  # the kernel sends redirects if either all or the NIC says so: both must be 0",
    "net.ipv4.conf.default.send_redirects=0  # as for all, on NICs that are added later",
    "net.ipv4.conf.eth1.send_redirects=0  # otherwise real servers behind eth1 learn a route past the director",
  ]);
});

describe("IPv6", () => {
  const both = { families: ["ipv6", "ipv4"] };

  test("alone sets one value, and nothing of IPv4", () => {
    const host = new FakeKernel();
    const goal = want({ families: ["ipv6"] });
    expect(natKernelTuning.commands(goal)).toEqual([
      "net.ipv6.conf.all.forwarding=1  # THIS HOST BECOMES AN IPv6 ROUTER between all of its NICs: replies of the real servers pass through it",
    ]);
    expect(commands(bring(host, goal))).toEqual(["sysctl -w net/ipv6/conf/all/forwarding=1"]);
    expect(bring(host, goal)).toEqual([]);
  });

  test("is added to IPv4 and removed again in place", () => {
    const host = new FakeKernel();
    const before = host.state();
    bring(host, want());
    expect(commands(bring(host, want(both)))).toEqual(["sysctl -w net/ipv6/conf/all/forwarding=1"]);
    expect(commands(bring(host, want()))).toEqual(["sysctl -w net/ipv6/conf/all/forwarding=0"]);
    bring(host, undefined, want());
    expect(host.state()).toEqual(before);
  });

  test("a destroy restores NICs that forwarded before", () => {
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

  test("is refused where the kernel would drop an advertised default route", () => {
    const host = new FakeKernel();
    host.advertised.push("eth0");
    expect(() => bring(host, want(both))).toThrow(
      "this host has its IPv6 default route from a router advertisement on eth0, and the kernel drops that route when it starts to forward. " +
        "First set net.ipv6.conf.eth0.accept_ra to 2, live and at boot, or configure a static default route",
    );
    // Forwarding IPv4 alone keeps the route, and so do accept_ra 0 (a network manager receives the advertisements) and 2.
    expect(bring(host, want())).not.toEqual([]);
    for (const value of ["0", "2"]) {
      host.sysctl(`net/ipv6/conf/eth0/accept_ra=${value}`);
      expect(bring(host, want(both))).not.toEqual([]);
      expect(bring(host, want())).not.toEqual([]);
    }
  });
});

describe("a NIC of the real servers that does not forward although the host does", () => {
  const ETH1 = "net.ipv4.conf.eth1.forwarding";

  test("is found, repaired, and given back with ip_forward", () => {
    const host = new FakeKernel();
    const before = host.state();
    bring(host, want());
    host.sysctl("net/ipv4/conf/eth0/forwarding=0");
    expect(bring(host, want())).toEqual([]);
    host.sysctl("net/ipv4/conf/eth1/forwarding=0");
    expect(host.observe(natKernelTuning, want())?.settings["net.ipv4.ip_forward"]).toBe(0);
    expect(commands(bring(host, want()))).toEqual(["sysctl -w net/ipv4/conf/eth1/forwarding=1"]);
    expect(bring(host, want())).toEqual([]);
    bring(host, undefined, want());
    expect(host.state()).toEqual(before);
  });

  test("was so before us: it is the host's own choice, and refused", () => {
    const host = new FakeKernel();
    host.sysctl("net/ipv4/ip_forward=1");
    host.sysctl("net/ipv4/conf/eth1/forwarding=0");
    const before = host.state();
    expect(() => bring(host, want())).toThrow(
      `net.ipv4.ip_forward is 1 on this host, and ${ETH1} is 0: what arrives there is not forwarded, so the replies of the real servers would be ` +
        `lost. Set ${ETH1} to 1, live and at boot, and run again`,
    );
    expect(host.state()).toEqual(before);
  });

  test.each([
    [
      "by a line after ours",
      (host: FakeKernel) => host.files.set("/etc/sysctl.d/99-zzz.conf", `${ETH1} = 0\n`),
      "/etc/sysctl.d/99-zzz.conf, line 1",
    ],
    [
      "by a command of the boot",
      (host: FakeKernel) => host.bootCommands.push(`runs /etc/rc.local 2 sysctl -w ${ETH1}=0`),
      "/etc/rc.local, line 2",
    ],
  ])("will be so after a boot, %s", (_, meanwhile, place) => {
    const host = new FakeKernel();
    bring(host, want());
    meanwhile(host);
    expect(host.observe(natKernelTuning, want())?.boot).toBe(false);
    expect(() => bring(host, want())).toThrow(`${place}, sets ${ETH1} to 0 and is applied after`);
  });

  test("was so in an earlier file, which ours comes after", () => {
    const host = new FakeKernel();
    host.files.set("/etc/sysctl.d/50-own.conf", `${ETH1} = 0\n`);
    bring(host, want());
    expect(host.observe(natKernelTuning, want())?.boot).toBe(true);
  });
});

test("each drift is found and repaired by itself", () => {
  const host = new FakeKernel();
  const goal = want({ rpFilter: 1 });
  bring(host, goal);
  for (const [key, value] of Object.entries(goal.settings)) {
    host.sysctl(`${key.replaceAll(".", "/")}=${value === 0 ? 1 : 0}`);
    expect(host.observe(natKernelTuning, goal)?.settings[key]).toBe(value === 0 ? 1 : 0);
    expect(commands(bring(host, goal))).toEqual([`sysctl -w ${key.replaceAll(".", "/")}=${value}`]);
    expect(bring(host, goal)).toEqual([]);
  }
});

test("an rp_filter that is no longer desired is restored in place, and 0 is a value", () => {
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
  test("restores what the kernel changed together with ip_forward, too", () => {
    const host = new FakeKernel();
    host.sysctl("net/ipv4/conf/eth0/forwarding=1");
    host.sysctl("net/ipv4/conf/all/accept_redirects=0");
    const before = host.state();
    bring(host, want());
    expect(host.files.get(LEDGER)).toContain(
      "# was: 0\n# set to: net.ipv4.ip_forward = 1\n# along with it: net.ipv4.conf.eth0.forwarding = 1\n# along with it: net.ipv4.conf.all.accept_redirects = 0\nnet.ipv4.ip_forward = 1\n",
    );
    bring(host, undefined, want());
    expect(host.state()).toEqual(before);
  });

  test("restores NICs that are not listed and got the value of default at a boot", () => {
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

  test("ignores a device that has gone", () => {
    const host = new FakeKernel();
    host.sysctl("net/ipv4/conf/eth0/forwarding=1");
    bring(host, want());
    host.unplug("eth0");
    expect(commands(bring(host, undefined, want()))[0]).not.toContain("eth0");
  });

  test("leaves a host forwarding that was a router before", () => {
    const host = new FakeKernel();
    host.sysctl("net/ipv4/ip_forward=1");
    host.sysctl("net/ipv4/conf/all/accept_redirects=1");
    const before = host.state();
    bring(host, want());
    bring(host, undefined, want());
    expect(host.state()).toEqual(before);
  });

  test.each(["net.ipv4.ip_forward = 1", "net.ipv4.conf.all.forwarding=1"])(
    "leaves a host forwarding that another file makes a router: %s",
    (line) => {
      const host = new FakeKernel();
      host.files.set("/etc/sysctl.d/60-docker.conf", `${line}\n`);
      bring(host, want());
      bring(host, undefined, want());
      expect(host.sysctls.get("net.ipv4.ip_forward")).toBe("1");
    },
  );

  test("leaves what another owner needs; the last one restores it", () => {
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

test("a value that another resource needs otherwise is refused, and the other is named", () => {
  const host = new FakeKernel();
  bring(host, want({ rpFilter: 2 }));
  const before = host.state();
  expect(() => bring(host, want({ devices: ["eth0", "eth1"], rpFilter: 0 }))).toThrow(
    "net.ipv4.conf.eth1.rp_filter cannot be 0: NatKernelTuning eth1 needs 2 on this host. Give both the same value",
  );
  expect(host.state()).toEqual(before);
});

test("a file that is applied later and turns forwarding off is named", () => {
  const host = new FakeKernel();
  host.files.set("/etc/sysctl.conf", "net.ipv4.conf.all.forwarding=0\n");
  expect(() => bring(host, want())).toThrow(
    `/etc/sysctl.conf, line 1, sets net.ipv4.ip_forward to 0 and is applied after ${LEDGER}, so 1 would be lost at boot. Remove that line, or set "boot: false"`,
  );
});

describe("input", () => {
  test.each([
    [{ devices: undefined }, 'devices must be a list of NICs, such as ["eth0"]'],
    [{ devices: [] }, 'devices must name the NIC on the side of the real servers, such as ["eth1"]'],
    [{ families: [] }, 'families must name "ipv4", "ipv6" or both'],
    [{ families: "ipv6" }, 'families must be a list, such as ["ipv4", "ipv6"]'],
    [{ families: ["ipv5"] }, 'families.0 must be one of "ipv4", "ipv6", not "ipv5"'],
    [{ families: ["ipv6"], rpFilter: 0 }, "rpFilter is for IPv4 only: the kernel has no such check for IPv6"],
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

  test("canonical input does not change", () => {
    const tuning = want({ devices: ["eth1", "eth0", "eth1"], rpFilter: 0 });
    expect(want(tuning)).toEqual(tuning);
    expect(natKernelTuning.key(tuning)).toBe("eth0 eth1");
    const six = want({ families: ["ipv6", "ipv4", "ipv6"] });
    expect(six.families).toEqual(["ipv4", "ipv6"]);
    expect(want(six)).toEqual(six);
    // States of 0.1.0 have this.
    expect(want({ families: ["ipv4"] })).toEqual(want());
  });
});

test("a destroy restores any original state", () => {
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
