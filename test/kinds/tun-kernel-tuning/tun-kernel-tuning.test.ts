import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind";
import { FakeTunnelHost } from "../../fakes/fake-tunnel-host";
import { bring, commands, want } from "./tun-operator";

const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";
const UNIT = "/etc/systemd/system/pulumi-lvs-tun-ipip.service";

describe("steps", () => {
  const rows = [
    {
      why: "the setting is made before a packet can come out of the device",
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
      why: "gue is ipip within UDP: the port removes the outer header, tunl0 the inner one",
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
      why: "IPv6 in IPv4 comes out of a device of its own, where IPv6 may be disabled",
      want: { encapsulates: "6in4", boot: false },
      steps: ["modprobe sit", "ip link set dev sit0 up", "sysctl -w net/ipv6/conf/sit0/disable_ipv6=0"],
    },
    {
      why: "so does IPv6 in IPv6",
      want: { encapsulates: "6in6" },
      steps: [
        "modprobe ip6_tunnel",
        "ip link set dev ip6tnl0 up",
        "sysctl -w net/ipv6/conf/ip6tnl0/disable_ipv6=0",
        "systemctl --quiet enable pulumi-lvs-tun-ipip-6in6.service",
      ],
    },
    {
      why: "gre0 encapsulates either family",
      want: { type: "gre", encapsulates: "6in4", boot: false },
      steps: ["modprobe ip_gre", "ip link set dev gre0 up", "sysctl -w net/ipv6/conf/gre0/disable_ipv6=0"],
    },
    {
      why: "a host in the network of the VIP must not answer ARP for it",
      want: { sameSubnetAsVip: true, boot: false },
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
    expect(host.observe(tunKernelTuning, goal)).toMatchObject({ live: true, settings: goal.settings });
    expect(bring(host, goal)).toEqual([]);
    bring(host, undefined, goal);
    expect(host.state()).toEqual(before);
  });
});

test("a boot loads the module, applies the setting, then brings the device up, before any network manager", () => {
  const host = new FakeTunnelHost();
  bring(host, want());
  expect(host.files.get("/etc/modules-load.d/pulumi-lvs-tun-ipip.conf")).toMatch(/\nipip\n$/);
  expect(host.files.get(UNIT)).toContain(
    "After=systemd-modules-load.service systemd-sysctl.service\nBefore=network-pre.target shutdown.target\n",
  );
  expect(host.files.get(UNIT)).toContain('ExecStart=/bin/sh -c "exec ip link set dev tunl0 up"\n');
  expect(host.files.get(LEDGER)).toContain("\nnet.ipv4.conf.tunl0.rp_filter = 2\n");
});

test("a boot enables IPv6 after the device is up, because gre0 has the setting only then", () => {
  const host = new FakeTunnelHost();
  bring(host, want({ type: "gre", encapsulates: "6in4" }));
  const unit = host.files.get(UNIT.replace("ipip", "gre-6in4"));
  expect([...(unit ?? "").matchAll(/"exec (.*)"/g)].map(([, command]) => command)).toEqual([
    "ip link set dev gre0 up",
    "sysctl -q -w net/ipv6/conf/gre0/disable_ipv6=0",
  ]);
});

test("a boot opens the port of gue", () => {
  const host = new FakeTunnelHost();
  bring(host, want({ type: "gue", port: 6080 }));
  expect(host.files.get("/etc/modules-load.d/pulumi-lvs-tun-gue-6080.conf")).toMatch(/\nipip\nfou\n$/);
  expect(host.files.get("/etc/systemd/system/pulumi-lvs-tun-gue-6080.service")).toContain(
    'ExecStart=/bin/sh -c "exec ip link set dev tunl0 up"\nExecStart=/bin/sh -c "exec ip fou add port 6080 gue"\n',
  );
});

test("a host without systemd cannot persist a tunnel", () => {
  const host = new FakeTunnelHost();
  host.systemd = false;
  expect(() => bring(host, want())).toThrow(
    'this host has no systemd, which restores the tunnel at boot. Set "boot: false" and persist the tunnel by other means',
  );
  bring(host, want({ boot: false }));
  expect(host.up).toEqual(new Set(["tunl0"]));
});

describe("input", () => {
  test.each([
    [{ type: "sit" }, 'type must be one of "ipip", "gre", "gue", not "sit"'],
    [{ type: "gue" }, "port is needed for gue: the tunnelPort of the director's rule, such as 6080"],
    [{ port: 6080 }, "port is for gue only: ipip has no ports"],
    [{ encapsulates: "4in6" }, 'encapsulates must be one of "4in4", "6in4", "6in6", not "4in6"'],
    [
      { type: "gre", encapsulates: "6in6" },
      'encapsulates cannot be "6in6" with gre: ipip has all three, gre "4in4" and "6in4", gue "4in4"',
    ],
    [
      { type: "gue", port: 6080, encapsulates: "6in4" },
      'encapsulates cannot be "6in4" with gue: ipip has all three, gre "4in4" and "6in4", gue "4in4"',
    ],
    [
      { encapsulates: "6in4", sameSubnetAsVip: true },
      "sameSubnetAsVip concerns ARP, which IPv6 does not use: leave it out",
    ],
    [{ type: "gue", port: 0 }, "port must be a whole number from 1 to 65535, not 0"],
    [{ sameSubnetAsVip: "yes" }, "sameSubnetAsVip must be true or false"],
    [{ live: false }, "live is an output: whether the tunnel is up"],
    [{ settings: {} }, "settings is an output: it follows from type, encapsulates and sameSubnetAsVip"],
  ])("%j", (input, says) => {
    const read = tunKernelTuning.schema.safeParse(input);
    expect(read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual([
      says,
    ]);
  });

  test("canonical input does not change, and has a key", () => {
    const goal = want({ type: "gue", port: 6080 });
    expect(want(goal)).toEqual(goal);
    expect(tunKernelTuning.key(goal)).toBe("gue 6080");
    const six = want({ encapsulates: "6in6" });
    expect(want(six)).toEqual(six);
    expect(tunKernelTuning.key(six)).toBe("ipip 6in6");
    // States of 0.1.0 have this.
    expect(want({ encapsulates: "4in4" })).toEqual(want());
    expect(tunKernelTuning.commands(goal).slice(0, 3)).toEqual([
      "tunl0 up",
      "UDP port 6080 open for gue",
      "at boot: a systemd unit of our own",
    ]);
  });
});
