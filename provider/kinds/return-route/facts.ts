import type { Fact } from "../../facts/fact";
import { wordsOf } from "../../facts/files/blanks";
import { canonicalAddress, type Family } from "../../model/network/address";

/** A route of any table. */
export interface Route {
  /** `default`, `192.168.2.0/24`. */
  readonly to: string;
  readonly table: number;
  /** Absent for a unicast route, which is the usual type. */
  readonly type?: string;
  readonly via?: string;
  readonly device?: string;
  readonly metric?: number;
  /** The kernel passes it over: its device has no carrier, and ignore_routes_with_linkdown is set. */
  readonly dead?: true;
  /** Whether the route has several next hops. */
  readonly multipath: boolean;
  /** The route as arguments of ip(8), without its table. */
  readonly words: readonly string[];
}

/** A rule of the routing policy. */
export interface PolicyRule {
  readonly priority: number;
  /** The source that it matches; undefined if it matches on something else too. */
  readonly from?: string;
  readonly table: number | undefined;
  readonly text: string;
}

export interface Routing {
  readonly rules: readonly PolicyRule[];
  readonly routes: readonly Route[];
}

/** Rules and routes of one family. `-o`: a route with several gateways is one line. Not `-j`: the ip of RHEL 6 and 7 has no JSON. */
export function routing(family: Family): Fact<Routing> {
  const option = family === "ipv4" ? "-4" : "-6";
  return { command: { sh: READ_ROUTING, args: [option], inShell: true }, parse: parseRouting };
}

const READ_ROUTING = `ip "$1" rule show && echo -- && ip -o "$1" route show table all && echo -- && {
  for file in /usr/lib/iproute2/rt_tables /usr/lib/iproute2/rt_tables.d/*.conf /usr/share/iproute2/rt_tables /usr/share/iproute2/rt_tables.d/*.conf \\
    /etc/iproute2/rt_tables /etc/iproute2/rt_tables.d/*.conf; do
    [ -f "$file" ] && [ -r "$file" ] || continue
    while read -r number name rest || [ -n "$number" ]; do case $number in [0-9]*) echo "$number $name" ;; esac; done <"$file"
  done
  :
}`;

export function parseRouting(output: string): Routing {
  const [rules, routes, names] = output
    .split(/^--\n/m)
    .map((part) => part.split("\n").filter((line) => line.trim() !== ""));
  if (rules === undefined || routes === undefined || names === undefined) {
    throw new Error(`cannot read "${output.slice(0, 80)}" as rules and routes, from ip rule and ip route`);
  }
  const numbers = new Map(BUILT_IN_TABLES);
  // A number may be hexadecimal, and a line may end in a carriage return. A later file goes before an earlier one.
  for (const line of names) {
    const [number = "", name = ""] = wordsOf(line);
    numbers.set(name, Number(number));
  }
  const numberOf = (name: string) => (/^\d+$/.test(name) ? Number(name) : numbers.get(name));
  return {
    rules: rules.map((line) => parseRule(line, numberOf)),
    routes: routes.map((line) => parseRoute(line, numberOf)).filter((route) => route !== undefined),
  };
}

/** Table names that ip(8) knows without a file. */
const BUILT_IN_TABLES: readonly (readonly [string, number])[] = [
  ["local", 255],
  ["main", 254],
  ["default", 253],
];

type NumberOf = (name: string) => number | undefined;

/** `20000:	from 192.168.2.100 lookup 20612` */
function parseRule(line: string, numberOf: NumberOf): PolicyRule {
  const [, priority, rest = ""] = /^(\d+):\s(.*)$/.exec(line) ?? [];
  const selector = rest.trim();
  if (priority === undefined) throw new Error(`cannot read "${line}" as a rule, from ip rule`);
  const [, from] = /^from (\S+) (?:lookup \S+|blackhole|unreachable|prohibit)(?: proto \S+)?$/.exec(selector) ?? [];
  const [, anyTable] = /\blookup (\S+)/.exec(selector) ?? [];
  const number = anyTable === undefined ? undefined : numberOf(anyTable);
  const exact = from !== undefined && { from: from === "all" ? from : canonicalTarget(from) };
  return { priority: Number(priority), ...exact, table: number, text: selector };
}

/** `default via 192.168.2.2 dev eth1 table 20612`. undefined: the table has a name of unknown number, so it is not ours. */
function parseRoute(line: string, numberOf: NumberOf): Route | undefined {
  const printed = line.replaceAll("\\", " ").trim().split(/\s+/);
  const words = printed.filter((word) => !STATES.includes(word));
  const type = TYPES.find((word) => word === words[0]);
  const [to = "", ...rest] = type === undefined ? words : words.slice(1);
  const after = (word: string) => (rest.includes(word) ? rest[rest.indexOf(word) + 1] : undefined);
  const table = numberOf(after("table") ?? "main");
  if (table === undefined) return undefined;
  const [via, device, metric] = [after("via"), after("dev"), after("metric")];
  return {
    to: to === "default" ? to : canonicalTarget(to),
    table,
    ...(type !== undefined && { type }),
    ...(via !== undefined && { via: canonicalTarget(via) }),
    ...(device !== undefined && { device }),
    ...(metric !== undefined && { metric: Number(metric) }),
    ...(printed.includes("dead") && { dead: true }),
    multipath: rest.includes("nexthop"),
    words: [to, ...rest.filter((word, index) => word !== "table" && rest[index - 1] !== "table")],
  };
}

/** Words for the present state of a route. They are no part of its definition, and an older ip(8) refuses some of them. */
const STATES = ["linkdown", "dead", "offload", "trap", "rt_offload", "rt_trap"];

const TYPES = [
  "local",
  "broadcast",
  "multicast",
  "anycast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "unicast",
];

/** An address or network in canonical spelling. Text that is neither (`inet6 fe80::1`) is returned as it is. */
function canonicalTarget(text: string): string {
  const [address = "", prefix] = text.split("/");
  try {
    return prefix === undefined ? canonicalAddress(address) : `${canonicalAddress(address)}/${prefix}`;
  } catch {
    return text;
  }
}
