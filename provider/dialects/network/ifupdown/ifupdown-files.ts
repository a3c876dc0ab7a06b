import type { NetworkConfig } from "../../../facts/network/managers";

/** ifupdown's configuration, and the directory beside it where our files go. */
export const INTERFACES = "/etc/network/interfaces";
export const INTERFACES_DIR = `${INTERFACES}.d`;

/** Where ifupdown2 is. It reads the same files in a way of its own. */
const IFUPDOWN2 = "/usr/share/ifupdown2";

/** Where ifupdown-ng is. It passes over what ifupdown refuses. */
const IFUPDOWN_NG = "/usr/libexec/ifupdown-ng /usr/lib/ifupdown-ng";

/** What ifupdown2 is told about itself. */
export const IFUPDOWN2_CONF = "/etc/network/ifupdown2/ifupdown2.conf";

/** Programs that may be there in place of Debian's ifupdown. */
export const OTHER_PROGRAMS = [IFUPDOWN2, IFUPDOWN_NG] as const;

export function isIfupdown2({ presentPaths }: NetworkConfig): boolean {
  return presentPaths.has(IFUPDOWN2);
}

export function isLenient({ presentPaths }: NetworkConfig): boolean {
  return presentPaths.has(IFUPDOWN_NG);
}

export function isOurFile(path: string): boolean {
  return path.startsWith(`${INTERFACES_DIR}/pulumi-lvs-`);
}
