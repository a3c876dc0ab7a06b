import type { NetworkConfig } from "../../../facts/network/managers";
import { placeOf } from "../declaration";
import { IFUPDOWN2_CONF, INTERFACES, INTERFACES_DIR, isIfupdown2 } from "./ifupdown-files";
import { type Interfaces, readsFile } from "./interfaces";

/** Why ifup would not read a file of ours at boot, and what to do; undefined if it would. */
export function unreadProblem(path: string, interfaces: Interfaces, config: NetworkConfig): string | undefined {
  const { problem } = interfaces;
  const elsewhere = isIfupdown2(config) ? otherFile(config) : undefined;
  if (elsewhere !== undefined) return elsewhere;
  if (problem !== undefined) {
    return (
      `cannot read ${placeOf(problem)}, as ifup does: ${problem.reason}. If "ifquery --list" on the host complains too, mend that line; ` +
      'otherwise set "boot: false"'
    );
  }
  if (readsFile(interfaces, path)) return undefined;
  return `${INTERFACES} does not read ${INTERFACES_DIR}: add the line "source ${INTERFACES_DIR}/*" to it, or set "boot: false"`;
}

/** ifupdown2 can be told to read another file. */
function otherFile({ files }: NetworkConfig): string | undefined {
  const lines = files.get(IFUPDOWN2_CONF) ?? [];
  const line = lines.findLast(({ text }) => /^default_interfaces_configfile[ \t]*[=:]/i.test(text));
  if (line === undefined || line.text.replace(/^[^=:]*[=:]/, "").trim() === INTERFACES) return undefined;
  return `${IFUPDOWN2_CONF}, line ${line.number}, makes ifupdown2 read another file than ${INTERFACES}. Remove that line, or set "boot: false"`;
}
