import type { NetworkConfig } from "../../facts/network/managers";
import type { FileStep } from "../../step";
import type { BootRoute } from "./boot-route";

/** A network manager's way to bring routes up at boot. */
export interface RouteDialect {
  /**
   * What is left to do until the files bring up exactly this route under its id, or without a route nothing: one edit a file. What goes and
   * what comes in a file is one edit of one text, since two would be planned on the text before the other.
   */
  readonly edits: (id: string, route: BootRoute | undefined, config: NetworkConfig) => readonly FileStep[];
  /** Why our files would not bring the route up on this host, and what to do; undefined when they would. */
  readonly blockedBy: (route: BootRoute, config: NetworkConfig) => string | undefined;
}
