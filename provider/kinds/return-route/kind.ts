import { isDeepStrictEqual } from "node:util";
import { networkFact } from "../../dialects/network/choose";
import { fileLines } from "../../facts/files/lines";
import { originalOf, originalState } from "../../facts/files/original-state";
import { addresses } from "../../facts/network/addresses";
import { sshPath } from "../../facts/network/ssh-path";
import { familyOf } from "../../model/network/address";
import type { Kind } from "../kind";
import { hasBootRoute, isRouteBooted } from "./boot";
import { IFCFG_ROUTE_FILES } from "./boot-ifcfg";
import { type Route, routing } from "./facts";
import { isRoute, routesIn } from "./moves";
import {
  bootOf,
  defaultRoute,
  expectedDirect,
  idOf,
  KIND,
  type Memory,
  networkOfHost,
  type RouteChange,
  type RouteSeen,
  renderRoute,
  routeAdvice,
  ruleLines,
} from "./render";
import { isPolicy, type PolicyRoute, type ReturnRoute, returnRoute as schema, type WantedReturnRoute } from "./schema";

/** The way of a real server's replies through the director that sent it the request. */
export const returnRoute: Kind<WantedReturnRoute, ReturnRoute, RouteSeen, RouteChange> = {
  name: KIND,
  schema,
  identity: ["mode", "address"],
  observedProperties: ["mode", "address", "gateway", "device", "table", "priority", "localNetworks", "live", "boot"],
  renamed: { via: "gateway", direct: "localNetworks", network: "networkManager" },
  key: ({ mode, address }) => (address === undefined ? mode : `from ${address}`),
  commands: ruleLines,
  facts: ({ gateway }) => ({
    routing: routing(familyOf(gateway)),
    addresses,
    network: networkFact,
    routeFiles: fileLines(...IFCFG_ROUTE_FILES),
    before: originalState,
    wayIn: sshPath,
  }),
  observe: (seen, want, known) => (isPolicy(want) ? findPolicy(seen, want, known) : findDefault(seen, want)),
  plan,
  render: renderRoute,
  advice: routeAdvice,
};

/** The rule tells which table is in use. One that earlier runs used comes first: it has to go. */
function findPolicy(seen: RouteSeen, want: PolicyRoute, known: ReturnRoute | undefined): ReturnRoute | undefined {
  const { mode, address } = want;
  const mine = seen.routing.rules.filter((rule) => rule.from === address);
  const rule = [known?.table, want.table].flatMap((table) => mine.filter((one) => one.table === table))[0];
  const table = rule?.table ?? want.table;
  const routes = routesIn(table, seen.routing);
  const gateway = routes.find(({ to }) => to === "default");
  const booted = hasBootRoute(idOf(want), networkOfHost(seen));
  const left = rule !== undefined || routes.some((route) => isOurs(route, want));
  if (!left && !booted) return undefined;
  const live = rule !== undefined && gateway?.via !== undefined;
  const localNetworks = live ? directOf(routes, seen, want) : want.localNetworks;
  return {
    mode,
    address,
    ...gatewayOf(gateway, want),
    table,
    priority: rule?.priority ?? want.priority,
    ...(localNetworks !== undefined && { localNetworks }),
    live,
    boot: bootedAs(seen, want, booted),
  };
}

/** undefined: as by default. */
function directOf(routes: readonly Route[], seen: RouteSeen, want: PolicyRoute): readonly string[] | undefined {
  const direct = routes
    .filter(({ to, via }) => to !== "default" && via === undefined)
    .map(({ to }) => to)
    .sort();
  return want.localNetworks === undefined && isDeepStrictEqual(direct, expectedDirect(want, seen)) ? undefined : direct;
}

/** A table without a rule to it: ours if it says just what we would have written. */
function isOurs(route: Parameters<typeof isRoute>[0], { gateway, device }: PolicyRoute): boolean {
  return isRoute(route, { to: "default", words: `via ${gateway} dev ${device}` });
}

/** Ours is what is remembered as ours: without that, a default gateway is the host's own. */
function findDefault(seen: RouteSeen, want: WantedReturnRoute): ReturnRoute | undefined {
  const booted = hasBootRoute(idOf(want), networkOfHost(seen));
  const memory = originalOf(seen.before, KIND, idOf(want)) as Memory | undefined;
  if (memory === undefined && !booted) return undefined;
  const gateway = defaultRoute(seen);
  return {
    mode: "default",
    ...gatewayOf(gateway, want),
    live: gateway?.via !== undefined,
    boot: bootedAs(seen, want, booted),
  };
}

/** Where there is none (`live` tells), the wanted one: the next look goes by what this one found. */
function gatewayOf(found: Route | undefined, { gateway, device }: WantedReturnRoute) {
  return { gateway: found?.via ?? gateway, device: found?.device ?? device };
}

function bootedAs(seen: RouteSeen, want: WantedReturnRoute, booted: boolean): boolean {
  return want.boot ? isRouteBooted(bootOf(want, seen), networkOfHost(seen), want.networkManager) : booted;
}

function plan(want: WantedReturnRoute | undefined, have: ReturnRoute | undefined): readonly RouteChange[] {
  if (!want) return have ? [{ op: "remove", have }] : [];
  const { networkManager: _, ...wanted } = want;
  if (isDeepStrictEqual(wanted, have)) return [];
  return [{ op: "apply", want, ...(have?.table !== undefined && { stale: have.table }) }];
}
