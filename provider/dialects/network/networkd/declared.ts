import { byName, nameOf } from "../../../facts/files/by-name";
import { readUnitFiles, type Setting } from "../../../facts/files/unit-file";
import type { NetworkConfig } from "../../../facts/network/managers";
import { familyOf } from "../../../model/network/address";
import { HOST_PREFIX, splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import { canonicalOrUndefined, prefixOf } from "../address-text";
import type { Declaration } from "../declaration";

/** Where .network files and their drop-ins are. A file hides those of its name in later folders. */
export const NETWORK_FOLDERS = [
  "/etc/systemd/network",
  "/run/systemd/network",
  "/usr/local/lib/systemd/network",
  "/usr/lib/systemd/network",
  "/lib/systemd/network",
];

/** What the host's own .network files bring up of this address at boot, on the interfaces that have them. */
export function declaredByNetworkd({ address }: Pick<Vip, "address">, config: NetworkConfig): Declaration[] {
  const { ip } = splitPrefix(address);
  return [...config.activeConfigs].flatMap(([device, { networkFile = "" }]) => {
    if (networkFile === "" || networkFile.includes("/10-netplan-")) return [];
    return declaredBy(readUnitFiles(withDropIns(networkFile, config)), device, ip);
  });
}

/** The file, and its drop-ins in the order of their names. Ours are left out. */
function withDropIns(path: string, { files }: NetworkConfig) {
  const folders = NETWORK_FOLDERS.map((root) => `${root}/${nameOf(path)}.d`);
  const dropIns = byName(folders, files.keys()).filter(
    (one) => one.endsWith(".conf") && !nameOf(one).startsWith("pulumi-lvs-"),
  );
  return [path, ...dropIns].map((one) => [one, files.get(one) ?? []] as const);
}

function declaredBy(settings: readonly Setting[], device: string, ip: string): Declaration[] {
  // An empty value takes back what the section [Network] has listed before.
  const reset = settings.findLastIndex(
    ({ section, key, value }) => section === "Network" && key === "Address" && value === "",
  );
  return settings.flatMap((setting, index): Declaration[] => {
    const { section, key, value, path, line } = setting;
    const isListed = section === "Network" && index > reset;
    if (key !== "Address" || !(isListed || section === "Address")) return [];
    const [own = "", prefix] = value.split("/");
    if (canonicalOrUndefined(own) !== ip) return [];
    const family = familyOf(ip);
    const length = prefix === undefined ? HOST_PREFIX[family] : prefixOf(prefix, family);
    const siblings = settings.filter(
      ({ sectionNumber }) => section === "Address" && sectionNumber === setting.sectionNumber,
    );
    const label = siblings.findLast((one) => one.key === "Label")?.value ?? device;
    const unclear = siblings.some((one) => one.key === "Peer") ? { unclear: "it has a peer" } : {};
    const common = { path, line, device, ...(family === "ipv4" && { label }), ...unclear };
    return [{ ...common, address: length === undefined ? undefined : `${ip}/${length}` }];
  });
}
