import { linesAt, type NetworkConfig } from "../../../facts/network/managers";
import { significantLines } from "../boot-file";
import { shellPattern } from "../shell-pattern";

/** ifupdown's configuration, and the directory beside it where our files go. */
export const INTERFACES = "/etc/network/interfaces";
export const INTERFACES_DIR = `${INTERFACES}.d`;

/** Whether a `source` line of /etc/network/interfaces reads this file. */
export function isSourced(path: string, config: NetworkConfig): boolean {
  return significantLines(linesAt(config, INTERFACES) ?? []).some((line) => {
    const [word, argument = ""] = line.split(/\s+/);
    const pattern = argument.startsWith("/") ? argument : `/etc/network/${argument}`;
    if (word === "source-directory") return pattern.replace(/\/+$/, "") === INTERFACES_DIR;
    return word === "source" && shellPattern(pattern).test(path);
  });
}
