import { isDeepStrictEqual } from "node:util";
import { hasBootConfig, isPersisted } from "./boot";
import { bootRouteOf, routeId } from "./boot-route";
import type { Route } from "./facts";
import { defaultRoute, expectedLocalNetworks, networkConfigOf, type RouteSeen } from "./observation";
import { gatewayRecordOf } from "./original-gateway";
import { matchesSpec, ourRoutesIn, routeSpecs, routesIn } from "./routing/ip-commands";
import { precedenceOver } from "./routing/precedence";
import { ourTables } from "./routing/tables";
import { defaultTable, isPolicy, type PolicyRoute, type ReturnRoute, type WantedReturnRoute } from "./schema";

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
  const rule = ruleToJudge(seen, want, tables);
  const table = rule?.table ?? want.table;
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
 * Of several that lead to tables of ours, one that is not wanted, so that it is removed, whoever made it: those to tables of earlier runs first.
 */
function ruleToJudge({ routing }: RouteSeen, { address, table, priority }: PolicyRoute, tables: readonly number[]) {
  const ours = tables.flatMap((of) => routing.rules.filter((one) => one.from === address && one.table === of));
  return ours.find((one) => one.table !== table || one.priority !== priority) ?? ours[0];
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

/**
 * Whether a table that no rule leads to has routes of ours: ip(8) stops at the first line that fails. The usual table and those on record are
 * ours, any other if its default route is exactly the desired one.
 */
function isLeft({ routing, ourTables: recorded = [] }: RouteSeen, want: PolicyRoute): boolean {
  const [gateway] = routeSpecs(want, []);
  const isDesired = (route: Route) => routeSpecs(want, [route.to]).some((spec) => matchesSpec(route, spec));
  return (
    recorded.some((table) => ourRoutesIn(table, routing).length > 0) ||
    routesIn(defaultTable(want.address), routing).some(isDesired) ||
    routesIn(want.table, routing).some((route) => gateway !== undefined && matchesSpec(route, gateway))
  );
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
