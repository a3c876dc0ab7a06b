import { type Assignments, readAssignments } from "../../../facts/files/assignments";
import type { NetworkConfig } from "../../../facts/network/managers";
import { familyOf } from "../../../model/network/address";
import { classOf, prefixOf } from "../address-text";
import { parentFileOf } from "./ifcfg-files";

/** A file that the scripts read, with its variables. */
export interface IfcfgFile {
  readonly path: string;
  readonly device: string;
  readonly label: string;
  readonly own: Assignments;
  readonly config: NetworkConfig;
}

export function valueOf({ values }: Assignments, name: string): string | undefined {
  return values.get(name)?.value;
}

/**
 * A file that comes up with its parent inherits the parent's PREFIX, which goes before a NETMASK of its own. With neither, it is the class
 * of the address.
 */
export function prefixIn(file: IfcfgFile, ip: string, suffix: string): number | undefined {
  const { path, device, own, config } = file;
  const parent = /:|-range/.test(path) ? parentFileOf(device, config) : undefined;
  const inherited = parent === undefined ? undefined : readAssignments(config.files.get(parent) ?? []);
  const find = (name: string) =>
    [own, inherited].map((one) => one && valueOf(one, name)).find((one) => (one ?? "") !== "");
  const text = find(`PREFIX${suffix}`) ?? find(`NETMASK${suffix}`);
  return text === undefined ? classOf(ip) : prefixOf(text, familyOf(ip));
}
