import type { BootCommand } from "../../facts/boot/boot-commands";
import type { Names } from "../../facts/ipvs/names";
import { daemonTarget, TIMEOUTS } from "../../facts/ipvs/rule-target";
import type { TableLine } from "../../facts/ipvs/table-lines";
import { firstProblem } from "../../model/first-problem";
import { outsideLine } from "./rule-line";
import { linesOf, type RuleOwner } from "./rules-file";

/** What of the next boot is asked for. */
interface Wanted {
  readonly owner: RuleOwner;
  readonly rules: readonly string[];
  /** The loader's file: who loads it once more changes nothing. */
  readonly path: string;
  readonly names: Names;
}

/** Why what a boot runs besides the loader may change the rules of this owner, before or after they are loaded. */
export function otherLinesProblem(lines: readonly TableLine[], wanted: Wanted): string | undefined {
  return firstProblem(lines, (line) => problemOf(line, wanted));
}

function problemOf(line: TableLine, wanted: Wanted): string | undefined {
  if (line.does === "clear")
    return `${at(line)}, empties the table at boot, maybe after they are loaded. Remove that line`;
  if (line.does === "rule") {
    const changes = changesOf(line.rule, wanted);
    return changes === undefined
      ? undefined
      : `${at(line)}, ${changes} at boot, maybe after they are loaded. Remove that line`;
  }
  if (line.source === wanted.path) return undefined;
  if (line.empties)
    return `${at(line)}, empties the table at boot, as ipvsadm-restore of Debian does before it loads, maybe after they are loaded. Remove that line`;
  if (line.source === undefined)
    return `${at(line)}, loads other rules at boot, which cannot be compared. Let it read a file ("ipvsadm -R < /etc/my.rules"), or remove that line`;
  return firstProblem(line.rules, (rule) => {
    const changes = changesOf(rule.text, wanted);
    return changes === undefined
      ? undefined
      : `${at(rule)}, ${changes} at boot, because ${line.file}, line ${line.line}, loads that file. Remove one of the two lines`;
  });
}

/** What a command for ipvsadm does to the owner's objects; undefined where it leaves them alone, or makes the same of them. */
function changesOf(text: string, { owner, rules, names }: Wanted): string | undefined {
  const line = outsideLine(text, 0, names);
  const { reading, target } = line;
  if (reading?.does === "clear") return "empties the table";
  if (reading === undefined || reading.does === "nothing" || rules.includes(text) || !isOfSort(text, owner.service))
    return undefined;
  if (/[$`%*{]/.test(text) || reading.does === "stop" || reading.does === "unsure")
    return "changes rules that cannot be compared";
  const isItsService = reading.does === "delete" && target?.server === undefined && target?.service === owner.service;
  return isItsService || linesOf(owner, [line]).length > 0 ? "changes the same object" : undefined;
}

/** Timeouts, sync daemons, and services with their servers have nothing to do with each other. */
function isOfSort(text: string, service: string): boolean {
  const isDaemon = service.startsWith(daemonTarget(""));
  if (/^(?:\S*ipvsadm\s+)?--set\b/.test(text)) return service === TIMEOUTS;
  if (/^(?:\S*ipvsadm\s+)?--\w+-daemon\b/.test(text)) return isDaemon;
  return service !== TIMEOUTS && !isDaemon;
}

function at({ file, line, text }: BootCommand): string {
  return `${file}, line ${line} ("${text.slice(0, 120)}")`;
}
