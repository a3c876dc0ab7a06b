import { readAssignments } from "../../../facts/files/assignments";
import { numbered } from "../../../facts/files/lines";
import type { NetworkConfig } from "../../../facts/network/managers";

export const SCRIPTS = "/etc/sysconfig/network-scripts";

/** The suffixes that the scripts ignore. They read every other file, whatever its name. */
export const IGNORED_SUFFIX = /(?:~|\.bak|\.old|\.orig|\.rpmnew|\.rpmorig|\.rpmsave)$/;

/** Variables with an address. IPADDR0 and up are additional addresses. */
export const ADDRESS_VARIABLE = /^(?:IPADDR\d*|IPV6ADDR\w*)$/;

/** The file of the interface itself: the one with its name, or one with its name in DEVICE. */
export function parentFileOf(device: string, config: NetworkConfig): string | undefined {
  const own = `${SCRIPTS}/ifcfg-${device}`;
  // Aliases (ifcfg-eth0:0) and ranges (ifcfg-eth0-range0) are no parents.
  const parents = liveFiles(config).filter((path) => /\/ifcfg-[^/:]+$/.test(path) && !/-range[^/]*$/.test(path));
  return parents.find((path) => path === own) ?? parents.find((path) => valueIn(path, "DEVICE", config) === device);
}

/** The ifcfg files that the scripts read. */
export function liveFiles({ files }: NetworkConfig): string[] {
  return [...files.keys()].filter((path) => path.startsWith(`${SCRIPTS}/ifcfg-`) && !IGNORED_SUFFIX.test(path));
}

/** Whether the scripts take a value for no. */
export function isFalse(value: string | undefined): boolean {
  return /^(?:f|n|no|false|0)$/i.test(value ?? "");
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
  if (!isFalse(valueIn(parent, "ONBOOT", config))) return undefined;
  return `${parent} has ONBOOT=no, and ${dependency}. Set ONBOOT=yes there, or set "boot: false"`;
}

/** All values of the variables that match, in the order of the file. A carriage return at the end, which makes the scripts fail, is left out. */
export function valuesIn(lines: readonly string[], name: RegExp): string[] {
  return [...readAssignments(numbered(lines)).values].flatMap(([variable, { value }]) =>
    name.test(variable) && value !== undefined ? [value.replace(/\r$/, "")] : [],
  );
}

/** The value of a variable. Of several assignments the last one counts. */
export function valueIn(path: string, name: string, config: NetworkConfig): string | undefined {
  return readAssignments(config.files.get(path) ?? []).values.get(name)?.value;
}
