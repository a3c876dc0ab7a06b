import type { NetworkConfig } from "../../../facts/network/managers";

/** ifupdown's configuration, and the directory beside it where our files go. */
export const INTERFACES = "/etc/network/interfaces";
export const INTERFACES_DIR = `${INTERFACES}.d`;

/** Where ifupdown2 and ifupdown-ng are. They read the same files, and pass over what ifupdown refuses. */
export const LENIENT = "/usr/share/ifupdown2 /usr/libexec/ifupdown-ng /usr/lib/ifupdown-ng";

export function isLenient({ presentPaths }: NetworkConfig): boolean {
  return presentPaths.has(LENIENT);
}

export function isOurFile(path: string): boolean {
  return path.startsWith(`${INTERFACES_DIR}/pulumi-lvs-`);
}
