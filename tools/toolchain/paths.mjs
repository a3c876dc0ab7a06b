import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of this repository. */
export const repository = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where programs installed by npm are, Node 24 among them. */
export const npmBin = join(repository, "node_modules", ".bin");

/**
 * What is costly to make and the same for every checkout: the Pulumi CLI, the image of the lab's hosts.
 * @returns {string}
 */
export function cacheDirectory() {
  const { PULUMI_LVS_CACHE: ours, XDG_CACHE_HOME: xdg } = process.env;
  if (isSet(ours)) return ours;
  return join(isSet(xdg) ? xdg : join(homedir(), ".cache"), "pulumi-lvs");
}

/**
 * The XDG specification treats an empty variable as an absent one.
 * @param {string | undefined} value
 * @returns {value is string}
 */
const isSet = (value) => value !== undefined && value !== "";
