import { type Network, textOf } from "../../facts/network/managers";
import { isDummy, isSilent } from "../../model/network/device";
import { splitAddress } from "../../model/network/interface-address";
import { type Vip } from "../../model/network/vip";
import type { NetworkDialect } from "./dialect";
import { ifcfg } from "./ifcfg";
import { SCRIPTS } from "./ifcfg-files";
import { hasSection, valueOf } from "./keyfile";
import {
  addTo,
  drop,
  dropRoute,
  hasAny,
  isOwnProfile,
  ownProfile,
  PROFILES,
  reread,
  takeFrom,
} from "./networkmanager-profile";

const IFCFG_PLUGIN = ["/usr/lib64", "/usr/lib", "/usr/lib/*-linux-gnu"]
  .flatMap((lib) => [lib, `${lib}/NetworkManager`, `${lib}/NetworkManager/*`])
  .map((folder) => `${folder}/libnm-settings-plugin-ifcfg-rh.so`)
  .join(" ");

/** Its plugins are in a folder that says the version: 1.42, the first that knows `lo`, or later. */
const KNOWS_LO = ["/usr/lib64", "/usr/lib", "/usr/lib/*-linux-gnu"]
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
  probes: [IFCFG_PLUGIN, KNOWS_LO],
  reads: [`${PROFILES}/*`],
  manages: (device, network) =>
    network.owners.get(device)?.profile !== undefined && foundProfile(device, network) !== undefined,
  files: (vip, network) => {
    if (isByIfcfg(vip.device, network)) return ifcfg.files(vip, network);
    const path = profileOf(vip.device, network);
    return [isOwnProfile(path) ? ownProfile(vip) : addTo(vip, path)];
  },
  after: (vip, network) => (isSilent(vip.device) ? [] : [reread(parentOf(vip.device, network))]),
  filesFor: () => [],
  removeFrom: (vip, network) => {
    const paths = [...network.files.keys()].filter(
      (path) => isFor(vip.device, path, network) && hasAny(vip, path, network),
    );
    return paths.flatMap((path) =>
      isOwnProfile(path)
        ? [takeFrom(vip, path), drop(vip.device, path)]
        : [takeFrom(vip, path), reread(path), ...dropRoute(vip)],
    );
  },
  unusedFiles: () => [],
  blockedBy: obstacle,
  keepsLabel: ({ device }, network) => isByIfcfg(device, network),
};

function obstacle(vip: Vip, network: Network): string | undefined {
  const { device, address } = vip;
  if (isByIfcfg(device, network)) return ifcfg.blockedBy(vip, network);
  const path = profileOf(device, network);
  if (isSilent(device) && isOwnProfile(path)) return silentObstacle(device, network);
  const lines = textOf(network, path);
  if (lines === undefined) {
    return (
      `NetworkManager has no profile for ${device} in ${PROFILES}, so there is nothing to add ${address} to. Write one, for instance ` +
      `with "nmcli connection modify" on the one that is active, or set "boot: false"`
    );
  }
  const { family } = splitAddress(address);
  const method = valueOf(lines, family, "method");
  if (hasSection(lines, family) && (method === "manual" || method === "auto")) return undefined;
  return (
    `${path} has method=${method ?? "nothing"} in its section ${family}, which takes no addresses: ${address} would not be there ` +
    `after a boot. Set it to manual or auto with "nmcli connection modify", or set "boot: false"`
  );
}

function silentObstacle(device: string, { there }: Network): string | undefined {
  if (isDummy(device) || (device === "lo" && there.has(KNOWS_LO))) return undefined;
  if (device !== "lo")
    return `NetworkManager keeps no addresses for ${device}. Use a dummy such as dummy0, or set "boot: false"`;
  return 'NetworkManager leaves lo alone before version 1.42. Use a dummy such as dummy0, or set "boot: false"';
}

/** The profile that has the interface, or the one that we would write for it. */
function profileOf(device: string, network: Network): string {
  return foundProfile(device, network) ?? `${PROFILES}/pulumi-lvs-${device}.nmconnection`;
}

/** By what NetworkManager has on it now, else by what it will put there at boot. */
function foundProfile(device: string, network: Network): string | undefined {
  const uuid = network.owners.get(device)?.profile;
  const paths = [...network.files.keys()].filter((path) => path.startsWith(`${PROFILES}/`));
  const says = (key: string, value: string) => (path: string) =>
    valueOf(textOf(network, path) ?? [], "connection", key) === value;
  return (
    (uuid === undefined ? undefined : paths.find(says("uuid", uuid))) ?? paths.find(says("interface-name", device))
  );
}

function isFor(device: string, path: string, network: Network): boolean {
  return path === foundProfile(device, network);
}

/** The NIC's profile is an ifcfg file of its name, and NetworkManager can read those: an alias is looked for by the parent's file. */
function isByIfcfg(device: string, network: Network): boolean {
  if (isSilent(device) || !network.there.has(IFCFG_PLUGIN)) return false;
  return foundProfile(device, network) === undefined && network.files.has(ifcfgOf(device));
}

function parentOf(device: string, network: Network): string {
  return isByIfcfg(device, network) ? ifcfgOf(device) : profileOf(device, network);
}

function ifcfgOf(device: string): string {
  return `${SCRIPTS}/ifcfg-${device}`;
}
