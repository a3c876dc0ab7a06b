import { UserError } from "../../errors";
import { familyOf } from "../../model/network/address";
import type { CommandStep, Step } from "../../step";
import { persist, unpersist } from "./boot";
import { bootRouteOf, routeId } from "./boot-route";
import type { Route } from "./facts";
import { defaultRoute, expectedLocalNetworks, networkConfigOf, type RouteSeen } from "./observation";
import { dropGatewayRecord, recordGateway, recordGatewayEnd, restoreGateway } from "./original-gateway";
import {
  type IpCommand,
  MAIN_TABLE,
  matchesSpec,
  planChange,
  planRemoval,
  replaceRoute,
  routeSpecs,
  routesIn,
} from "./routing/ip-commands";
import { precedenceOver } from "./routing/precedence";
import { ourTables, tablesLeft } from "./routing/tables";
import { isPolicy, type PolicyRoute, type ReturnRoute, type WantedReturnRoute } from "./schema";

export type RouteChange =
  | { readonly op: "apply"; readonly want: WantedReturnRoute; readonly oldTable?: number }
  | { readonly op: "remove"; readonly have: ReturnRoute };

/**
 * The steps of a change. A change that may cut us off is rendered without its files: those follow in the next pass, when the change
 * has been confirmed. A host that rolled back must not make the same change again at its next boot.
 */
export function renderRoute(change: RouteChange, seen: RouteSeen): readonly Step[] {
  if (change.op === "remove") return remove(change.have, seen);
  const { want, oldTable } = change;
  refuseDead(want, seen);
  const old = isPolicy(want) ? oldTables(want, oldTable, seen) : [];
  refusePrecedence(want, old, seen);
  const commands = isPolicy(want) ? policyCommands(want, old, seen) : gatewayCommands(want, seen);
  const mayCutOff = mayCutUsOff(want, seen);
  const record = isPolicy(want) ? [] : [recordGateway(want, seen)];
  const live = batch(commands, want.gateway, mayCutOff);
  const config = networkConfigOf(seen);
  // Before anything changes: what cannot be kept across a reboot is refused.
  const boot = want.boot
    ? persist(bootRouteOf(want, seen), config, want.networkManager)
    : unpersist(routeId(want), config);
  if (live.length > 0 && mayCutOff) return [...record, ...live];
  return [...record, ...live, ...boot, ...(isPolicy(want) ? [] : recordGatewayEnd(want, seen))];
}

function remove(have: ReturnRoute, seen: RouteSeen): readonly Step[] {
  const { address, table } = have;
  const commands =
    address === undefined || table === undefined
      ? restoreGateway(seen)
      : planRemoval(address, [table, ...ourTables(seen, address)], seen.routing);
  const mayCutOff = mayCutUsOff(have, seen);
  const live = batch(commands, address ?? "0.0.0.0", mayCutOff);
  if (live.length > 0 && mayCutOff) return live;
  const boot = unpersist(routeId(have), networkConfigOf(seen));
  return [...live, ...boot, ...(address === undefined ? [dropGatewayRecord()] : [])];
}

function oldTables(want: PolicyRoute, oldTable: number | undefined, seen: RouteSeen): readonly number[] {
  const left = tablesLeft(seen, want).filter((table) => table !== want.table);
  return [oldTable, ...ourTables(seen, want.address), ...left].flatMap((table) => table ?? []);
}

function policyCommands(want: PolicyRoute, oldTables: readonly number[], seen: RouteSeen): IpCommand[] {
  const { address, device, table } = want;
  const { addresses, devices } = seen.addresses;
  if (!devices.includes(device)) throw new UserError(`this host has no device ${device}, only ${devices.join(", ")}`);
  if (!addresses.some((one) => one.ip === address && one.device === device)) {
    const others = addresses.filter((one) => one.device === device).map(({ ip }) => ip);
    throw new UserError(
      `${address} is not an address of ${device} on this host, which has ${others.length > 0 ? others.join(", ") : "none"}`,
    );
  }
  refuseForeignTable(want, oldTables.includes(table), seen);
  return planChange(want, expectedLocalNetworks(want, seen), oldTables, seen.routing);
}

/** The route is as it should be, and leads nowhere: no command of ours changes that. */
function refuseDead(want: WantedReturnRoute, { routing }: RouteSeen): void {
  const [gateway] = routeSpecs(want, []);
  const table = isPolicy(want) ? want.table : MAIN_TABLE;
  const dead = routesIn(table, routing).some((route) => gateway && matchesSpec(route, gateway) && route.dead === true);
  if (!dead) return;
  throw new UserError(
    `the kernel passes over the route through ${want.gateway}: ${want.device} has no carrier, and ignore_routes_with_linkdown is set. ` +
      "Restore its link, and run again",
  );
}

/** Ours would be there, and no reply would come to it. */
function refusePrecedence(want: WantedReturnRoute, oldTables: readonly number[], { routing }: RouteSeen): void {
  const before = precedenceOver(want, routing, oldTables);
  if (before === undefined) return;
  const { text, removal, priority } = before;
  const what = priority === undefined ? `the route "${text}"` : `the rule "${text}" of priority ${priority}`;
  const isLower = isPolicy(want) && priority !== undefined && priority > 1;
  throw new UserError(
    `the kernel asks ${what} before ours, which no reply would come to. If it is not needed, \`ip ${removal}\` removes it` +
      (isLower ? `; or set "priority" below ${priority}` : ""),
  );
}

/** Refuses to write into a table that somebody else uses: one with another address's rule, or with other routes and no rule. */
function refuseForeignTable(want: PolicyRoute, tableIsOurs: boolean, { routing }: RouteSeen): void {
  const { address, table } = want;
  const rules = routing.rules.filter((rule) => rule.table === table);
  const foreignRule = rules.find((rule) => rule.from !== address);
  const isDesired = (route: Route) => routeSpecs(want, [route.to]).some((spec) => matchesSpec(route, spec));
  const foreignRoute =
    tableIsOurs || rules.length > 0 ? undefined : routesIn(table, routing).find((route) => !isDesired(route));
  const user =
    foreignRule === undefined
      ? foreignRoute && `the route "${foreignRoute.words.join(" ")}"`
      : `the rule "${foreignRule.text}"`;
  if (user === undefined) return;
  throw new UserError(`table ${table} is in use on this host, by ${user}. Choose another with "table"`);
}

function gatewayCommands(want: WantedReturnRoute, seen: RouteSeen): IpCommand[] {
  if (defaultRoute(seen)?.multipath === true) {
    throw new UserError(
      'this host has a default route with several gateways, which is not replaced. Use mode "policy"',
    );
  }
  return routeSpecs(want, []).flatMap((spec) => replaceRoute(spec, undefined, seen.routing));
}

/** Whether the change affects packets of our own SSH session. It may, if the session's address is unknown. */
function mayCutUsOff({ address }: Pick<ReturnRoute, "address">, { sshPath }: RouteSeen): boolean {
  return address === undefined || sshPath.address === undefined || sshPath.address === address;
}

/** One process for all commands, so that the gap between them is short. ip(8) stops at the first line that fails. */
function batch(commands: readonly IpCommand[], addressOfFamily: string, mayCutOff: boolean): CommandStep[] {
  if (commands.length === 0) return [];
  const family = familyOf(addressOfFamily) === "ipv4" ? "-4" : "-6";
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  const command = { run: ["ip", family, "-batch", "-"], stdin: text(commands.map(({ apply }) => apply)) } as const;
  if (!mayCutOff) return [{ command }];
  const reverts = commands.map(({ revert }) => revert).reverse();
  return [{ command, undo: { run: ["ip", family, "-force", "-batch", "-"], stdin: text(reverts) } }];
}
