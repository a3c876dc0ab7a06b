import { chooseNetwork, findNetwork } from "../../dialects/network/choose";
import { UserError } from "../../errors";
import type { Network } from "../../facts/network/managers";
import type { NetworkName } from "../../model/network/manager-name";
import type { FileStep } from "../../step";
import type { BootRoute, RouteDialect } from "./boot-dialect";
import { ifcfgRoutes } from "./boot-ifcfg";
import { ifupdownRoutes } from "./boot-ifupdown";

const DIALECTS: Readonly<Partial<Record<NetworkName, RouteDialect>>> = { ifcfg: ifcfgRoutes, ifupdown: ifupdownRoutes };

export function isRouteBooted(route: BootRoute, network: Network, named: NetworkName | undefined): boolean {
  const found = findNetwork(network, route.device, named);
  const dialect = found && DIALECTS[found.name];
  if (dialect === undefined || dialect.blockedBy(route, network) !== undefined) return false;
  const strays = Object.values(DIALECTS).filter((one) => one !== dialect && one.remove(route.id, network).length > 0);
  return dialect.isRight(route, network) && strays.length === 0;
}

export function hasBootRoute(id: string, network: Network): boolean {
  return unbootRoute(id, network).length > 0;
}

export function bootRoute(route: BootRoute, network: Network, named: NetworkName | undefined): readonly FileStep[] {
  const { name } = chooseNetwork(network, route.device, named);
  const dialect = DIALECTS[name];
  if (dialect === undefined) {
    throw new UserError(
      `routes at boot are written for ${Object.keys(DIALECTS).join(" and ")}, and this host has ${name}. ` +
        'Set "boot: false" and keep the route across a reboot by other means',
    );
  }
  const obstacle = dialect.blockedBy(route, network);
  if (obstacle !== undefined) throw new UserError(obstacle);
  if (dialect.isRight(route, network)) return [];
  return [...unbootRoute(route.id, network), ...dialect.write(route, network)];
}

export function unbootRoute(id: string, network: Network): readonly FileStep[] {
  return Object.values(DIALECTS).flatMap((dialect) => dialect.remove(id, network));
}
