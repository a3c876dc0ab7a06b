import { returnRoute } from "../../provider/kinds/return-route";
import type { ReturnRoute, WantedReturnRoute } from "../../provider/model/return-route";
import type { Step } from "../../provider/step";
import { FakeRouter } from "./fake-router";

const OWN = "/etc/network/interfaces.d/pulumi-lvs-route-192-168-2-100";
const SCRIPTS = "/etc/sysconfig/network-scripts";

function want(input: object = {}): WantedReturnRoute {
  return returnRoute.schema.parse({ address: "192.168.2.100", via: "192.168.2.2", device: "eth1", ...input });
}

function gateway(input: object = {}): WantedReturnRoute {
  return returnRoute.schema.parse({ mode: "default", via: "192.168.2.2", device: "eth1", ...input });
}

function planned(
  host: FakeRouter,
  goal: WantedReturnRoute | undefined,
  about = goal,
  known?: ReturnRoute,
): readonly Step[] {
  if (about === undefined) throw new Error("about whom?");
  const seen = host.look();
  return returnRoute
    .plan(goal, returnRoute.find(seen, about, known))
    .flatMap((change) => returnRoute.render(change, seen));
}

/** What a reconcile does to the host: one try, and a second one where something is left. The lines that ip is told. */
function bring(host: FakeRouter, goal: WantedReturnRoute | undefined, about = goal, known?: ReturnRoute): string[] {
  const steps = [0, 1].flatMap(() => {
    const now = planned(host, goal, about, known);
    host.take(now);
    return now;
  });
  expect(planned(host, goal, about, known)).toEqual([]);
  return steps
    .flatMap((step) => ("command" in step ? (step.command.stdin ?? "").split("\n") : []))
    .filter((line) => line !== "");
}

describe("what a host is told", () => {
  const rows = [
    {
      why: "the rule comes last: until then nothing goes this way; the network of the address stays direct",
      want: want(),
      lines: [
        "route replace 192.168.2.0/24 dev eth1 src 192.168.2.100 table 20612",
        "route replace default via 192.168.2.2 dev eth1 table 20612",
        "rule add from 192.168.2.100 lookup 20612 priority 20000",
      ],
    },
    {
      why: "clients in the real server's own network need the way through the director, too",
      want: want({ direct: [], table: 7, priority: 1 }),
      lines: [
        "route replace default via 192.168.2.2 dev eth1 table 7",
        "rule add from 192.168.2.100 lookup 7 priority 1",
      ],
    },
    {
      why: "a machine without a default gateway gets one",
      want: gateway(),
      lines: ["route replace default via 192.168.2.2 dev eth1"],
    },
  ];

  test.each(rows)("$why", ({ want: goal, lines }) => {
    const host = new FakeRouter();
    const before = host.state();
    expect(bring(host, goal)).toEqual(lines);
    expect(returnRoute.find(host.look(), goal)).toEqual(withoutNetwork(goal));
    bring(host, undefined, goal);
    expect(host.state()).toEqual(before);
  });
});

test("a preview shows what is known", () => {
  expect(returnRoute.rule(want()).split("\n")).toEqual([
    "ip route replace default via 192.168.2.2 dev eth1 table 20612",
    "ip rule add from 192.168.2.100 lookup 20612 priority 20000",
    "the network of 192.168.2.100 is answered directly",
  ]);
  expect(returnRoute.rule(gateway()).split("\n")).toEqual([
    "ip route replace default via 192.168.2.2 dev eth1",
    "this replaces the default gateway of the whole machine",
  ]);
});

describe("at boot", () => {
  test("ifupdown: a further stanza for the interface, with commands", () => {
    const host = new FakeRouter();
    bring(host, want());
    expect(host.files.get(OWN)).toBe(
      [
        "# return route of 192.168.2.100, by pulumi-lvs",
        "iface eth1 inet manual",
        "    up ip route replace 192.168.2.0/24 dev eth1 src 192.168.2.100 table 20612 || true",
        "    up ip route replace default via 192.168.2.2 dev eth1 table 20612 || true",
        "    up ip rule del from 192.168.2.100 lookup 20612 priority 20000 2>/dev/null || true",
        "    up ip rule add from 192.168.2.100 lookup 20612 priority 20000 || true",
        "    down ip rule del from 192.168.2.100 lookup 20612 priority 20000 || true",
        "",
      ].join("\n"),
    );
  });

  test("ifcfg: lines among the operator's own, which are left alone", () => {
    const host = new FakeRouter("ifcfg");
    host.files.set(`${SCRIPTS}/route-eth1`, "10.8.0.0/16 via 192.168.2.1 dev eth1");
    const before = host.state();
    bring(host, want());
    expect(host.files.get(`${SCRIPTS}/route-eth1`)).toBe(
      [
        "10.8.0.0/16 via 192.168.2.1 dev eth1",
        "# pulumi-lvs begin 192.168.2.100 (no newline before)",
        "192.168.2.0/24 dev eth1 src 192.168.2.100 table 20612",
        "default via 192.168.2.2 dev eth1 table 20612",
        "# pulumi-lvs end 192.168.2.100",
        "",
      ].join("\n"),
    );
    expect(host.files.get(`${SCRIPTS}/rule-eth1`)).toContain("\nfrom 192.168.2.100 lookup 20612 priority 20000\n");
    bring(host, want({ table: 9 }), undefined, withoutNetwork(want()));
    expect(host.files.get(`${SCRIPTS}/rule-eth1`)).not.toContain("20612");
    bring(host, undefined, want({ table: 9 }));
    expect(host.state()).toEqual(before);
  });

  test("false: nothing of it, and none of what was there", () => {
    const host = new FakeRouter();
    bring(host, want());
    bring(host, want({ boot: false }));
    expect(host.files.has(OWN)).toBe(false);
    expect(returnRoute.find(host.look(), want({ boot: false }))).toEqual(want({ boot: false }));
  });

  test.each([
    [
      "ifupdown does not read our directory",
      new FakeRouter(),
      "/etc/network/interfaces",
      "iface eth1 inet static\n",
      want(),
      '/etc/network/interfaces does not read /etc/network/interfaces.d: add the line "source /etc/network/interfaces.d/*" to it, or set "boot: false"',
    ],
    [
      "ifupdown does not know the interface",
      new FakeRouter(),
      "/etc/network/interfaces",
      "source /etc/network/interfaces.d/*\n",
      want(),
      '/etc/network/interfaces does not bring eth1 up: give it a stanza, or set "boot: false"',
    ],
    [
      "another default gateway of ifupdown",
      new FakeRouter(),
      "/etc/network/interfaces",
      "iface eth1 inet static\n  gateway 192.168.2.1\nsource /etc/network/interfaces.d/*\n",
      gateway(),
      '/etc/network/interfaces, line 2, has a default gateway of its own ("gateway 192.168.2.1"), and two of them would fail at boot. Remove that line, use mode "policy", or set "boot: false"',
    ],
    [
      "routes in the other form of network-scripts",
      new FakeRouter("ifcfg"),
      `${SCRIPTS}/route-eth1`,
      "ADDRESS0=10.8.0.0\n",
      want(),
      `${SCRIPTS}/route-eth1 has routes as ADDRESS0=, and a file has one way of writing them or the other. Write them as "NETWORK via GATEWAY dev DEVICE", or set "boot: false"`,
    ],
    [
      "another default gateway of network-scripts",
      new FakeRouter("ifcfg"),
      `${SCRIPTS}/ifcfg-eth0`,
      "DEVICE=eth0\nGATEWAY=192.168.4.1\n",
      gateway(),
      `${SCRIPTS}/ifcfg-eth0, line 2, has a default gateway of its own ("GATEWAY=192.168.4.1"), and the second one would fail at boot. Remove that line, use mode "policy", or set "boot: false"`,
    ],
  ])("refused: %s", (_what, host, path, text, goal, says) => {
    host.files.set(path, text);
    expect(() => bring(host, goal)).toThrow(says);
  });
});

describe("drift", () => {
  const drifts: readonly (readonly [string, (host: FakeRouter) => unknown, object])[] = [
    ["the rule is gone", (host) => host.ip("rule del from 192.168.2.100 lookup 20612 priority 20000"), { live: false }],
    [
      "the gateway is gone",
      (host) => host.ip("route del default via 192.168.2.2 dev eth1 table 20612"),
      { live: false },
    ],
    [
      "another gateway",
      (host) => host.ip("route replace default via 192.168.2.3 dev eth1 table 20612"),
      { via: "192.168.2.3" },
    ],
    [
      "another device",
      (host) => host.ip("route replace default via 192.168.2.2 dev eth0 table 20612"),
      { device: "eth0" },
    ],
    ["no direct network", (host) => host.ip("route del 192.168.2.0/24 dev eth1 table 20612"), { direct: [] }],
    [
      "one more direct network",
      (host) => host.ip("route replace 10.0.0.0/8 dev eth1 table 20612"),
      { direct: ["10.0.0.0/8", "192.168.2.0/24"] },
    ],
    ["the file is gone", (host) => host.files.delete(OWN), { boot: false }],
    ["the file says something else", (host) => host.files.set(OWN, "iface eth1 inet manual\n"), { boot: false }],
  ];

  test.each(drifts)("%s", (_what, drift, found) => {
    const host = new FakeRouter();
    bring(host, want());
    const before = host.state();
    drift(host);
    expect(returnRoute.find(host.look(), want())).toMatchObject(found);
    bring(host, want());
    expect(host.state()).toEqual(before);
  });

  test("a rule at another place", () => {
    const host = new FakeRouter();
    bring(host, want());
    host.ip("rule del from 192.168.2.100 lookup 20612 priority 20000");
    host.ip("rule add from 192.168.2.100 lookup 20612 priority 5");
    expect(returnRoute.find(host.look(), want())?.priority).toBe(5);
    expect(bring(host, want())).toEqual([
      "rule add from 192.168.2.100 lookup 20612 priority 20000",
      "rule del from 192.168.2.100 lookup 20612 priority 5",
    ]);
  });

  test("another default gateway", () => {
    const host = new FakeRouter();
    bring(host, gateway());
    host.ip("route replace default via 192.168.4.1 dev eth0");
    expect(returnRoute.find(host.look(), gateway())).toMatchObject({ via: "192.168.4.1", device: "eth0" });
    bring(host, gateway());
  });
});

test("another table: the new way is there before the old one goes", () => {
  const host = new FakeRouter();
  bring(host, want());
  expect(bring(host, want({ table: 9 }), undefined, withoutNetwork(want()))).toEqual([
    "route replace 192.168.2.0/24 dev eth1 src 192.168.2.100 table 9",
    "route replace default via 192.168.2.2 dev eth1 table 9",
    "rule add from 192.168.2.100 lookup 9 priority 20000",
    "rule del from 192.168.2.100 lookup 20612 priority 20000",
    "route del 192.168.2.0/24 dev eth1 src 192.168.2.100 table 20612",
    "route del default via 192.168.2.2 dev eth1 table 20612",
  ]);
});

describe("refused", () => {
  const foreign = "table 20612 is in use on this host, by";

  test("a table that somebody else's rule leads to", () => {
    const host = new FakeRouter();
    host.ip("rule add from 10.0.0.1 lookup 20612 priority 7");
    expect(() => bring(host, want())).toThrow(
      `${foreign} the rule "from 10.0.0.1 lookup 20612". Choose another with "table"`,
    );
  });

  test("a table with somebody else's routes", () => {
    const host = new FakeRouter();
    host.ip("route replace default via 192.168.2.9 dev eth1 table 20612");
    expect(() => bring(host, want())).toThrow(
      `${foreign} the route "default via 192.168.2.9 dev eth1". Choose another with "table"`,
    );
  });

  test("an address that the device does not have", () => {
    expect(() => bring(new FakeRouter(), want({ device: "eth0" }))).toThrow(
      "192.168.2.100 is not an address of eth0 on this host, which has 192.168.4.100",
    );
    expect(() => bring(new FakeRouter(), want({ device: "eth7" }))).toThrow(
      "this host has no device eth7, only lo, eth0, eth1",
    );
  });

  test("a default route with several gateways", () => {
    const host = new FakeRouter();
    host.routes.push(
      "default \\ nexthop via 192.168.4.1 dev eth0 weight 1 \\ nexthop via 192.168.4.2 dev eth0 weight 1",
    );
    expect(() => bring(host, gateway())).toThrow(
      'this host has a default route with several gateways, which is not replaced. Use mode "policy"',
    );
  });
});

describe("the default gateway", () => {
  test("from before comes back, word by word, and only if ours is still there", () => {
    const host = new FakeRouter();
    host.ip("route replace default via 192.168.4.1 dev eth0 proto static onlink");
    const before = host.state();
    bring(host, gateway());
    expect(bring(host, undefined, gateway())).toEqual([
      "route replace default via 192.168.4.1 dev eth0 proto static onlink",
    ]);
    expect(host.state()).toEqual(before);
    bring(host, gateway());
    host.ip("route replace default via 192.168.4.9 dev eth0");
    expect(bring(host, undefined, gateway())).toEqual([]);
    expect(host.routes).toContain("default via 192.168.4.9 dev eth0");
  });

  test("of another metric stays beside ours", () => {
    const host = new FakeRouter();
    host.routes.push("default via 192.168.4.1 dev eth0 proto dhcp metric 100");
    const before = host.state();
    bring(host, gateway());
    bring(host, undefined, gateway());
    expect(host.state()).toEqual(before);
  });

  test("that is right already is adopted, and stays", () => {
    const host = new FakeRouter();
    host.ip("route replace default via 192.168.2.2 dev eth1");
    const before = host.state();
    expect(bring(host, gateway())).toEqual([]);
    expect(bring(host, undefined, gateway())).toEqual([]);
    expect(host.state()).toEqual(before);
  });
});

describe("a change that concerns our own way in", () => {
  test.each([
    ["any default gateway", gateway(), "10.99.0.21"],
    ["packets from the address that we are connected to", want(), "192.168.2.100"],
    ["a session of which nothing is known", want(), undefined],
  ])("goes alone, with the way back: %s", (_what, goal, entry) => {
    const host = new FakeRouter();
    host.entry = entry;
    const steps = planned(host, goal);
    const change = steps.at(-1);
    if (change === undefined || !("command" in change)) throw new Error("a command was expected");
    const lines = change.undo?.stdin?.trim().split("\n") ?? [];
    expect(lines.length).toBe(change.command.stdin?.trim().split("\n").length);
    expect(steps.filter((step) => "file" in step && step.file.startsWith("/etc/"))).toEqual([]);
    const before = { routes: [...host.routes].sort(), rules: host.rules };
    host.take(steps);
    for (const line of lines) host.ip(line);
    expect({ routes: [...host.routes].sort(), rules: host.rules }).toEqual(before);
  });

  test("is not one that does not", () => {
    expect(planned(new FakeRouter(), want()).filter((step) => "command" in step && step.undo !== undefined)).toEqual(
      [],
    );
  });

  test("the way back from a delete and from a change, too", () => {
    const host = new FakeRouter();
    host.entry = undefined;
    bring(host, want());
    for (const steps of [
      planned(host, undefined, want()),
      planned(host, want({ table: 9, priority: 8 }), undefined, withoutNetwork(want())),
    ]) {
      const [change] = steps;
      if (change === undefined || !("command" in change)) throw new Error("a command was expected");
      const before = [...host.routes, ...host.rules].sort();
      host.take([change]);
      expect([...host.routes, ...host.rules].sort()).not.toEqual(before);
      host.batch(change.undo?.stdin ?? "");
      expect([...host.routes, ...host.rules].sort()).toEqual(before);
    }
  });
});

test("tables by name, and rules that ask for more, are understood", () => {
  const host = new FakeRouter();
  host.rules.push(
    "100: from 192.168.2.100 fwmark 0x1 lookup 20612",
    "101: from all iif eth0 lookup unknown",
    "102: from all unreachable",
  );
  expect(host.look().routing.rules.slice(3)).toEqual([
    { priority: 100, table: 20612, text: "from 192.168.2.100 fwmark 0x1 lookup 20612" },
    { priority: 101, table: undefined, text: "from all iif eth0 lookup unknown" },
    { priority: 102, table: undefined, text: "from all unreachable" },
  ]);
  expect(() => bring(host, want())).toThrow('by the rule "from 192.168.2.100 fwmark 0x1 lookup 20612"');
});

describe("input", () => {
  test.each([
    [
      { address: undefined },
      "address is needed: the real server's own address, as in the director's rule, such as \"192.168.2.100\"",
    ],
    [
      { address: "web1" },
      'address "web1" is not an IP address: names are not looked up, because the answer of DNS may change; write the address',
    ],
    [{ via: undefined }, 'via is needed: the director\'s address inside, such as "192.168.2.2"'],
    [{ via: "2001:db8::2" }, "via must be of the same family as 192.168.2.100"],
    [{ via: "192.168.2.100" }, "via must be the director's address, not the real server's own"],
    [{ device: undefined }, 'device must be the name of a network interface, such as "eth0"'],
    [{ table: 254 }, "table must not be 253, 254 or 255: those are the kernel's own"],
    [{ table: 0 }, "table must be a whole number from 1 to 4294967295, not 0"],
    [{ priority: 32766 }, "priority must be a whole number from 1 to 32765, not 32766"],
    [{ direct: ["192.168.2.1/24"] }, 'direct.0 "192.168.2.1/24" is not a network; write "192.168.2.0/24"'],
    [{ direct: ["192.168.2.0"] }, 'direct.0 "192.168.2.0" is not a network, such as "192.168.2.0/24"'],
    [{ direct: ["2001:db8::/64"] }, "direct must be of the same family as 192.168.2.100, not 2001:db8::/64"],
    [{ mode: "default" }, 'address is for mode "policy" only: a default gateway is for all addresses'],
    [{ live: false }, "live is an output: whether the route is there"],
  ])("%j", (input, says) => {
    const read = returnRoute.schema.safeParse({
      address: "192.168.2.100",
      via: "192.168.2.2",
      device: "eth1",
      ...input,
    });
    expect(read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual([
      says,
    ]);
  });

  test("canonical input stays as it is", () => {
    for (const goal of [want(), want({ direct: ["192.168.2.0/24", "10.0.0.0/8"] }), gateway()]) {
      expect(returnRoute.schema.parse(goal)).toEqual(goal);
    }
    expect(returnRoute.key(want())).toBe("from 192.168.2.100");
    expect(want({ address: "2001:db8::1:64", via: "2001:db8::2" }).table).toBe(20100);
  });
});

function withoutNetwork({ network: _, ...record }: WantedReturnRoute): ReturnRoute {
  return record;
}
