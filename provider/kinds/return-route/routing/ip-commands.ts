import type { Route, Routing } from "../facts";
import { isPolicy, type PolicyRoute, type WantedReturnRoute } from "../schema";

/** One line for `ip -batch`, and the line that reverts it. */
export interface IpCommand {
  readonly apply: string;
  readonly revert: string;
}

/** A desired route: its destination, and the rest as ip(8) takes it. */
export interface RouteSpec {
  readonly to: string;
  readonly words: string;
}

export const MAIN_TABLE = 254;

/** The commands from the observed to the desired routes and rules. Nothing is removed before its successor exists. */
export function planChange(
  want: PolicyRoute,
  localNetworks: readonly string[],
  oldTables: readonly number[],
  seen: Routing,
): IpCommand[] {
  const { address, table, priority } = want;
  const specs = routeSpecs(want, localNetworks);
  const others = [...new Set(oldTables)].filter((one) => one !== table);
  const tables = [table, ...others];
  const ours = seen.rules.filter((rule) => rule.from === address && tables.some((one) => one === rule.table));
  const current = ours.find((rule) => rule.table === table && rule.priority === priority);
  const rule = ruleLine(want);
  const strays = ourRoutesIn(table, seen).filter(({ to }) => !specs.some((spec) => spec.to === to));
  const old = others.flatMap((one) => ourRoutesIn(one, seen));
  return [
    ...specs.flatMap((spec) => replaceRoute(spec, table, seen)),
    ...(current === undefined ? [{ apply: `rule add ${rule}`, revert: `rule del ${rule}` }] : []),
    ...ours.filter((one) => one !== current).map((one) => removeRule(address, one.table ?? table, one.priority)),
    ...[...strays, ...old].map(removeRoute),
  ];
}

/** The commands that remove our rules and our routes of the tables. Rules go first: no packet may meet half a table. */
export function planRemoval(address: string, tables: readonly number[], seen: Routing): IpCommand[] {
  return [...new Set(tables)].flatMap((table) => [
    ...seen.rules
      .filter((rule) => rule.from === address && rule.table === table)
      .map(({ priority }) => removeRule(address, table, priority)),
    ...ourRoutesIn(table, seen).map(removeRoute),
  ]);
}

/** The desired routes. Local networks come first; no packet uses the table before its rule exists. */
export function routeSpecs(want: WantedReturnRoute, localNetworks: readonly string[]): RouteSpec[] {
  const gateway = { to: "default", words: `via ${want.gateway} dev ${want.device}` };
  if (!isPolicy(want)) return [gateway];
  return [...localNetworks.map((to) => ({ to, words: `dev ${want.device} src ${want.address}` })), gateway];
}

/** Arguments of `ip route add` or `replace`. */
export function routeLine({ to, words }: RouteSpec, table?: number): string {
  return [to, words, ...(table === undefined ? [] : [`table ${table}`])].join(" ");
}

/** Arguments of `ip rule add` or `del`. */
export function ruleLine({ address, table, priority }: Pick<PolicyRoute, "address" | "table" | "priority">): string {
  return `from ${address} lookup ${table} priority ${priority}`;
}

/** The unicast routes of a table. The kernel adds other types (local, broadcast) to its own table only. */
export function routesIn(table: number, { routes }: Routing): Route[] {
  return routes.filter((route) => route.table === table && route.type === undefined);
}

/** Those of them that we could have made. We make none through a gateway but the default route: another one is somebody else's. */
export function ourRoutesIn(table: number, seen: Routing): Route[] {
  return routesIn(table, seen).filter(
    ({ to, via, multipath }) => to === "default" || (via === undefined && !multipath),
  );
}

/** Whether a route is the desired one. The metric is not compared: the kernel gives every IPv6 route one. */
export function matchesSpec(route: Route, spec: RouteSpec): boolean {
  const [, via] = /^via (\S+)/.exec(spec.words) ?? [];
  const [, device] = /\bdev (\S+)/.exec(spec.words) ?? [];
  return route.to === spec.to && route.via === via && route.device === device && !route.multipath;
}

/** Adds a route, or replaces the one to the same destination. In the main table that is the one without a metric. */
export function replaceRoute(spec: RouteSpec, table: number | undefined, seen: Routing): IpCommand[] {
  const existing = routesIn(table ?? MAIN_TABLE, seen).find(({ to, metric }) => {
    return to === spec.to && (table !== undefined || metric === undefined);
  });
  if (existing !== undefined && matchesSpec(existing, spec)) return [];
  const apply = `route replace ${routeLine(spec, table)}`;
  if (existing === undefined) return [{ apply, revert: `route del ${routeLine(spec, table)}` }];
  const original = { to: existing.to, words: existing.words.slice(1).join(" ") };
  return [{ apply, revert: `route replace ${routeLine(original, table)}` }];
}

function removeRoute({ table, words }: Route): IpCommand {
  const line = `${words.join(" ")} table ${table}`;
  return { apply: `route del ${line}`, revert: `route replace ${line}` };
}

function removeRule(address: string, table: number, priority: number): IpCommand {
  const line = ruleLine({ address, table, priority });
  return { apply: `rule del ${line}`, revert: `rule add ${line}` };
}
