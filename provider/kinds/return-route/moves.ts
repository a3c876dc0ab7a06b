import type { Route, Routing } from "./facts";
import { isPolicy, type PolicyRoute, type WantedReturnRoute } from "./schema";

/** One line for `ip -batch`, and the one that takes it back. */
export interface Move {
  readonly apply: string;
  readonly revert: string;
}

/** What is to be there: targets and rules, as ip(8) takes them. */
export interface Target {
  readonly to: string;
  readonly words: string;
}

/** The routes of a wish. Networks that are answered directly come first: until the rule is there nothing goes this way. */
export function targets(want: WantedReturnRoute, direct: readonly string[]): Target[] {
  const gateway = { to: "default", words: `via ${want.gateway} dev ${want.device}` };
  if (!isPolicy(want)) return [gateway];
  return [...direct.map((to) => ({ to, words: `dev ${want.device} src ${want.address}` })), gateway];
}

export function routeLine({ to, words }: Target, table?: number): string {
  return [to, words, ...(table === undefined ? [] : [`table ${table}`])].join(" ");
}

export function ruleLine({ address, table, priority }: Pick<PolicyRoute, "address" | "table" | "priority">): string {
  return `from ${address} lookup ${table} priority ${priority}`;
}

/** From what is there to what is wanted: nothing is taken away before its successor is there. */
export function planChange(
  want: PolicyRoute,
  direct: readonly string[],
  stale: number | undefined,
  seen: Routing,
): Move[] {
  const { address, table, priority } = want;
  const wanted = targets(want, direct);
  const ours = seen.rules.filter((rule) => rule.from === address && (rule.table === table || rule.table === stale));
  const right = ours.find((rule) => rule.table === table && rule.priority === priority);
  const rule = ruleLine(want);
  const strays = routesIn(table, seen).filter(({ to }) => !wanted.some((target) => target.to === to));
  return [
    ...wanted.flatMap((target) => replaceRoute(target, table, seen)),
    ...(right === undefined ? [{ apply: `rule add ${rule}`, revert: `rule del ${rule}` }] : []),
    ...ours.filter((one) => one !== right).map((one) => removeRule(address, one.table ?? table, one.priority)),
    ...[...strays, ...(stale === undefined || stale === table ? [] : routesIn(stale, seen))].map(removeRoute),
  ];
}

/** From what is there to nothing of ours: the rule first, so that nothing finds half a table. */
export function planRemoval(address: string, table: number, seen: Routing): Move[] {
  const rules = seen.rules.filter((rule) => rule.from === address && rule.table === table);
  return [
    ...rules.map(({ priority }) => removeRule(address, table, priority)),
    ...routesIn(table, seen).map(removeRoute),
  ];
}

/** What leads somewhere. The kernel puts routes of other kinds only into tables of its own. */
export function routesIn(table: number, { routes }: Routing): Route[] {
  return routes.filter((route) => route.table === table && route.type === undefined);
}

/** The route to a target, as it is asked for: an IPv6 route has a metric in any case. */
export function isRoute(route: Route, target: Target): boolean {
  const [, via] = /^via (\S+)/.exec(target.words) ?? [];
  const [, device] = /\bdev (\S+)/.exec(target.words) ?? [];
  return route.to === target.to && route.via === via && route.device === device && !route.multipath;
}

export function replaceRoute(target: Target, table: number | undefined, seen: Routing): Move[] {
  const before = routesIn(table ?? MAIN, seen).find(({ to, metric }) => {
    return to === target.to && (table !== undefined || metric === undefined);
  });
  if (before !== undefined && isRoute(before, target)) return [];
  const go = `route replace ${routeLine(target, table)}`;
  if (before === undefined) return [{ apply: go, revert: `route del ${routeLine(target, table)}` }];
  return [
    {
      apply: go,
      revert: `route replace ${routeLine({ to: before.to, words: before.words.slice(1).join(" ") }, table)}`,
    },
  ];
}

export const MAIN = 254;

function removeRoute({ table, words }: Route): Move {
  const line = `${words.join(" ")} table ${table}`;
  return { apply: `route del ${line}`, revert: `route replace ${line}` };
}

function removeRule(address: string, table: number, priority: number): Move {
  const line = ruleLine({ address, table, priority });
  return { apply: `rule del ${line}`, revert: `rule add ${line}` };
}
