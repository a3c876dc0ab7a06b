import { ruleTarget, targetKey } from "../../facts/ipvs/rule-target";
import type { Load, Trouble } from "./load";
import type { RuleLine } from "./rule-line";
import { linesOf, type RuleOwner, type RulesFile } from "./rules-file";

/** Whether a load of the file ends with these lines of ours. `whole`: the loader empties the table after an error. */
export function isLoaded({ load }: RulesFile, rules: readonly string[], whole: boolean): boolean {
  if (whole && (load.stop !== undefined || load.failure !== undefined)) return false;
  return rules.every((rule) => (load.last.get(keyOf(rule))?.text ?? rule) === rule && !isCutOff(rule, load));
}

/** Whether a line of ours has no effect. A server whose service is in no line waits for its owner: keepalived adds it without the file. */
function isCutOff(rule: string, { last, stop }: Load): boolean {
  const service = ruleTarget(rule)?.service ?? "";
  return !last.has(keyOf(rule)) && (stop !== undefined || last.has(service) || service === keyOf(rule));
}

/** Why a load of the file, which has these rules of the owner in our block, would not end with them. */
export function rulesProblem(
  path: string,
  file: RulesFile,
  owner: RuleOwner,
  rules: readonly string[],
  { whole, isLive }: { readonly whole: boolean; readonly isLive: (service: string) => boolean },
): string | undefined {
  const { stop, failure, unsure, last } = file.load;
  const unclear = unsure.find(({ line }) => concerns(line, owner));
  if (unclear !== undefined)
    return `${at(path, unclear)}, so that it cannot be compared. Correct it, or delete the line`;
  const first = rules.find((rule) => (last.get(keyOf(rule))?.text ?? rule) !== rule || isCutOff(rule, file.load));
  if (stop !== undefined && (whole || first !== undefined))
    return `${at(path, stop)}, which ends the load. Correct it, or delete the line (a comment has # in its first column)`;
  if (first !== undefined) {
    const line = last.get(keyOf(first)) ?? last.get(ruleTarget(first)?.service ?? "");
    return line === undefined
      ? `${path} does not lead to "${first}"`
      : `${at(path, { line, problem: "undoes it" })}. Delete the line`;
  }
  // A service that is in neither the file nor the kernel is about to come, from the same run.
  const service = failure?.line.number === 0 ? failure.line.target?.service : undefined;
  if (whole && failure !== undefined && (service === undefined || isLive(service))) {
    return `${at(path, failure)}. As the last line it fails the load, and the unit then empties the table. Correct it, or delete the line`;
  }
  return undefined;
}

function concerns(line: RuleLine, owner: RuleOwner): boolean {
  if (line.reading?.does !== "unsure") return false;
  return line.reading.targets.some((target) => linesOf(owner, [{ ...line, target }]).length > 0);
}

function at(path: string, { line, problem }: Trouble): string {
  const where = line.number === 0 ? path : `line ${line.number} of ${path}`;
  return `${where} ("${line.text.trim().slice(0, 120)}"): ${problem}`;
}

function keyOf(rule: string): string {
  const target = ruleTarget(rule);
  return target === undefined ? "" : targetKey(target);
}
