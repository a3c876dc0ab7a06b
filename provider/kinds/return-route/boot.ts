import { chooseDialect, findDialect, maskProblem } from "../../dialects/network/choose";
import { UserError } from "../../errors";
import type { NetworkConfig } from "../../facts/network/managers";
import type { NetworkManagerName } from "../../model/network/manager-name";
import type { FileStep } from "../../step";
import type { RouteDialect } from "./boot-dialect";
import { ifcfgRoutes } from "./boot-ifcfg";
import { ifupdownRoutes } from "./boot-ifupdown";
import type { BootRoute } from "./boot-route";

const DIALECTS: Readonly<Partial<Record<NetworkManagerName, RouteDialect>>> = {
  ifcfg: ifcfgRoutes,
  ifupdown: ifupdownRoutes,
};

/** Whether the next boot brings up exactly this route, as far as the files of the responsible manager show. */
export function isPersisted(
  route: BootRoute,
  config: NetworkConfig,
  requested: NetworkManagerName | undefined,
): boolean {
  const found = findDialect(config, route.device, requested);
  const dialect = found && DIALECTS[found.name];
  if (found === undefined || dialect === undefined || maskProblem(found, config) !== undefined) return false;
  if (dialect.blockedBy(route, config) !== undefined) return false;
  return editsOf(route, dialect, config).length === 0;
}

/** Whether any manager has configuration for this id, current or not. */
export function hasBootConfig(id: string, config: NetworkConfig): boolean {
  return managerOf(id, config) !== undefined;
}

/** The manager that has it. */
export function managerOf(id: string, config: NetworkConfig): NetworkManagerName | undefined {
  const names = Object.keys(DIALECTS) as NetworkManagerName[];
  return names.find((name) => (DIALECTS[name]?.edits(id, undefined, config) ?? []).length > 0);
}

/** Writes the configuration of the responsible manager, and removes that of the others. */
export function persist(
  route: BootRoute,
  config: NetworkConfig,
  requested: NetworkManagerName | undefined,
): readonly FileStep[] {
  const chosen = chooseDialect(config, route.device, requested);
  const { name } = chosen;
  const dialect = DIALECTS[name];
  if (dialect === undefined) {
    throw new UserError(
      `ReturnRoute writes boot configuration for ${Object.keys(DIALECTS).join(" and ")} only, and this host has ${name}. ` +
        'Set "boot: false" and keep the route across a reboot by other means',
    );
  }
  const reason = maskProblem(chosen, config) ?? dialect.blockedBy(route, config);
  if (reason !== undefined) throw new UserError(reason);
  return editsOf(route, dialect, config);
}

/** Removes the configuration of this id, whichever manager it was written for. */
export function unpersist(id: string, config: NetworkConfig): readonly FileStep[] {
  return Object.values(DIALECTS).flatMap((dialect) => dialect.edits(id, undefined, config));
}

/** Each file is one dialect's alone. */
function editsOf(route: BootRoute, chosen: RouteDialect, config: NetworkConfig): readonly FileStep[] {
  return Object.values(DIALECTS).flatMap((one) => one.edits(route.id, one === chosen ? route : undefined, config));
}
