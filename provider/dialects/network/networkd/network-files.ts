import { byName, nameOf } from "../../../facts/files/by-name";
import { readUnitFiles, type Setting, type UnitFiles } from "../../../facts/files/unit-file";
import type { NetworkConfig } from "../../../facts/network/managers";

/** Where .network files and their drop-ins are. A file hides those of its name in later folders. */
export const NETWORK_FOLDERS = [
  "/etc/systemd/network",
  "/run/systemd/network",
  "/usr/local/lib/systemd/network",
  "/usr/lib/systemd/network",
  "/lib/systemd/network",
];

/** What a .network file and its drop-ins say, in the order of their names. Ours are left out. */
export function readNetworkFile(path: string, { files }: NetworkConfig): UnitFiles {
  const folders = NETWORK_FOLDERS.map((root) => `${root}/${nameOf(path)}.d`);
  const dropIns = byName(folders, files.keys()).filter(
    (one) => one.endsWith(".conf") && !nameOf(one).startsWith("pulumi-lvs-"),
  );
  return readUnitFiles([path, ...dropIns].map((one) => [one, files.get(one) ?? []] as const));
}

/** Takes back all addresses before it, whatever their file and section. Systemd 257 does so; to 252 the line is invalid. */
export function takesBack({ section, key, value }: Setting): boolean {
  return section === "Network" && key === "Address" && value === "";
}

/** Why a drop-in of this name would not bring its address up, and what to do; undefined if it would. */
export function dropInProblem(path: string, dropIn: string, config: NetworkConfig): string | undefined {
  const reset = readNetworkFile(path, config).settings.find(
    (setting) => takesBack(setting) && setting.path !== path && nameOf(setting.path) > dropIn,
  );
  return (
    reset &&
    `${reset.path}, line ${reset.line}, has an empty Address=: newer versions of systemd take back what earlier files add, as ${dropIn} would. ` +
      'Rename that file so that it comes before "pulumi-lvs", or set "boot: false"'
  );
}
