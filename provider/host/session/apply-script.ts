import { formatFile, readFile } from "../../file-step";
import { type Command, changedBy, describeCommand, describeStep, type Result } from "../../step";
import { SKIPPED } from "../shell/replies";
import { compound, entry, patienceOf, type Script, shellText } from "../shell/script";
import type { Done } from "./job";
import type { Lock } from "./lock";
import type { Unit } from "./schedule";

/** Takes the lock, runs the units, gives it back, and looks. Entry 0 is the lock, then the units, then the looks. */
export function applyScript(units: readonly Unit[], observe: readonly Command[], lock: Lock): Script {
  const jobs = [...new Set(units.flatMap((unit) => unit.parts.map(({ job }) => job)))];
  const first = units.length + 1;
  return {
    says: [`flock -w ${lock.patience} ${lock.path}`, ...units.map(({ says }) => says), ...observe.map(describeCommand)],
    patience: [0, ...units.map(({ command }) => patienceOf(command)), ...observe.map(patienceOf)],
    text: (nonce) =>
      compound(nonce, first + observe.length, [
        `${jobs.map((job) => `f${job}=`).join(" ")} locked=`,
        // Appending: a lock file that is somebody's link to another file must not cost that file its text.
        `{ locked=2; if flock -w ${lock.patience} 9; then locked=0; mark 0 0`,
        ...units.map((unit, index) => unitText(unit, index + 1)),
        `fi; } 9>>${lock.path}`,
        // 1 is "somebody else has it", 2 is "cannot be opened".
        `case $locked in 0) ;; 2) mark 0 1;; *) mark 0 2;; esac`,
        ...[`if [ "$locked" != 0 ]; then :`, ...units.map((_, index) => `mark ${index + 1} ${SKIPPED}`), "fi"],
        ...observe.map((command, index) => entry(command, first + index)),
      ]),
  };
}

/** The units as they are, or what would be thrown when they are put into a text: a word that no shell can be given. */
export function sendable(units: readonly Unit[]): readonly Unit[] {
  applyScript(units, [], { path: "", patience: 0 }).text("");
  return units;
}

/** What the units did, told to each job: the same order as `errands`. */
export function doneBy(job: number, units: readonly Unit[], results: readonly (Result | undefined)[]): readonly Done[] {
  return units.flatMap((unit, index): Done[] => {
    const result = results[index];
    if (result === undefined) return [];
    return unit.parts
      .filter((part) => part.job === job)
      .map(({ step }) => ({ step, command: describeStep(step), result }));
  });
}

/** Nothing failed, so what was remembered of the host can be built upon. */
export function allWell(units: readonly Unit[], results: readonly (Result | undefined)[]): boolean {
  return units.every((unit, index) => {
    const result = results[index];
    return result?.code === 0 && (!unit.silent || result.stderr.trim() === "");
  });
}

/** What the units change; undefined: it may be anything. */
export function changesOf(units: readonly Unit[]): readonly string[] | undefined {
  const changes = units.flatMap(({ parts }) => parts.map(({ step }) => changedBy(step)));
  return changes.every((change) => change !== undefined) ? changes : undefined;
}

/** What the files say that the units leave, as they would be read. */
export function readings(units: readonly Unit[]): { commands: readonly Command[]; results: readonly Result[] } {
  const left = units.flatMap(({ leaves }) => (leaves === undefined ? [] : [leaves]));
  return {
    commands: left.map(({ path }) => readFile(path)),
    results: left.map(({ text }) => ({ code: 0, stdout: formatFile(text), stderr: "" })),
  };
}

function unitText(unit: Unit, index: number): string {
  const owners = [...new Set(unit.parts.map(({ job }) => job))];
  const flag = owners.map((job) => `f${job}=1`).join(" ");
  const all = `[ -z "${owners.map((job) => `$f${job}`).join("")}" ]`;
  const may = unit.unless === "any failed" ? all : owners.map((job) => `[ -z "$f${job}" ]`).join(" || ");
  // What waited for a part that failed elsewhere is not done, and neither is what comes after it.
  const otherwise = unit.unless === "any failed" ? `; ${flag}` : "";
  return `if ${may}; then ${runText(unit, index)} ${flag}; else mark ${index} ${SKIPPED}${otherwise}; fi`;
}

/** Ends in `||`: what follows is done if the unit failed. The lock is not inherited, or a daemon would keep it. */
function runText({ command, silent }: Unit, index: number): string {
  const text = shellText(command, " 9>&-");
  if (!silent) return `${text}; r=$?; mark ${index} $r; [ $r = 0 ] ||`;
  return `e=$( { ${text}; } 2>&1 ); r=$?; [ -z "$e" ] || printf '%s\\n' "$e" >&2; mark ${index} $r; [ $r = 0 ] && [ -z "$e" ] ||`;
}
