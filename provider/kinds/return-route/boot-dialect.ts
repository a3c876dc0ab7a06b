import type { Network } from "../../facts/network/managers";
import type { Family } from "../../model/network/address";
import type { FileStep } from "../../step";

/** Routes and rules that come up with an interface. */
export interface BootRoute {
  /** Whose they are: the real server's address, or `default`. */
  readonly id: string;
  readonly family: Family;
  readonly device: string;
  /** As `ip route replace` takes them. */
  readonly routes: readonly string[];
  /** As `ip rule add` takes them. */
  readonly rules: readonly string[];
}

/** One way in which hosts bring routes up at boot. */
export interface RouteDialect {
  /** Whether the next boot brings exactly this. */
  readonly isRight: (route: BootRoute, network: Network) => boolean;
  readonly write: (route: BootRoute, network: Network) => readonly FileStep[];
  /** Removes all that is there for this id, on whatever interface. */
  readonly remove: (id: string, network: Network) => readonly FileStep[];
  readonly blockedBy: (route: BootRoute, network: Network) => string | undefined;
}
