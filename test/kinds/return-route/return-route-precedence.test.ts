import { returnRoute } from "../../../provider/kinds/return-route/kind";
import type { WantedReturnRoute } from "../../../provider/kinds/return-route/schema";
import { FakeRouter } from "../../fakes/fake-router";
import { bring, gateway, planned, want } from "./return-route-operator";

const DEFAULT_50 = "default via 192.168.4.1 dev eth0 table 50";

/** Rules and routes of others: whether all replies are theirs. */
const CASES: readonly (readonly [string, readonly string[], readonly string[], boolean])[] = [
  ["its address", ["100: from 192.168.2.100 lookup 50"], [DEFAULT_50], true],
  ["its address, with our priority, made before", ["20000: from 192.168.2.100 lookup 50"], [DEFAULT_50], true],
  ["its network", ["100: from 192.168.2.0/24 lookup 50"], [DEFAULT_50], true],
  ["everything", ["100: from all lookup 50 proto static"], [DEFAULT_50], true],
  ["everything, by halves", ["100: from all lookup 50"], [half("0.0.0.0/1"), half("128.0.0.0/1")], true],
  ["everything, to the main table", ["100: from all lookup main"], ["default via 192.168.4.1 dev eth0"], true],
  ["everything, which is refused", ["100: from 192.168.2.0/24 unreachable"], [], true],
  ["a route that refuses", ["100: from 192.168.2.100 lookup 50"], ["blackhole default table 50"], true],

  ["one behind ours", ["20001: from 192.168.2.100 lookup 50"], [DEFAULT_50], false],
  ["another network", ["100: from 192.168.4.0/24 lookup 50"], [DEFAULT_50], false],
  ["a mark", ["100: from all fwmark 0x1 lookup 50"], [DEFAULT_50], false],
  ["a way in", ["100: from all iif eth0 lookup 50"], [DEFAULT_50], false],
  ["a destination", ["100: from 192.168.2.100 to 10.0.0.0/8 lookup 50"], [DEFAULT_50], false],
  ["no default route", ["100: from all lookup main suppress_prefixlength 0"], [DEFAULT_50], false],
  [
    "a table without a default route",
    ["100: from all lookup 50"],
    ["10.0.0.0/8 via 192.168.4.1 dev eth0 table 50"],
    false,
  ],
  ["one half", ["100: from all lookup 50"], [half("0.0.0.0/1")], false],
  ["a default route of type throw", ["100: from all lookup 50"], ["throw default table 50"], false],
  ["a default route that is dead", ["100: from all lookup 50"], [`${DEFAULT_50} dead linkdown`], false],
  ["VRFs", ["1000: from all lookup [l3mdev-table]"], [], false],
];

function half(network: string): string {
  return `${network} via 192.168.4.1 dev eth0 table 50`;
}

test.each(CASES)("a rule of others for %s", (_what, rules, routes, isTaken) => {
  const goal = want();
  const host = new FakeRouter();
  bring(host, goal);
  host.rules = byPriority([...rules, ...host.rules]);
  host.routes.push(...routes);
  expect(live(host, goal)).toBe(!isTaken);
  if (isTaken) expect(() => planned(host, goal)).toThrow("before ours, which no reply would come to");
  else expect(planned(host, goal)).toEqual([]);

  // The same before ours is made.
  const fresh = new FakeRouter();
  fresh.rules = byPriority([...rules, ...fresh.rules]);
  fresh.routes.push(...routes);
  const found = fresh.state();
  if (isTaken) expect(() => bring(fresh, goal)).toThrow("before ours, which no reply would come to");
  else expect(bring(fresh, goal)).not.toEqual([]);
  // Refused before anything was changed.
  if (isTaken) expect(fresh.state()).toEqual(found);
});

test("the error names the rule, its removal, and a priority before it", () => {
  const host = new FakeRouter();
  host.rules = byPriority(["100: from 192.168.2.0/24 lookup 50", ...host.rules]);
  host.routes.push(DEFAULT_50);
  expect(() => bring(host, want())).toThrow(
    'the kernel asks the rule "from 192.168.2.0/24 lookup 50" of priority 100 before ours, which no reply would come to. ' +
      'If it is not needed, `ip rule del priority 100 from 192.168.2.0/24 lookup 50` removes it; or set "priority" below 100',
  );
  const goal = want({ priority: 99 });
  bring(host, goal);
  expect(live(host, goal)).toBe(true);
  // Back behind it: that is refused, and nothing is changed.
  expect(() => bring(host, want())).toThrow("before ours");
  expect(live(host, goal)).toBe(true);
});

test("a default gateway that a rule or two halves of the world come before", () => {
  const goal = gateway();
  const host = new FakeRouter();
  bring(host, goal);
  expect(live(host, goal)).toBe(true);
  host.rules = byPriority(["5: from 10.0.0.0/8 lookup 50", ...host.rules]);
  host.routes.push(DEFAULT_50);
  expect(live(host, goal)).toBe(true);
  host.rules = byPriority(["4: from all lookup 50", ...host.rules]);
  expect(live(host, goal)).toBe(false);
  host.ip("rule del from all lookup 50 priority 4");
  host.routes.push("0.0.0.0/1 via 192.168.4.9 dev eth0", "128.0.0.0/1 via 192.168.4.9 dev eth0");
  expect(live(host, goal)).toBe(false);
  expect(() => bring(host, goal)).toThrow(
    'the kernel asks the route "0.0.0.0/1 via 192.168.4.9 dev eth0" before ours, which no reply would come to. ' +
      "If it is not needed, `ip route del 0.0.0.0/1 via 192.168.4.9 dev eth0 table 254` removes it",
  );
});

function live(host: FakeRouter, goal: WantedReturnRoute): boolean | undefined {
  return returnRoute.observe(host.look(), goal, undefined)?.live;
}

/** As the kernel has them: those of one priority in the order of their making. */
function byPriority(rules: readonly string[]): string[] {
  return rules.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}
