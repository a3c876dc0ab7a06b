import { linesAt, type NetworkConfig } from "../../../facts/network/managers";
import { isDummy, isSilent } from "../../../model/network/device";
import { splitPrefix } from "../../../model/network/interface-address";
import { type Vip } from "../../../model/network/vip";
import type { NetworkDialect } from "../dialect";
import { ifcfg } from "../ifcfg/ifcfg";
import { SCRIPTS } from "../ifcfg/ifcfg-files";
import { ADDRESS_UNITS, addressUnit, enableAddressUnit, removeAddressUnit } from "./address-unit";
import { hasSection, valueOf } from "./keyfile";
import {
  addToProfile,
  dropRoute,
  forgetProfile,
  foundAddress,
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

/**
 * NetworkManager. It applies one profile to an interface, so a NIC's VIP is one more address in the NIC's profile. The profile is
 * reloaded and not activated: `con up` would remove and restore all addresses, and `reapply` removes those that others have added.
 * With the ifcfg-rh plugin a profile can be an ifcfg file; then the VIP is an alias file of network-scripts. `lo` has no profile:
 * a unit of systemd adds the address.
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
  unit: "NetworkManager.service",
  probes: [IFCFG_PLUGIN],
  reads: [`${PROFILES}/*`, ...ADDRESS_UNITS],
  manages: (device, config) =>
    config.activeConfigs.get(device)?.profile !== undefined && foundProfile(device, config) !== undefined,
  files: (vip, config) => {
    if (hasIfcfgProfile(vip.device, config)) return ifcfg.files(vip, config);
    if (isByUnit(vip.device, config)) return [addressUnit(vip, config)];
    const path = profileOf(vip.device, config);
    return [isOwnProfile(path) ? ownProfile(vip) : addToProfile(vip, path)];
  },
  stepsAfterWrite: (vip, config) => {
    if (isByUnit(vip.device, config)) return [enableAddressUnit(vip)];
    return isSilent(vip.device) ? [] : [reloadProfile(profileFileOf(vip.device, config))];
  },
  filesFor: () => [],
  removeFrom: (vip, config) => {
    const profile = foundProfile(vip.device, config);
    const paths = (profile === undefined ? [] : [profile]).filter(
      (path) => hasAddress(vip, path, config) && foundAddress(vip, path, config) === undefined,
    );
    return [
      ...removeAddressUnit(vip, config),
      ...paths.flatMap((path) =>
        isOwnProfile(path)
          ? [removeFromProfile(vip, path), forgetProfile(vip.device, path)]
          : [removeFromProfile(vip, path), reloadProfile(path), ...dropRoute(vip)],
      ),
    ];
  },
  unusedFiles: () => [],
  blockedBy,
  keepsLabel: ({ device }, config) => hasIfcfgProfile(device, config) || isByUnit(device, config),
};

function blockedBy(vip: Vip, config: NetworkConfig): string | undefined {
  const { device, address } = vip;
  if (hasIfcfgProfile(device, config)) return ifcfg.blockedBy(vip, config);
  if (isByUnit(device, config)) return undefined;
  const path = profileOf(device, config);
  if (isSilent(device) && isOwnProfile(path)) return ownProfileBlockedBy(device);
  const lines = linesAt(config, path);
  if (lines === undefined) {
    return (
      `NetworkManager has no profile for ${device} in ${PROFILES}, so there is nothing to add ${address} to. Write one, for instance ` +
      `with "nmcli connection modify" on the one that is active, or set "boot: false"`
    );
  }
  const found = foundAddress(vip, path, config);
  if (found !== undefined && found !== address) {
    return (
      `${path} has ${found} as the address of ${device} itself, and ${address} would take its place. Write "address: ${found}", ` +
      'or set "boot: false"'
    );
  }
  const { family } = splitPrefix(address);
  const method = valueOf(lines, family, "method");
  if (hasSection(lines, family) && (method === "manual" || method === "auto")) return undefined;
  return (
    `${path} has method=${method ?? "nothing"} in its section ${family}, which allows no addresses: ${address} would be missing ` +
    `after a boot. Set it to manual or auto with "nmcli connection modify", or set "boot: false"`
  );
}

function ownProfileBlockedBy(device: string): string | undefined {
  if (device === "lo" || isDummy(device)) return undefined;
  return `NetworkManager cannot configure ${device}. Use a dummy such as dummy0, or set "boot: false"`;
}

/** Whether systemd adds the addresses of `lo`: not where a profile for it exists, because NetworkManager removes all others when it applies that. */
function isByUnit(device: string, config: NetworkConfig): boolean {
  return device === "lo" && foundProfile(device, config) === undefined;
}

/** The profile of the interface, or the one that we would write for it. */
function profileOf(device: string, config: NetworkConfig): string {
  return foundProfile(device, config) ?? `${PROFILES}/pulumi-lvs-${device}.nmconnection`;
}

/** The profile that is active on the interface, else the one that names it and will be activated at boot. */
function foundProfile(device: string, config: NetworkConfig): string | undefined {
  const uuid = config.activeConfigs.get(device)?.profile;
  const paths = [...config.files.keys()].filter((path) => path.startsWith(`${PROFILES}/`));
  const hasValue = (key: string, value: string) => (path: string) =>
    valueOf(linesAt(config, path) ?? [], "connection", key) === value;
  return (
    (uuid === undefined ? undefined : paths.find(hasValue("uuid", uuid))) ??
    paths.find(hasValue("interface-name", device))
  );
}

/** Whether NetworkManager configures the NIC from an ifcfg file. It reads alias files together with the parent's file. */
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
