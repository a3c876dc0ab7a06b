import type { Files } from "../../facts/files/lines";
import type { OriginalState } from "../../facts/files/original-state";
import type { Addresses } from "../../facts/network/addresses";
import type { NetworkConfig } from "../../facts/network/managers";
import type { SshPath } from "../../facts/network/ssh-path";
import { networkOf } from "../../model/network/subnet";
import type { Route, Routing } from "./facts";
import { MAIN_TABLE, routesIn } from "./routing/ip-commands";
import type { PolicyRoute } from "./schema";

/** The facts of one host that a return route depends on. */
export interface RouteSeen {
  readonly routing: Routing;
  readonly addresses: Addresses;
  readonly networkConfig: NetworkConfig;
  readonly routeFiles: Files;
  readonly originalState: OriginalState;
  readonly sshPath: SshPath;
  /** Tables that the host's record says are ours. */
  readonly ourTables?: readonly number[];
}

/** The host's network configuration, with the files that only routes need. */
export function networkConfigOf({ networkConfig, routeFiles }: RouteSeen): NetworkConfig {
  return { ...networkConfig, files: new Map([...networkConfig.files, ...routeFiles]) };
}

/** The default route that the kernel prefers: the one without a metric. */
export function defaultRoute({ routing }: RouteSeen): Route | undefined {
  return routesIn(MAIN_TABLE, routing).find(({ to, metric }) => to === "default" && metric === undefined);
}

/** The networks that replies reach without the gateway: those of the program, else the network of the address. */
export function expectedLocalNetworks(
  { address, device, localNetworks }: PolicyRoute,
  { addresses }: RouteSeen,
): readonly string[] {
  if (localNetworks !== undefined) return localNetworks;
  const own = addresses.addresses.find((one) => one.ip === address && one.device === device);
  const network = own && networkOf(address, own.prefix);
  return network === undefined ? [] : [network];
}
