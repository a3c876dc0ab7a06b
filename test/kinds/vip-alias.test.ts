import fc from "fast-check";
import { drKernelTuning } from "../../provider/kinds/dr-kernel-tuning";
import { vipAlias } from "../../provider/kinds/vip-alias";
import type { Vip, VipInput, WantedVip } from "../../provider/model/vip";
import { describeStep } from "../../provider/step";
import { FakeNetworkHost } from "./fake-network-host";

const director: VipInput = { role: "director", address: "192.168.4.5", device: "eth0", boot: false };
const real: VipInput = { role: "realServer", address: "192.168.4.5", boot: false };

function want(input: VipInput): WantedVip {
  return vipAlias.schema.parse(input);
}

/** One pass of a reconcile: what is done to the host, in words. */
function bring(host: FakeNetworkHost, goal: WantedVip | undefined, about = goal): string[] {
  if (about === undefined) throw new Error("about whom?");
  const seen = host.seen();
  const changes = vipAlias.plan(goal, vipAlias.find(seen, about));
  const done = host.run(changes.flatMap((change) => vipAlias.render(change, seen)));
  if (goal !== undefined) return done;
  const after = host.seen();
  return [
    ...done,
    ...host.run((vipAlias.sweep?.(after, about) ?? []).flatMap((change) => vipAlias.render(change, after))),
  ];
}

/** Long texts for a shell by their purpose. */
function brief(steps: readonly string[]): string[] {
  return steps.map((step) =>
    step.includes("arping") ? "tell the neighbours" : step.includes("type dummy") ? "make the dummy" : step,
  );
}

const cases: { name: string; why: string; want: VipInput; host: (host: FakeNetworkHost) => void; steps: string[] }[] = [
  {
    name: "new on a director",
    why: "the address comes up with its label, then the neighbours hear of it",
    want: director,
    host: () => undefined,
    steps: ["ip addr add 192.168.4.5/32 dev eth0 label eth0:0", "tell the neighbours"],
  },
  {
    name: "new on a real server",
    why: "lo, alone in its network, and not a word to anybody",
    want: real,
    host: () => undefined,
    steps: ["ip addr add 192.168.4.5/32 dev lo label lo:0"],
  },
  {
    name: "quiet director",
    why: "gratuitousArp: false is heeded",
    want: { ...director, gratuitousArp: false },
    host: () => undefined,
    steps: ["ip addr add 192.168.4.5/32 dev eth0 label eth0:0"],
  },
  {
    name: "a whole network",
    why: "a director may have the prefix of the network, with its broadcast address",
    want: { ...director, address: "192.168.4.5/24", gratuitousArp: false },
    host: () => undefined,
    steps: ["ip addr add 192.168.4.5/24 brd + dev eth0 label eth0:0"],
  },
  {
    name: "IPv6",
    why: "no label, no ARP, and no duplicate check: a real server that holds the VIP would make the director give it up",
    want: { ...director, address: "2001:DB8::5" },
    host: () => undefined,
    steps: ["ip addr add 2001:db8::5/128 dev eth0 nodad"],
  },
  {
    name: "equal",
    why: "a converged host is left alone",
    want: director,
    host: (host) => host.ip("addr add 192.168.4.5/32 dev eth0 label eth0:0"),
    steps: [],
  },
  {
    name: "there without a label",
    why: "adopted, and labelled in one process; no neighbour is told what it knows",
    want: director,
    host: (host) => host.ip("addr add 192.168.4.5/32 dev eth0"),
    steps: [
      "ip -batch - <<'END'\naddr del 192.168.4.5/32 dev eth0\naddr add 192.168.4.5/32 dev eth0 label eth0:0\nEND",
    ],
  },
  {
    name: "there with another prefix",
    why: "the wanted form comes before the other one goes",
    want: director,
    host: (host) => host.ip("addr add 192.168.4.5/24 dev eth0 label eth0:0"),
    steps: ["ip addr add 192.168.4.5/32 dev eth0 label eth0:0", "ip addr del 192.168.4.5/24 dev eth0"],
  },
  {
    name: "there twice",
    why: "one address can have two prefixes: the stray one goes",
    want: real,
    host: (host) => {
      host.ip("addr add 192.168.4.5/32 dev lo label lo:0");
      host.ip("addr add 192.168.4.5/24 dev lo");
    },
    steps: ["ip addr del 192.168.4.5/24 dev lo"],
  },
  {
    name: "on another device",
    why: "what another NIC has is another object",
    want: director,
    host: (host) => host.ip("addr add 192.168.4.5/32 dev eth1"),
    steps: ["ip addr add 192.168.4.5/32 dev eth0 label eth0:0", "tell the neighbours"],
  },
  {
    name: "on a dummy",
    why: "the link is made, marked and brought up before the address",
    want: { ...real, device: "dummy0" },
    host: () => undefined,
    steps: ["make the dummy", "ip addr add 192.168.4.5/32 dev dummy0 label dummy0:0"],
  },
];

describe("live", () => {
  test.each(cases)("$name: $why", ({ want: input, host: prepare, steps }) => {
    const host = new FakeNetworkHost("none");
    prepare(host);
    const others = host.addresses.filter(({ local }) => !local.startsWith("192.168.4.5/"));
    expect(brief(bring(host, want(input)))).toEqual(steps);
    expect(bring(host, want(input))).toEqual([]);
    expect(host.addresses).toEqual(expect.arrayContaining(others));
  });

  test("an IPv6 address that failed its duplicate check is not live, and is added anew without one", () => {
    const host = new FakeNetworkHost("none");
    const seen = host.seen();
    const failed = { device: "eth0", ip: "2001:db8::5", prefix: 128, secondary: false, failed: true };
    const broken = { ...seen, addresses: { ...seen.addresses, addresses: [...seen.addresses.addresses, failed] } };
    const goal = want({ ...director, address: "2001:db8::5" });
    const have = vipAlias.find(broken, goal);
    expect(have?.live).toBe(false);
    expect(
      vipAlias
        .plan(goal, have)
        .flatMap((change) => vipAlias.render(change, broken))
        .map(describeStep),
    ).toEqual(["ip -batch - <<'END'\naddr del 2001:db8::5/128 dev eth0\naddr add 2001:db8::5/128 dev eth0 nodad\nEND"]);
  });

  test("deleting what is gone already is already done", () => {
    expect(bring(new FakeNetworkHost("ifupdown"), undefined, want({ ...director, boot: true }))).toEqual([]);
  });
});

describe("removal", () => {
  test("takes all forms of the address, on its device alone", () => {
    const host = new FakeNetworkHost("none");
    const before = [...host.addresses];
    host.ip("addr add 192.168.4.5/32 dev eth1");
    const others = [...host.addresses];
    bring(host, want(director));
    host.ip("addr add 192.168.4.5/24 dev eth0");
    bring(host, undefined, want(director));
    expect(host.addresses).toEqual(others);
    expect(before).toHaveLength(2);
  });

  test("of the first address of a subnet is refused where it would take others along", () => {
    const host = new FakeNetworkHost("none");
    const vip = want({ ...director, device: "eth1", address: "192.168.2.110/24" });
    bring(host, vip);
    host.ip("addr add 192.168.2.3/24 dev eth1");
    expect(() => bring(host, undefined, vip)).toThrow(
      "removing 192.168.2.110/24 from eth1 would take 192.168.2.3 along: it was there first, and the others of its subnet are " +
        'secondary to it. Tell the kernel to promote them, "sysctl -w net.ipv4.conf.eth1.promote_secondaries=1", and run again',
    );
    host.promotes.add("eth1");
    bring(host, undefined, vip);
    expect(host.addresses.map(({ local }) => local)).toContain("192.168.2.3/24");
  });

  test("of the last VIP on a dummy of ours removes the dummy, and of an earlier one does not", () => {
    const host = new FakeNetworkHost("none");
    const first = want({ ...real, device: "dummy0" });
    const second = want({ ...real, device: "dummy0", address: "192.168.4.6", label: "dummy0:1" });
    bring(host, first);
    bring(host, second);
    bring(host, undefined, first);
    expect(host.devices.has("dummy0")).toBe(true);
    expect(bring(host, undefined, second).at(-1)).toBe("ip link del dev dummy0");
    expect(host.devices.has("dummy0")).toBe(false);
  });

  test("leaves a dummy that somebody else made", () => {
    const host = new FakeNetworkHost("none");
    host.devices.add("dummy0");
    const vip = want({ ...real, device: "dummy0" });
    bring(host, vip);
    bring(host, undefined, vip);
    expect(host.devices.has("dummy0")).toBe(true);
  });

  test("sets ARP settings free that were kept only because the VIP was up", () => {
    const host = new FakeNetworkHost("none");
    const tuning = drKernelTuning.schema.parse({});
    const tune = (goal: typeof tuning | undefined) => {
      const seen = host.seen();
      const changes = drKernelTuning.plan(goal, drKernelTuning.find(seen, tuning));
      host.run(changes.flatMap((change) => drKernelTuning.render(change, seen)));
    };
    tune(tuning);
    bring(host, want(real));
    tune(undefined);
    const seen = host.seen();
    host.run((drKernelTuning.sweep?.(seen, tuning) ?? []).flatMap((change) => drKernelTuning.render(change, seen)));
    expect(host.sysctls.get("net.ipv4.conf.all.arp_ignore")).toBe("1");
    bring(host, undefined, want(real));
    expect(host.sysctls.get("net.ipv4.conf.all.arp_ignore")).toBe("0");
    expect([...host.files.keys()]).toEqual([]);
  });
});

describe("refused by what the host has", () => {
  test("a label that belongs to another address", () => {
    const host = new FakeNetworkHost("none");
    host.ip("addr add 192.168.4.9/32 dev eth0 label eth0:0");
    expect(() => bring(host, want(director))).toThrow(
      'the label eth0:0 belongs to 192.168.4.9/32 already. Choose another, such as "eth0:1"',
    );
  });

  test("a NIC that is not there", () => {
    expect(() => bring(new FakeNetworkHost("none"), want({ ...director, device: "eth7" }))).toThrow(
      "this host has no device eth7, only lo, eth0, eth1, eth0.5",
    );
  });

  test("the address by which we reach the host", () => {
    const at = { address: "192.168.4.5", port: 22 };
    expect(vipAlias.guard?.(want(director), at)).toEqual({
      property: "address",
      reason:
        "192.168.4.5 is where we reach this host by SSH, so removing the VIP would cut us off. Reach the host at an address of its own",
    });
    expect(vipAlias.guard?.(want(director), { ...at, address: "192.168.4.2" })).toBeUndefined();
  });
});

describe("diff", () => {
  const have = ({ network: _, gratuitousArp: __, ...rest }: WantedVip): Vip => rest;

  test("settings are no difference, and each observed property is one", () => {
    const goal = want({ ...director, boot: true });
    expect(vipAlias.plan({ ...goal, gratuitousArp: false, network: "ifcfg" }, have(goal))).toEqual([]);
    const drifts: Partial<Vip>[] = [
      { live: false },
      { boot: false },
      { label: "eth0" },
      { address: "192.168.4.5/24" },
      { role: "realServer" },
    ];
    for (const drift of drifts) expect(vipAlias.plan(goal, { ...have(goal), ...drift })).not.toEqual([]);
  });

  test("another address under the same label is another object that needs the label first", () => {
    const other = want({ ...director, address: "192.168.4.6" });
    expect(vipAlias.key(other)).not.toBe(vipAlias.key(want(director)));
    expect(vipAlias.collides?.(have(want(director)), other)).toBe(true);
    expect(
      vipAlias.collides?.(have(want(director)), want({ ...director, address: "192.168.4.6", label: "eth0:1" })),
    ).toBe(false);
  });

  test("the rule of a preview says what the host will be told", () => {
    expect(vipAlias.rule(want({ ...director, boot: true }))).toBe(
      "ip addr add 192.168.4.5/32 dev eth0 label eth0:0\narping -U -I eth0 192.168.4.5\nat boot: the host's own network configuration",
    );
  });
});

/** The first VIP with all that can change in place as in the second. */
function sameIdentity(first: VipInput, second: VipInput): VipInput {
  const [ip = ""] = first.address.split("/");
  const alias = second.label?.split(":")[1];
  if (first.label === undefined || alias === undefined) return { ...first, boot: second.boot };
  const prefix = first.role === "director" && second.address.endsWith("/24") ? "/24" : "";
  return { ...first, boot: second.boot, address: `${ip}${prefix}`, label: `${first.device}:${alias}` };
}

describe.each(["ifcfg", "ifupdown"] as const)("at boot with %s", (manager) => {
  const inputs: fc.Arbitrary<VipInput> = fc
    .record({
      role: fc.constantFrom("director" as const, "realServer" as const),
      last: fc.integer({ min: 3, max: 250 }),
      alias: fc.stringMatching(/^\w{1,6}$/),
      boot: fc.boolean(),
      wide: fc.boolean(),
      six: fc.boolean(),
      dummy: fc.boolean(),
    })
    .map(({ role, last, alias, boot, wide, six, dummy }): VipInput => {
      const device = role === "director" ? "eth0" : dummy ? "dummy0" : "lo";
      const prefix = wide && role === "director" ? "/24" : "";
      // network-scripts keep IPv6 elsewhere.
      if (six && manager === "ifupdown") return { role, boot, device, address: `2001:db8::${last}` };
      return { role, boot, device, address: `192.168.4.${last}${prefix}`, label: `${device}:${alias}` };
    });

  test("whatever is wanted is there after one pass, the second does nothing, and a removal leaves the host as it was", () => {
    fc.assert(
      fc.property(inputs, inputs, (first, second) => {
        const host = new FakeNetworkHost(manager);
        const files = [...host.files];
        const addresses = [...host.addresses];
        const goal = want(first);
        bring(host, goal);
        const { network: _, gratuitousArp: __, ...record } = goal;
        expect(vipAlias.find(host.seen(), goal)).toEqual(record);
        expect(bring(host, goal)).toEqual([]);
        const moved = want(sameIdentity(first, second));
        expect(vipAlias.key(moved)).toBe(vipAlias.key(goal));
        bring(host, moved);
        expect(bring(host, moved)).toEqual([]);
        bring(host, undefined, moved);
        expect([...host.files]).toEqual(files);
        expect(host.addresses).toEqual(addresses);
        expect(host.devices.has("dummy0")).toBe(false);
      }),
    );
  });

  test("an edit by hand is drift, and is repaired", () => {
    const host = new FakeNetworkHost(manager);
    const goal = want({ ...director, boot: true });
    bring(host, goal);
    const [path = ""] = [...host.files.keys()].filter((name) => /eth0[:-]/.test(name));
    const text = host.files.get(path) ?? "";
    for (const broken of [
      text.replace("32", "24"),
      text.replaceAll("192.168.4.5", "192.168.4.6"),
      text.replaceAll("\n", "\r\n"),
      "",
    ]) {
      host.files.set(path, broken);
      const other = broken.includes("192.168.4.6") && manager === "ifcfg";
      const found = vipAlias.find(host.seen(), goal);
      expect(found?.boot).toBe(false);
      if (broken !== "" && !other) expect(found?.bootFile).toBe("differs");
      if (other) host.files.delete(path);
      bring(host, goal);
      expect(host.files.get(path)).toBe(text);
    }
  });

  test("what means the same is right, and is left as it is", () => {
    const host = new FakeNetworkHost(manager);
    const goal = want({ ...director, boot: true });
    bring(host, goal);
    const [path = ""] = [...host.files.keys()].filter((name) => /eth0[:-]/.test(name));
    const same = `\n# mine\n${(host.files.get(path) ?? "").replaceAll(/^/gm, " ").replace(/ +$/, "")}`;
    host.files.set(path, same);
    expect(bring(host, goal)).toEqual([]);
    expect(host.files.get(path)).toBe(same);
  });

  test("boot: false takes away what boot: true has written", () => {
    const host = new FakeNetworkHost(manager);
    const files = [...host.files];
    bring(host, want({ ...director, boot: true }));
    expect(host.files.size).toBe(files.length + 1);
    bring(host, want(director));
    expect([...host.files]).toEqual(files);
  });

  test("two VIPs of one run with the same label: the first gets it, the second is told", () => {
    const host = new FakeNetworkHost(manager);
    const one = want({ ...director, boot: true });
    const two = want({ ...director, boot: true, address: "192.168.4.6" });
    const seen = host.seen();
    for (const goal of [one, two]) {
      host.run(vipAlias.plan(goal, vipAlias.find(seen, goal)).flatMap((change) => vipAlias.render(change, seen)));
    }
    expect(() => bring(host, two)).toThrow(/already/);
  });
});
