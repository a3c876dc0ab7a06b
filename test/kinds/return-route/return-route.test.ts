import { returnRoute } from "../../../provider/kinds/return-route/kind";
import type { WantedReturnRoute } from "../../../provider/kinds/return-route/schema";
import { FakeRouter } from "../../fakes/fake-router";
import { bring, gateway, planned, want, withoutNetwork } from "./return-route-operator";

const OWN = "/etc/network/interfaces.d/pulumi-lvs-route-192-168-2-100";

function hostAfter(goal: WantedReturnRoute): unknown {
  const host = new FakeRouter();
  bring(host, goal);
  return host.state();
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
      want: want({ localNetworks: [], table: 7, priority: 1 }),
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
    expect(returnRoute.observe(host.look(), goal)).toEqual(withoutNetwork(goal));
    bring(host, undefined, goal);
    expect(host.state()).toEqual(before);
  });
});

test("a preview shows what is known", () => {
  expect(returnRoute.commands(want())).toEqual([
    "ip route replace default via 192.168.2.2 dev eth1 table 20612",
    "ip rule add from 192.168.2.100 lookup 20612 priority 20000",
    "replies to the network of 192.168.2.100 do not go through the gateway",
  ]);
  expect(returnRoute.commands(gateway())).toEqual([
    "ip route replace default via 192.168.2.2 dev eth1",
    "this replaces the default gateway of the whole machine",
  ]);
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
      { gateway: "192.168.2.3" },
    ],
    [
      "another device",
      (host) => host.ip("route replace default via 192.168.4.1 dev eth0 table 20612"),
      { device: "eth0", gateway: "192.168.4.1" },
    ],
    ["no direct network", (host) => host.ip("route del 192.168.2.0/24 dev eth1 table 20612"), { localNetworks: [] }],
    [
      "one more direct network",
      (host) => host.ip("route replace 10.0.0.0/8 dev eth1 table 20612"),
      { localNetworks: ["10.0.0.0/8", "192.168.2.0/24"] },
    ],
    ["the file is gone", (host) => host.files.delete(OWN), { boot: false }],
    ["the file says something else", (host) => host.files.set(OWN, "iface eth1 inet manual\n"), { boot: false }],
  ];

  test.each(drifts)("%s", (_what, drift, found) => {
    const host = new FakeRouter();
    bring(host, want());
    const before = host.state();
    drift(host);
    expect(returnRoute.observe(host.look(), want())).toMatchObject(found);
    bring(host, want());
    expect(host.state()).toEqual(before);
  });

  test("a rule at another place", () => {
    const host = new FakeRouter();
    bring(host, want());
    host.ip("rule del from 192.168.2.100 lookup 20612 priority 20000");
    host.ip("rule add from 192.168.2.100 lookup 20612 priority 5");
    expect(returnRoute.observe(host.look(), want())?.priority).toBe(5);
    expect(bring(host, want())).toEqual([
      "rule add from 192.168.2.100 lookup 20612 priority 20000",
      "rule del from 192.168.2.100 lookup 20612 priority 5",
    ]);
  });

  const beside = [
    { what: "a table of ours", goal: want(), line: "from 192.168.2.100 lookup 20612 priority 25000" },
    { what: "the usual table", goal: want({ table: 9 }), line: "from 192.168.2.100 lookup 20612 priority 5" },
  ];

  test.each(beside)("a second rule, to $what, for an update and for a create", ({ goal, line }) => {
    for (const known of [withoutNetwork(goal), undefined]) {
      const host = new FakeRouter();
      bring(host, goal);
      const before = host.state();
      host.ip(`rule add ${line}`);
      expect(bring(host, goal, goal, known)).toEqual([`rule del ${line}`]);
      expect(host.state()).toEqual(before);
      host.ip(`rule add ${line}`);
      bring(host, undefined, goal, known);
      expect(host.state()).toEqual(new FakeRouter().state());
    }
  });

  test("routes that are left in the usual table go with another one, and with the last", () => {
    const host = new FakeRouter();
    bring(host, want());
    host.ip("rule del from 192.168.2.100 lookup 20612 priority 20000");
    const other = want({ table: 9 });
    bring(host, other, other, withoutNetwork(want()));
    expect(host.state()).toEqual(hostAfter(other));
    // As a removal that failed halfway leaves them, also where a second rule has to go.
    for (const rule of [[], ["from 192.168.2.100 lookup 9 priority 25000"]]) {
      host.ip("route replace default via 192.168.2.2 dev eth1 table 20612");
      for (const one of rule) host.ip(`rule add ${one}`);
      host.take(planned(host, other));
      expect(host.state()).toEqual(hostAfter(other));
    }
    host.ip("route replace default via 192.168.2.2 dev eth1 table 20612");
    bring(host, undefined, other, withoutNetwork(other));
    expect(host.state()).toEqual(new FakeRouter().state());
  });

  test("another default gateway", () => {
    const host = new FakeRouter();
    bring(host, gateway());
    host.ip("route replace default via 192.168.4.1 dev eth0");
    expect(returnRoute.observe(host.look(), gateway())).toMatchObject({ gateway: "192.168.4.1", device: "eth0" });
    bring(host, gateway());
  });
});

test("a route that the kernel passes over is not live, and is refused in words", () => {
  const host = new FakeRouter();
  bring(host, want());
  host.routes = host.routes.map((route) => (route.includes("via") ? `${route} dead linkdown` : `${route} linkdown`));
  const have = returnRoute.observe(host.look(), want());
  expect(have).toEqual({ ...withoutNetwork(want()), live: false });
  expect(() => bring(host, want())).toThrow(
    "the kernel passes over the route through 192.168.2.2: eth1 has no carrier, and ignore_routes_with_linkdown is set",
  );
});

test("routes of others through gateways of their own stay in our table", () => {
  const host = new FakeRouter();
  const before = host.state();
  bring(host, want());
  const theirs = "10.7.0.0/16 via 192.168.2.78 dev eth1 table 20612";
  host.ip(`route replace ${theirs}`);
  const known = returnRoute.observe(host.look(), want());
  expect(known).toEqual(withoutNetwork(want()));
  bring(host, want({ gateway: "192.168.2.3" }));
  bring(host, want({ table: 9 }), undefined, known);
  bring(host, undefined, want({ table: 9 }));
  host.ip(`route del ${theirs}`);
  expect(host.state()).toEqual(before);
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

test("tables by name, and rules that ask for more, are understood", () => {
  const host = new FakeRouter();
  host.rules.push(
    "100: from 192.168.2.100 fwmark 0x1 lookup 20612",
    "101: from all iif eth0 lookup unknown",
    "102: from 10.0.0.0/8 unreachable",
  );
  expect(host.look().routing.rules.slice(3)).toEqual([
    { priority: 100, table: 20612, text: "from 192.168.2.100 fwmark 0x1 lookup 20612" },
    { priority: 101, table: undefined, text: "from all iif eth0 lookup unknown" },
    { priority: 102, from: "10.0.0.0/8", table: undefined, text: "from 10.0.0.0/8 unreachable" },
  ]);
  expect(() => bring(host, want())).toThrow('by the rule "from 192.168.2.100 fwmark 0x1 lookup 20612"');
});
