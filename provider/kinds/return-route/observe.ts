import { isDeepStrictEqual } from "node:util";
import { hasBootConfig, isPersisted } from "./boot";
import { bootRouteOf, routeId } from "./boot-route";
import type { PolicyRule, Route } from "./facts";
import { defaultRoute, expectedLocalNetworks, networkConfigOf, type RouteSeen } from "./observation";
import { gatewayRecordOf } from "./original-gateway";
import { matchesSpec, routeSpecs, routesIn } from "./routing/ip-commands";
import { precedenceOver } from "./routing/precedence";
import { ourTables, tablesLeft } from "./routing/tables";
import { isPolicy, type PolicyRoute, type ReturnRoute, type WantedReturnRoute } from "./schema";

/** The return route of a host in the terms of the desired one; undefined when the host has nothing of it. */
export function observeRoute(
  seen: RouteSeen,
  want: WantedReturnRoute,
  known: ReturnRoute | undefined,
  requested?: WantedReturnRoute,
): ReturnRoute | undefined {
  if (!isPolicy(want)) return observeDefault(seen, want);
  const tables = [known?.table, requested?.table, ...ourTables(seen, want.address), want.table];
  return observePolicy(
    seen,
    want,
    tables.flatMap((table) => table ?? []),
  );
}

/** The rule of the address names its table. */
function observePolicy(seen: RouteSeen, want: PolicyRoute, tables: readonly number[]): ReturnRoute | undefined {
  const { mode, address } = want;
  const { rule, table } = whatToJudge(seen, want, tables);
  const routes = routesIn(table, seen.routing);
  const gateway = routes.find(({ to }) => to === "default");
  const persisted = hasBootConfig(routeId(want), networkConfigOf(seen));
  if (rule === undefined && !persisted && !isLeft(seen, want)) return undefined;
  const isUsed =
    rule !== undefined && precedenceOver({ mode, address, table, priority: rule.priority }, seen.routing) === undefined;
  const isThere = rule !== undefined && gateway?.via !== undefined && gateway.dead !== true;
  const live = isThere && isUsed;
  const localNetworks = isThere ? localNetworksOf(routes, seen, want) : want.localNetworks;
  return {
    mode,
    address,
    ...gatewayOf(gateway, want),
    table,
    priority: rule?.priority ?? want.priority,
    ...(localNetworks !== undefined && { localNetworks }),
    live,
    boot: bootOf(seen, want, persisted),
  };
}

/**
 * Of rules that lead to tables of ours one that is not wanted, so that it is removed, whoever made it: those to tables of earlier runs first. Else
 * a table without a rule, in which routes of ours are left.
 */
function whatToJudge(
  seen: RouteSeen,
  want: PolicyRoute,
  tables: readonly number[],
): { readonly table: number; readonly rule?: PolicyRule } {
  const { address, table, priority } = want;
  const { rules } = seen.routing;
  const ours = tables.flatMap((of) => rules.filter((one) => one.from === address && one.table === of));
  const surplus = ours.find((one) => one.table !== table || one.priority !== priority);
  if (surplus !== undefined) return { table: surplus.table ?? table, rule: surplus };
  const left = tablesLeft(seen, want).find((one) => one !== table);
  const [rule] = ours;
  return left === undefined ? { table, ...(rule && { rule }) } : { table: left };
}

/** undefined: the networks that are the default, where the program names none. */
function localNetworksOf(routes: readonly Route[], seen: RouteSeen, want: PolicyRoute): readonly string[] | undefined {
  const found = routes
    .filter(({ to, via }) => to !== "default" && via === undefined)
    .map(({ to }) => to)
    .sort();
  return want.localNetworks === undefined && isDeepStrictEqual(found, expectedLocalNetworks(want, seen))
    ? undefined
    : found;
}

/** Whether routes of ours are left. In the table that is wanted, they are ours if its default route is exactly the desired one. */
function isLeft(seen: RouteSeen, want: PolicyRoute): boolean {
  const [gateway] = routeSpecs(want, []);
  const isGateway = (route: Route) => gateway !== undefined && matchesSpec(route, gateway);
  return tablesLeft(seen, want).length > 0 || routesIn(want.table, seen.routing).some(isGateway);
}

/** A default route is ours only if the original one is recorded. Without that record it is the host's own. */
function observeDefault(seen: RouteSeen, want: WantedReturnRoute): ReturnRoute | undefined {
  const persisted = hasBootConfig(routeId(want), networkConfigOf(seen));
  const record = gatewayRecordOf(seen.originalState);
  if (record === undefined && !persisted) return undefined;
  const gateway = defaultRoute(seen);
  return {
    mode: "default",
    ...gatewayOf(gateway, want),
    live:
      gateway?.via !== undefined &&
      gateway.dead !== true &&
      precedenceOver({ mode: "default" }, seen.routing) === undefined,
    // A change that was cut has to be done again, to its end.
    boot: record?.until === undefined ? bootOf(seen, want, persisted) : !want.boot,
  };
}

/** Where the host has no gateway (`live` is false then), the desired one: the next observation starts from what this one returns. */
function gatewayOf(
  found: Route | undefined,
  { gateway, device }: WantedReturnRoute,
): Pick<ReturnRoute, "gateway" | "device"> {
  return { gateway: found?.via ?? gateway, device: found?.device ?? device };
}

function bootOf(seen: RouteSeen, want: WantedReturnRoute, persisted: boolean): boolean {
  return want.boot ? isPersisted(bootRouteOf(want, seen), networkConfigOf(seen), want.networkManager) : persisted;
}
