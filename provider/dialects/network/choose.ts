import { UserError } from "../../errors";
import type { Fact } from "../../facts/fact";
import { type NetworkConfig, networkConfig } from "../../facts/network/managers";
import { isSilent } from "../../model/network/device";
import { type NetworkManagerName } from "../../model/network/manager-name";
import type { Vip } from "../../model/network/vip";
import type { Declaration } from "./declaration";
import type { Indicator, NetworkDialect } from "./dialect";
import { ifcfg } from "./ifcfg/ifcfg";
import { ifupdown } from "./ifupdown/ifupdown";
import { netplan } from "./netplan/netplan";
import { networkd } from "./networkd/networkd";
import { networkManager } from "./networkmanager/networkmanager";

/** All managers that we can write for. If several could have an interface that no manager has, the first is used. */
export const networkDialects: readonly NetworkDialect[] = [netplan, networkd, ifcfg, ifupdown, networkManager];

/** What all dialects need to know of a host: one fact, so that all resources share it. */
export const networkConfigFact: Fact<NetworkConfig> = networkConfig(
  networkDialects.flatMap((dialect) => [
    ...dialect.detectedBy.map(({ path }) => path),
    ...(dialect.probes ?? []),
    ...maskOf(dialect),
  ]),
  networkDialects.flatMap(({ reads }) => reads),
);

/** The manager that has this interface at boot: the requested one, else the one that findDialect finds. Throws if there is none. */
export function chooseDialect(
  config: NetworkConfig,
  device: string,
  requested: NetworkManagerName | undefined,
): NetworkDialect {
  const dialect = findDialect(config, device, requested);
  if (dialect !== undefined) return dialect;
  const several = installedDialects(config).length > 1;
  throw new UserError(
    [
      several
        ? `this host has more than one network manager, and none or several of them have ${device}:`
        : "this host has no network manager that this package knows:",
      ...networkDialects.flatMap((dialect) => [
        ...dialect.detectedBy.map(
          (indicator) => `  ${dialect.name}: ${indicator.shows}: ${verdict(config, indicator)}`,
        ),
        ...maskOf(dialect)
          .filter((mask) => config.presentPaths.has(mask))
          .map(() => `  ${dialect.name}: ${dialect.unit ?? ""} is masked, so it does not start`),
      ]),
      `Set "networkManager" to one of ${networkDialects.map(({ name }) => `"${name}"`).join(", ")}, ` +
        'or set "boot: false" and keep the address across a reboot by other means.',
    ].join("\n"),
  );
}

/**
 * The same without an error: undefined if the choice is not clear. Of several managers, the one that has the interface. `lo`, a dummy
 * or a tunnel that no manager has can be configured by any of them, so the first one is used.
 */
export function findDialect(
  config: NetworkConfig,
  device: string,
  requested: NetworkManagerName | undefined,
): NetworkDialect | undefined {
  if (requested !== undefined) return networkDialects.find(({ name }) => name === requested);
  const installed = installedDialects(config);
  if (installed.length === 1) return installed[0];
  const managing = installed.filter(({ manages }) => manages(device, config));
  if (managing.length === 0 && isSilent(device)) return installed[0];
  return managing.length === 1 ? managing[0] : undefined;
}

/** Lines of the host's own, of any manager that is there, that bring the IP of this VIP up at boot. */
export function declarationsOf(vip: Vip, config: NetworkConfig): readonly Declaration[] {
  return installedDialects(config).flatMap(({ declares }) => declares?.(vip, config) ?? []);
}

function installedDialects({ presentPaths }: NetworkConfig): NetworkDialect[] {
  return networkDialects.filter(
    (dialect) =>
      dialect.detectedBy.every(({ path }) => presentPaths.has(path)) &&
      !maskOf(dialect).some((mask) => presentPaths.has(mask)),
  );
}

/** Why this manager does not start at the next boot, although it is installed; undefined if it does. */
export function maskProblem(dialect: NetworkDialect, { presentPaths }: NetworkConfig): string | undefined {
  if (!maskOf(dialect).some((mask) => presentPaths.has(mask))) return undefined;
  return (
    `${dialect.unit ?? dialect.name} is masked, so ${dialect.name} brings nothing up at boot. Run "systemctl unmask" for it, name another ` +
    '"networkManager", or set "boot: false"'
  );
}

/** A mask leaves the links in place that start the unit. */
function maskOf({ unit }: NetworkDialect): string[] {
  return unit === undefined ? [] : [`masked:/etc/systemd/system/${unit} /run/systemd/system/${unit}`];
}

function verdict(config: NetworkConfig, { path }: Indicator): string {
  return config.presentPaths.has(path) ? "yes" : `no (looked for ${path.replaceAll(" ", ", ")})`;
}
