import type { Parts } from "../../kind";
import type { Route } from "../facts";
import { expectedLocalNetworks, type RouteSeen } from "../observation";
import { defaultTable, isPolicy, type PolicyRoute, type ReturnRoute, type WantedReturnRoute } from "../schema";
import { matchesSpec, ourRoutesIn, routeSpecs, routesIn, ruleLine } from "./ip-commands";

/** The table of a route, where it is not the usual one: its rule and routes look like anybody's. */
export const tables: Parts<WantedReturnRoute, ReturnRoute, RouteSeen> = {
  of: (want, seen) => {
    if (!isPolicy(want) || want.table === defaultTable(want.address)) return new Map();
    const specs = routeSpecs(want, expectedLocalNetworks(want, seen));
    const routes = specs.map(({ to, words }) => `${to} ${words.replace(/ src .*/, "")}`);
    return new Map([[String(want.table), [...routes, ruleLine(want)]]]);
  },
  on: ({ routing }, { address }, name) => {
    const table = Number(name);
    const rules = routing.rules.filter((rule) => rule.from === address && rule.table === table);
    return [
      ...ourRoutesIn(table, routing).map(lineOf),
      ...rules.map(({ priority }) => ruleLine({ address: address ?? "", table, priority })),
    ];
  },
  in: ({ table }) => (table === undefined ? [] : [String(table)]),
  record: ({ originalState }) => originalState,
  with: (seen, ours) => ({ ...seen, ourTables: ours.map(Number) }),
};

/** Those that the record says are ours, and the usual one, whose number nobody else chooses, where a rule leads there. */
export function ourTables({ routing, ourTables: recorded = [] }: RouteSeen, address: string): readonly number[] {
  const usual = defaultTable(address);
  const isUsed = routing.rules.some((rule) => rule.from === address && rule.table === usual);
  return [...recorded, ...(isUsed ? [usual] : [])];
}

/** The same, where routes of ours are, whether a rule leads there or not: ip(8) stops at the first line that fails. */
export function tablesLeft({ routing, ourTables: recorded = [] }: RouteSeen, want: PolicyRoute): readonly number[] {
  const usual = defaultTable(want.address);
  const isDesired = (route: Route) => routeSpecs(want, [route.to]).some((spec) => matchesSpec(route, spec));
  return [
    ...recorded.filter((table) => ourRoutesIn(table, routing).length > 0),
    ...(routesIn(usual, routing).some(isDesired) ? [usual] : []),
  ];
}

function lineOf({ to, via, device, multipath }: Route): string {
  const way = [...(via === undefined ? [] : [`via ${via}`]), ...(device === undefined ? [] : [`dev ${device}`])];
  return [to, ...way, ...(multipath ? ["and others"] : [])].join(" ");
}
