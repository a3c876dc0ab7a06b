import { UserError } from "../../errors";
import type { Fact } from "../../facts/fact";
import { type NetworkConfig, networkConfig } from "../../facts/network/managers";
import { isSilent } from "../../model/network/device";
import { type NetworkManagerName } from "../../model/network/manager-name";
import type { Indicator, NetworkDialect } from "./dialect";
import { ifcfg } from "./ifcfg";
import { ifupdown } from "./ifupdown";
import { netplan } from "./netplan";
import { networkd } from "./networkd";
import { networkManager } from "./networkmanager";

/** All managers that we can write for. Where any of several would do, the first is taken. */
export const networkDialects: readonly NetworkDialect[] = [netplan, networkd, ifcfg, ifupdown, networkManager];

/** What all of them have to see. One question for a host, whatever its resources. */
export const networkConfigFact: Fact<NetworkConfig> = networkConfig(
  networkDialects.flatMap(({ detectedBy: signs, probes: hints = [] }) => [...signs.map(({ path }) => path), ...hints]),
  networkDialects.flatMap(({ reads }) => reads),
);

/** The manager that brings this interface up at boot: the one the user names, else the only one that can be it. */
export function chooseDialect(
  config: NetworkConfig,
  device: string,
  named: NetworkManagerName | undefined,
): NetworkDialect {
  const dialect = findDialect(config, device, named);
  if (dialect !== undefined) return dialect;
  const several = installedDialects(config).length > 1;
  throw new UserError(
    [
      several
        ? `more than one network manager would bring addresses up at boot on this host, and it cannot be told which has ${device}:`
        : "no network manager that this package knows brings addresses up at boot on this host:",
      ...networkDialects.flatMap(({ name, detectedBy: signs }) =>
        signs.map((sign) => `  ${name}: ${sign.shows}: ${verdict(config, sign)}`),
      ),
      `Say which it is with "networkManager", one of ${networkDialects.map(({ name }) => `"${name}"`).join(", ")}, ` +
        'or set "boot: false" and keep the address across a reboot by other means.',
    ].join("\n"),
  );
}

/**
 * The same without an error: undefined where the host does not decide it. Of several managers, the one that has the interface.
 * An interface that carries nothing but VIPs and is nobody's (`lo`, a dummy) can be anybody's.
 */
export function findDialect(
  config: NetworkConfig,
  device: string,
  named: NetworkManagerName | undefined,
): NetworkDialect | undefined {
  if (named !== undefined) return networkDialects.find(({ name }) => name === named);
  const found = installedDialects(config);
  if (found.length === 1) return found[0];
  const claimed = found.filter(({ manages: claims }) => claims(device, config));
  if (claimed.length === 0 && isSilent(device)) return found[0];
  return claimed.length === 1 ? claimed[0] : undefined;
}

function installedDialects(config: NetworkConfig): NetworkDialect[] {
  return networkDialects.filter(({ detectedBy: signs }) => signs.every(({ path }) => config.presentPaths.has(path)));
}

function verdict(config: NetworkConfig, { path }: Indicator): string {
  return config.presentPaths.has(path) ? "yes" : `no (looked for ${path.replaceAll(" ", ", ")})`;
}
