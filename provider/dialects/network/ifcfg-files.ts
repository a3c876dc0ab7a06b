import { linesAt, type NetworkConfig } from "../../facts/network/managers";
import { significantLines } from "./boot-file";

export const SCRIPTS = "/etc/sysconfig/network-scripts";

/** What the scripts pass over. Anything else beside a file is read, whatever it is called. */
export const IGNORED_SUFFIX = /(?:~|\.bak|\.old|\.orig|\.rpmnew|\.rpmorig|\.rpmsave)$/;

/** Names of addresses: IPADDR0 and up are further ones. */
export const ADDRESS_VARIABLE = /^(?:IPADDR\d*|IPV6ADDR\w*)$/;

/** The file that brings the interface itself up: the one of its name, or one that names it in DEVICE. */
export function parentFileOf(device: string, config: NetworkConfig): string | undefined {
  const own = `${SCRIPTS}/ifcfg-${device}`;
  // Not ifcfg-eth0:0, nor ifcfg-eth0-range0.
  const all = [...config.files.keys()].filter((path) => /\/ifcfg-[^/:]+$/.test(path) && !/-range[^/]*$/.test(path));
  const parents = all.filter((path) => path.startsWith(SCRIPTS) && !IGNORED_SUFFIX.test(path));
  return parents.find((path) => path === own) ?? parents.find((path) => valueIn(path, "DEVICE", config) === device);
}

/** Files of aliases of an interface, as far as the scripts read them. */
export function aliasFilesOf(device: string, { files }: NetworkConfig): string[] {
  return [...files.keys()].filter(
    (path) => path.startsWith(`${SCRIPTS}/ifcfg-${device}:`) && !IGNORED_SUFFIX.test(path),
  );
}

/** Why what hangs on an interface would not come up with it at boot, if that is so. */
export function parentProblem(device: string, how: string, config: NetworkConfig): string | undefined {
  const parent = parentFileOf(device, config);
  if (parent === undefined) {
    return `there is no ${SCRIPTS}/ifcfg-${device}, and ${how}. Write that file, or set "boot: false"`;
  }
  if (valueIn(parent, "ONBOOT", config)?.toLowerCase() !== "no") return undefined;
  return `${parent} has ONBOOT=no, and ${how}. Say ONBOOT=yes there, or set "boot: false"`;
}

/** The lines that mean something, each as the shell understands it: `IPADDR="192.168.4.5" # web` is what a person would write. */
export function shellLines(lines: readonly string[]): string[] {
  return significantLines(lines).map((line) =>
    line
      .replace(/\r$/, "")
      .replace(/\s+#.*$/, "")
      .replace(/^export\s+/, "")
      .replace(/^(\w+)=(["'])(.*)\2$/, "$1=$3"),
  );
}

/** All values that names of a kind are given. A line may give several. */
export function valuesIn(lines: readonly string[], name: RegExp): string[] {
  const given = shellLines(lines).flatMap((line) => [...line.matchAll(/(?:^|[\s;])(\w+)=("[^"]*"|'[^']*'|[^\s;]*)/g)]);
  return given.flatMap(([, said = "", value = ""]) => (name.test(said) ? [value.replaceAll(/["']/g, "")] : []));
}

/** The last word on a name counts. */
export function valueIn(path: string, name: string, config: NetworkConfig): string | undefined {
  return valuesIn(linesAt(config, path) ?? [], new RegExp(`^${name}$`)).at(-1);
}
