import { UserError } from "../../errors";
import type { Files } from "../../facts/files/lines";
import { dropOriginal, originalOf, recordOriginal } from "../../facts/files/original-state";
import type { Addresses } from "../../facts/network/addresses";
import type { Network } from "../../facts/network/managers";
import type { SshPath } from "../../facts/network/ssh-path";
import { familyOf } from "../../model/network/address";
import type { Advice, CommandStep, FileStep, Step } from "../../step";
import { bootRoute, unbootRoute } from "./boot";
import { type BootRoute } from "./boot-dialect";
import type { Route, Routing } from "./facts";
import {
  isRoute,
  MAIN,
  type Move,
  planChange,
  planRemoval,
  replaceRoute,
  routeLine,
  routesIn,
  ruleLine,
  targets,
} from "./moves";
import { isPolicy, networkOf, type PolicyRoute, type ReturnRoute, type WantedReturnRoute } from "./schema";

export interface RouteSeen {
  readonly routing: Routing;
  readonly addresses: Addresses;
  readonly network: Network;
  readonly routeFiles: Files;
  readonly before: string | undefined;
  readonly wayIn: SshPath;
}

export type RouteChange =
  | { readonly op: "apply"; readonly want: WantedReturnRoute; readonly stale?: number }
  | { readonly op: "remove"; readonly have: ReturnRoute };

export const KIND = "ReturnRoute";

/** Of a default gateway: the one before us, and ours, each as ip(8) takes it. */
export interface Memory {
  readonly was: string | null;
  readonly set: string;
}

/** For a preview. */
export function ruleLines(want: WantedReturnRoute): string[] {
  const lines = targets(want, want.localNetworks ?? []).map((target) => {
    return `ip route replace ${routeLine(target, isPolicy(want) ? want.table : undefined)}`;
  });
  if (!isPolicy(want)) return [...lines, "this replaces the default gateway of the whole machine"];
  const direct = want.localNetworks === undefined ? [`the network of ${want.address} is answered directly`] : [];
  return [...lines, `ip rule add ${ruleLine(want)}`, ...direct];
}

/**
 * What may cut us off goes alone, and what is for boot follows when it has proved harmless: a host that has put itself back must
 * not do it again at its next boot.
 */
export function renderRoute(change: RouteChange, seen: RouteSeen): readonly Step[] {
  if (change.op === "remove") return remove(change.have, seen);
  const { want, stale } = change;
  const moves = isPolicy(want) ? policyMoves(want, stale, seen) : defaultMoves(want, seen);
  const guarded = isGuarded(want, seen);
  const memory = isPolicy(want) ? [] : [rememberGateway(want, seen)];
  const live = batch(moves, want, guarded);
  if (live.length > 0 && guarded) return [...memory, ...live];
  const network = networkOfHost(seen);
  const boot = want.boot
    ? bootRoute(bootOf(want, seen), network, want.networkManager)
    : unbootRoute(idOf(want), network);
  return [...memory, ...live, ...boot];
}

export const routeAdvice: readonly Advice[] = [
  {
    when: /Nexthop has invalid gateway|Network is unreachable|No route to host/,
    say: '"gateway" must be an address in a network of the device: the director\'s own address inside.',
  },
  { when: /Cannot find device/, say: "There is no such interface: see ip link on the host." },
  { when: /Operation not permitted/, say: "Routes take root: connect as root, or set sudo: true." },
];

export function idOf({ address }: Pick<ReturnRoute, "address">): string {
  return address ?? "default";
}

/** The managers' files, with those that are read for routes alone. */
export function networkOfHost({ network, routeFiles }: RouteSeen): Network {
  return { ...network, files: new Map([...network.files, ...routeFiles]) };
}

/** Networks that are answered directly. */
export function expectedDirect(
  { address, device, localNetworks }: PolicyRoute,
  { addresses }: RouteSeen,
): readonly string[] {
  if (localNetworks !== undefined) return localNetworks;
  const own = addresses.addresses.find((one) => one.ip === address && one.device === device);
  const network = own && networkOf(address, own.prefix);
  return network === undefined ? [] : [network];
}

export function bootOf(want: WantedReturnRoute, seen: RouteSeen): BootRoute {
  const { device, gateway } = want;
  const policy = isPolicy(want) ? want : undefined;
  const wanted = targets(want, policy === undefined ? [] : expectedDirect(policy, seen));
  return {
    id: idOf(want),
    family: familyOf(gateway),
    device,
    routes: wanted.map((target) => routeLine(target, policy?.table)),
    rules: policy === undefined ? [] : [ruleLine(policy)],
  };
}

/** The one that counts: of several, that with the lowest metric, and without one is lowest. */
export function defaultRoute({ routing }: RouteSeen): Route | undefined {
  return routesIn(MAIN, routing).find(({ to, metric }) => to === "default" && metric === undefined);
}

function policyMoves(want: PolicyRoute, stale: number | undefined, seen: RouteSeen): Move[] {
  const { address, device, table } = want;
  const { addresses, devices } = seen.addresses;
  if (!devices.includes(device)) throw new UserError(`this host has no device ${device}, only ${devices.join(", ")}`);
  if (!addresses.some((one) => one.ip === address && one.device === device)) {
    const mine = addresses.filter((one) => one.device === device).map(({ ip }) => ip);
    throw new UserError(
      `${address} is not an address of ${device} on this host, which has ${mine.length > 0 ? mine.join(", ") : "none"}`,
    );
  }
  refuseTable(want, stale === table, seen);
  return planChange(want, expectedDirect(want, seen), stale === table ? undefined : stale, seen.routing);
}

/** A table of somebody else's is not ours to write to. */
function refuseTable(want: PolicyRoute, isOurs: boolean, { routing }: RouteSeen): void {
  const { address, table } = want;
  const rules = routing.rules.filter((rule) => rule.table === table);
  const other = rules.find((rule) => rule.from !== address);
  const routes = routesIn(table, routing);
  const isWanted = (route: Route) => targets(want, [route.to]).some((target) => isRoute(route, target));
  const foreign = isOurs || rules.length > 0 ? undefined : routes.find((route) => !isWanted(route));
  const line = other === undefined ? foreign && `the route "${foreign.words.join(" ")}"` : `the rule "${other.text}"`;
  if (line === undefined) return;
  throw new UserError(`table ${table} is in use on this host, by ${line}. Choose another with "table"`);
}

function defaultMoves(want: WantedReturnRoute, seen: RouteSeen): Move[] {
  if (defaultRoute(seen)?.multipath === true) {
    throw new UserError(
      'this host has a default route with several gateways, which is not replaced. Use mode "policy"',
    );
  }
  return targets(want, []).flatMap((target) => replaceRoute(target, undefined, seen.routing));
}

function remove(have: ReturnRoute, seen: RouteSeen): readonly Step[] {
  const { address, table } = have;
  const moves =
    address === undefined || table === undefined ? giveBack(seen) : planRemoval(address, table, seen.routing);
  const guarded = isGuarded(have, seen);
  const family = address ?? "0.0.0.0";
  const live = batch(moves, { gateway: family }, guarded);
  if (live.length > 0 && guarded) return live;
  const files = unbootRoute(idOf(have), networkOfHost(seen));
  return [...live, ...files, ...(address === undefined ? dropOriginal(KIND, idOf(have)) : [])];
}

/** The gateway from before, where ours is still there. */
function giveBack(seen: RouteSeen): Move[] {
  const memory = originalOf(seen.before, KIND, "default") as Memory | undefined;
  const now = defaultRoute(seen)?.words.join(" ");
  if (memory === undefined || now === undefined || now !== memory.set || now === memory.was) return [];
  const back = `route replace ${now}`;
  return [
    memory.was === null
      ? { apply: `route del ${now}`, revert: back }
      : { apply: `route replace ${memory.was}`, revert: back },
  ];
}

function rememberGateway(want: WantedReturnRoute, seen: RouteSeen): FileStep {
  const set = `default via ${want.gateway} dev ${want.device}`;
  const first = recordOriginal(KIND, idOf(want), { was: defaultRoute(seen)?.words.join(" ") ?? null, set });
  return {
    ...first,
    edit: (text) => {
      const known = originalOf(text, KIND, idOf(want)) as Memory | undefined;
      if (known === undefined || known.set === set) return first.edit(text);
      const [old] = dropOriginal(KIND, idOf(want));
      const rest = old !== undefined && "file" in old ? old.edit(text) : text;
      return recordOriginal(KIND, idOf(want), { was: known.was, set }).edit(rest);
    },
  };
}

/** Whether the change concerns packets of our own session. Where that cannot be told, it may. */
function isGuarded({ address }: Pick<ReturnRoute, "address">, { wayIn }: RouteSeen): boolean {
  return address === undefined || wayIn.address === undefined || wayIn.address === address;
}

/** All in one process, so that there is next to no moment in between; ip stops at the first line that fails. */
function batch(moves: readonly Move[], { gateway }: { readonly gateway: string }, guarded: boolean): CommandStep[] {
  if (moves.length === 0) return [];
  const family = familyOf(gateway) === "ipv4" ? "-4" : "-6";
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  const command = { run: ["ip", family, "-batch", "-"], stdin: text(moves.map(({ apply: go }) => go)) } as const;
  if (!guarded) return [{ command }];
  const back = moves.map((move) => move.revert).reverse();
  return [{ command, undo: { run: ["ip", family, "-force", "-batch", "-"], stdin: text(back) } }];
}
