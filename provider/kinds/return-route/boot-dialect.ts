import type { NetworkConfig } from "../../facts/network/managers";
import type { FileStep } from "../../step";
import type { BootRoute } from "./boot-route";

/** A network manager's way to bring routes up at boot. */
export interface RouteDialect {
  /** Whether the files bring up exactly this route. */
  readonly isCurrent: (route: BootRoute, config: NetworkConfig) => boolean;
  readonly write: (route: BootRoute, config: NetworkConfig) => readonly FileStep[];
  /** Removes all configuration of this id, whatever its interface. */
  readonly remove: (id: string, config: NetworkConfig) => readonly FileStep[];
  /** Why our files would not bring the route up on this host, and what to do; undefined when they would. */
  readonly blockedBy: (route: BootRoute, config: NetworkConfig) => string | undefined;
}
