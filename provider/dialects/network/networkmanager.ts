import { linesAt, type NetworkConfig } from "../../facts/network/managers";
import { isDummy, isSilent } from "../../model/network/device";
import { splitPrefix } from "../../model/network/interface-address";
import { type Vip } from "../../model/network/vip";
import type { NetworkDialect } from "./dialect";
import { ifcfg } from "./ifcfg";
import { SCRIPTS } from "./ifcfg-files";
import { hasSection, valueOf } from "./keyfile";
import {
  addToProfile,
  dropRoute,
  forgetProfile,
  hasAddress,
  isOwnProfile,
  ownProfile,
  PROFILES,
  reloadProfile,
  removeFromProfile,
} from "./networkmanager-profile";

const IFCFG_PLUGIN = ["/usr/lib64", "/usr/lib", "/usr/lib/*-linux-gnu"]
  .flatMap((lib) => [lib, `${lib}/NetworkManager`, `${lib}/NetworkManager/*`])
  .map((folder) => `${folder}/libnm-settings-plugin-ifcfg-rh.so`)
  .join(" ");

/** Its plugins are in a folder that says the version: 1.42, the first that knows `lo`, or later. */
const LO_CAPABLE = ["/usr/lib64", "/usr/lib", "/usr/lib/*-linux-gnu"]
  .flatMap((lib) => ["1.4[2-9]*", "1.[5-9][0-9]*", "[2-9].*"].map((version) => `${lib}/NetworkManager/${version}`))
  .join(" ");

/**
 * NetworkManager: one profile has an interface to itself, so a NIC's VIP is one more address in the NIC's profile. The file is read
 * again, nothing is activated: `con up` would take the addresses away and back, and `reapply` removes what others have added.
 * A profile may be an ifcfg file, where the plugin for those is there: then the VIP is network-scripts' alias file.
 */
export const networkManager: NetworkDialect = {
  name: "networkmanager",
  detectedBy: [
    { path: "/usr/sbin/NetworkManager /usr/bin/NetworkManager", shows: "NetworkManager is installed" },
    {
      path: "/etc/systemd/system/*.wants/NetworkManager.service /etc/rc3.d/S??NetworkManager /etc/rc.d/rc3.d/S??NetworkManager",
      shows: "NetworkManager starts at boot",
    },
  ],
  probes: [IFCFG_PLUGIN, LO_CAPABLE],
  reads: [`${PROFILES}/*`],
  manages: (device, config) =>
    config.activeConfigs.get(device)?.profile !== undefined && foundProfile(device, config) !== undefined,
  files: (vip, config) => {
    if (hasIfcfgProfile(vip.device, config)) return ifcfg.files(vip, config);
    const path = profileOf(vip.device, config);
    return [isOwnProfile(path) ? ownProfile(vip) : addToProfile(vip, path)];
  },
  stepsAfterWrite: (vip, config) => (isSilent(vip.device) ? [] : [reloadProfile(profileFileOf(vip.device, config))]),
  filesFor: () => [],
  removeFrom: (vip, config) => {
    const paths = [...config.files.keys()].filter(
      (path) => isProfileOf(vip.device, path, config) && hasAddress(vip, path, config),
    );
    return paths.flatMap((path) =>
      isOwnProfile(path)
        ? [removeFromProfile(vip, path), forgetProfile(vip.device, path)]
        : [removeFromProfile(vip, path), reloadProfile(path), ...dropRoute(vip)],
    );
  },
  unusedFiles: () => [],
  blockedBy: blockedBy,
  keepsLabel: ({ device }, config) => hasIfcfgProfile(device, config),
};

function blockedBy(vip: Vip, config: NetworkConfig): string | undefined {
  const { device, address } = vip;
  if (hasIfcfgProfile(device, config)) return ifcfg.blockedBy(vip, config);
  const path = profileOf(device, config);
  if (isSilent(device) && isOwnProfile(path)) return ownProfileBlockedBy(device, config);
  const lines = linesAt(config, path);
  if (lines === undefined) {
    return (
      `NetworkManager has no profile for ${device} in ${PROFILES}, so there is nothing to add ${address} to. Write one, for instance ` +
      `with "nmcli connection modify" on the one that is active, or set "boot: false"`
    );
  }
  const { family } = splitPrefix(address);
  const method = valueOf(lines, family, "method");
  if (hasSection(lines, family) && (method === "manual" || method === "auto")) return undefined;
  return (
    `${path} has method=${method ?? "nothing"} in its section ${family}, which takes no addresses: ${address} would not be there ` +
    `after a boot. Set it to manual or auto with "nmcli connection modify", or set "boot: false"`
  );
}

function ownProfileBlockedBy(device: string, { presentPaths: there }: NetworkConfig): string | undefined {
  if (isDummy(device) || (device === "lo" && there.has(LO_CAPABLE))) return undefined;
  if (device !== "lo")
    return `NetworkManager keeps no addresses for ${device}. Use a dummy such as dummy0, or set "boot: false"`;
  return 'NetworkManager leaves lo alone before version 1.42. Use a dummy such as dummy0, or set "boot: false"';
}

/** The profile that has the interface, or the one that we would write for it. */
function profileOf(device: string, config: NetworkConfig): string {
  return foundProfile(device, config) ?? `${PROFILES}/pulumi-lvs-${device}.nmconnection`;
}

/** By what NetworkManager has on it now, else by what it will put there at boot. */
function foundProfile(device: string, config: NetworkConfig): string | undefined {
  const uuid = config.activeConfigs.get(device)?.profile;
  const paths = [...config.files.keys()].filter((path) => path.startsWith(`${PROFILES}/`));
  const says = (key: string, value: string) => (path: string) =>
    valueOf(linesAt(config, path) ?? [], "connection", key) === value;
  return (
    (uuid === undefined ? undefined : paths.find(says("uuid", uuid))) ?? paths.find(says("interface-name", device))
  );
}

function isProfileOf(device: string, path: string, config: NetworkConfig): boolean {
  return path === foundProfile(device, config);
}

/** The NIC's profile is an ifcfg file of its name, and NetworkManager can read those: an alias is looked for by the parent's file. */
function hasIfcfgProfile(device: string, config: NetworkConfig): boolean {
  if (isSilent(device) || !config.presentPaths.has(IFCFG_PLUGIN)) return false;
  return foundProfile(device, config) === undefined && config.files.has(ifcfgOf(device));
}

function profileFileOf(device: string, config: NetworkConfig): string {
  return hasIfcfgProfile(device, config) ? ifcfgOf(device) : profileOf(device, config);
}

function ifcfgOf(device: string): string {
  return `${SCRIPTS}/ifcfg-${device}`;
}
