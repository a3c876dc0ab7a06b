import { linesAt, type NetworkConfig } from "../../../facts/network/managers";
import { significantLines } from "../boot-file";

export const SCRIPTS = "/etc/sysconfig/network-scripts";

/** The suffixes that the scripts ignore. They read every other file, whatever its name. */
export const IGNORED_SUFFIX = /(?:~|\.bak|\.old|\.orig|\.rpmnew|\.rpmorig|\.rpmsave)$/;

/** Variables with an address. IPADDR0 and up are additional addresses. */
export const ADDRESS_VARIABLE = /^(?:IPADDR\d*|IPV6ADDR\w*)$/;

/** The file of the interface itself: the one with its name, or one with its name in DEVICE. */
export function parentFileOf(device: string, config: NetworkConfig): string | undefined {
  const own = `${SCRIPTS}/ifcfg-${device}`;
  // Aliases (ifcfg-eth0:0) and ranges (ifcfg-eth0-range0) are no parents.
  const all = [...config.files.keys()].filter((path) => /\/ifcfg-[^/:]+$/.test(path) && !/-range[^/]*$/.test(path));
  const parents = all.filter((path) => path.startsWith(SCRIPTS) && !IGNORED_SUFFIX.test(path));
  return parents.find((path) => path === own) ?? parents.find((path) => valueIn(path, "DEVICE", config) === device);
}

/** The alias files of an interface that the scripts read. */
export function aliasFilesOf(device: string, { files }: NetworkConfig): string[] {
  return [...files.keys()].filter(
    (path) => path.startsWith(`${SCRIPTS}/ifcfg-${device}:`) && !IGNORED_SUFFIX.test(path),
  );
}

/** Why aliases and routes of an interface would not come up at boot; undefined when they would. */
export function parentProblem(device: string, dependency: string, config: NetworkConfig): string | undefined {
  const parent = parentFileOf(device, config);
  if (parent === undefined) {
    return `there is no ${SCRIPTS}/ifcfg-${device}, and ${dependency}. Write that file, or set "boot: false"`;
  }
  if (valueIn(parent, "ONBOOT", config)?.toLowerCase() !== "no") return undefined;
  return `${parent} has ONBOOT=no, and ${dependency}. Set ONBOOT=yes there, or set "boot: false"`;
}

/** Significant lines, as the shell reads them: without quotes, `export` and a comment, as in `IPADDR="192.168.4.5" # web`. */
export function shellLines(lines: readonly string[]): string[] {
  return significantLines(lines).map((line) =>
    line
      .replace(/\r$/, "")
      .replace(/\s+#.*$/, "")
      .replace(/^export\s+/, "")
      .replace(/^(\w+)=(["'])(.*)\2$/, "$1=$3"),
  );
}

/** All values of the variables that match. A line may assign several. */
export function valuesIn(lines: readonly string[], name: RegExp): string[] {
  const assignments = shellLines(lines).flatMap((line) => [
    ...line.matchAll(/(?:^|[\s;])(\w+)=("[^"]*"|'[^']*'|[^\s;]*)/g),
  ]);
  return assignments.flatMap(([, variable = "", value = ""]) =>
    name.test(variable) ? [value.replaceAll(/["']/g, "")] : [],
  );
}

/** The value of a variable. Of several assignments the last one counts. */
export function valueIn(path: string, name: string, config: NetworkConfig): string | undefined {
  return valuesIn(linesAt(config, path) ?? [], new RegExp(`^${name}$`)).at(-1);
}
