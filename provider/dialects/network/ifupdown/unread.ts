import { placeOf } from "../declaration";
import { INTERFACES, INTERFACES_DIR } from "./ifupdown-files";
import { type Interfaces, readsFile } from "./interfaces";

/** Why ifup would not read a file of ours at boot, and what to do; undefined if it would. */
export function unreadProblem(path: string, interfaces: Interfaces): string | undefined {
  const { problem } = interfaces;
  if (problem !== undefined) {
    return (
      `cannot read ${placeOf(problem)}, as ifup does: ${problem.reason}. If "ifquery --list" on the host complains too, mend that line; ` +
      'otherwise set "boot: false"'
    );
  }
  if (readsFile(interfaces, path)) return undefined;
  return `${INTERFACES} does not read ${INTERFACES_DIR}: add the line "source ${INTERFACES_DIR}/*" to it, or set "boot: false"`;
}
