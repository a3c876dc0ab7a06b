import { readFile } from "../../file-step";
import { OWN } from "../../own-file";
import { type Command, changedBy, describeCommand, describeStep, quote, type Result } from "../../step";
import { FLUSH_SUMMARY, flushesAfter } from "../shell/flush";
import { SKIPPED } from "../shell/replies";
import { compound, doingOf, entry, hidesOutput, patienceOf, type Script, shellText } from "../shell/script";
import type { BatchedCommand } from "./batched-command";
import { distinct } from "./fact-cache";
import type { Done } from "./job";
import { type Lock, OVERTAKEN } from "./lock";
import { type Turn, WRITES } from "./turns";

/**
 * Takes the lock, runs the commands, flushes what they wrote, releases the lock, and reads facts. Entry 0 is the lock, then the commands,
 * the flush if there is one, then the facts. Where another writer came first, no command is run, and entry 0 says who. The lock file
 * says who writes, and in other words who has written: what was read in between is out of date as well.
 */
export function applyScript(
  commands: readonly BatchedCommand[],
  facts: readonly Command[],
  lock: Lock,
  { writer, after }: Turn,
): Script {
  const jobs = [...new Set(commands.flatMap(({ contributions }) => contributions.map(({ job }) => job)))];
  const flush = flushesOf(commands);
  const flushAt = commands.length + 1;
  const first = flushAt + flush.length;
  return {
    summaries: [
      `flock -w ${lock.patience} ${lock.path}`,
      ...commands.map(({ summary }) => summary),
      ...flush.map(() => FLUSH_SUMMARY),
      ...facts.map(describeCommand),
    ],
    doing: [
      "waiting for the lock that another run of ours has",
      ...commands.map(({ command }) => doingOf(command)),
      ...flush.map(() => "waiting until all is on its disk"),
      ...facts.map(doingOf),
    ],
    patience: [
      0,
      ...commands.map(({ command }) => patienceOf(command)),
      ...flush.map(patienceOf),
      ...facts.map(patienceOf),
    ],
    hides: [
      false,
      ...commands.map(({ command }) => hidesOutput(command)),
      ...flush.map(() => false),
      ...facts.map(hidesOutput),
    ],
    text: (nonce) =>
      compound(nonce, first + facts.length, [
        `${jobs.map((job) => `f${job}=`).join(" ")} locked=`,
        // The lock file is made for us alone: who can read it can hold it.
        `umask 077; ${OWN}`,
        // Who has had the lock over this connection knows its mode.
        `if own ${lock.path}${lock.isOurs === true ? ' "" 600' : ""}; then { umask 022; locked=2; w=; if flock -w ${lock.patience} 9; then locked=0; read -r w rest <${lock.path}`,
        ...(after === undefined ? [] : [`if [ "$w" != ${quote(after)} ]; then locked=${OVERTAKEN}; fi`]),
        `if [ $locked = 0 ]; then echo ${writer}${WRITES} >${lock.path}; mark 0 0`,
        ...commands.map((command, index) => commandText(command, index + 1)),
        ...flush.map((command) => `${shellText(command, " 9>&-")}; mark ${flushAt} $?`),
        `echo ${writer} >${lock.path}; fi; fi; } 9>>${lock.path}; else locked=3; fi; umask 022`,
        // 1: another process holds the lock. 2: the lock file cannot be opened. 3: it could be somebody else's. 4: another writer was first.
        `case $locked in 0) ;; 2) mark 0 1;; 3) mark 0 3;; ${OVERTAKEN}) echo "$w"; mark 0 ${OVERTAKEN};; *) mark 0 2;; esac`,
        ...[`if [ "$locked" != 0 ]; then :`, ...skipped(1, first), "fi"],
        ...facts.map((command, index) => entry(command, first + index)),
      ]),
  };
}

/** None or one. */
export function flushesOf(commands: readonly BatchedCommand[]): readonly Command[] {
  return flushesAfter(commands.flatMap(({ contributions }) => contributions.map(({ step }) => step)));
}

function skipped(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, index) => `mark ${from + index} ${SKIPPED}`);
}

/** Throws where a command cannot be written as shell text. */
export function assertSendable(commands: readonly BatchedCommand[]): void {
  applyScript(commands, [], { path: "", patience: 0 }, { writer: "", after: undefined }).text("");
}

/** The steps of one job that were run, with their outcomes. */
export function doneBy(
  job: number,
  commands: readonly BatchedCommand[],
  results: readonly (Result | undefined)[],
): readonly Done[] {
  return commands.flatMap(({ contributions }, index): Done[] => {
    const result = results[index];
    if (result === undefined) return [];
    return contributions
      .filter((contribution) => contribution.job === job)
      .map(({ step }) => ({ step, command: describeStep(step), result }));
  });
}

/** Whether all commands ran, and none failed. */
export function succeeded(commands: readonly BatchedCommand[], results: readonly (Result | undefined)[]): boolean {
  return commands.every(({ failsOnStderr }, index) => {
    const result = results[index];
    return result?.code === 0 && (!failsOnStderr || result.stderr.trim() === "");
  });
}

/** What the commands change; undefined: possibly anything. */
export function changesOf(commands: readonly BatchedCommand[]): readonly string[] | undefined {
  const changes = commands.flatMap(({ contributions }) => contributions.map(({ step }) => changedBy(step)));
  return changes.every((change) => change !== undefined) ? changes : undefined;
}

/** What is known of the files that the commands write or remove: their texts, and what these facts would print of them. */
export function resultingFiles(
  commands: readonly BatchedCommand[],
  facts: readonly Command[],
): {
  readonly commands: readonly Command[];
  readonly results: readonly Result[];
} {
  const files = commands.flatMap(({ resultingFile }) => (resultingFile === undefined ? [] : [resultingFile]));
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const known = distinct([...[...texts.keys()].map(readFile), ...facts]).flatMap((command) => {
    const { path, print } = command.ofFile ?? {};
    const stdout = path !== undefined && texts.has(path) ? print?.(texts.get(path)) : undefined;
    return stdout === undefined ? [] : [{ command, result: { code: 0, stdout, stderr: "" } }];
  });
  return { commands: known.map(({ command }) => command), results: known.map(({ result }) => result) };
}

/** Each job has a shell variable that is set once it has failed. */
function commandText(command: BatchedCommand, index: number): string {
  const jobs = [...new Set(command.contributions.map(({ job }) => job))];
  const fail = jobs.map((job) => `f${job}=1`).join(" ");
  const noneFailed = `[ -z "${jobs.map((job) => `$f${job}`).join("")}" ]`;
  const oneIsLeft = jobs.map((job) => `[ -z "$f${job}" ]`).join(" || ");
  if (command.runIf === "a job is left") {
    return `if ${oneIsLeft}; then ${runText(command, index)} ${fail}; else mark ${index} ${SKIPPED}; fi`;
  }
  // A merged step that is skipped for one job has failed for the others: their later steps are skipped too.
  return `if ${noneFailed}; then ${runText(command, index)} ${fail}; else mark ${index} ${SKIPPED}; ${fail}; fi`;
}

/** Ends in `||`: what follows runs if the command failed. The lock is not inherited, or a daemon would keep it. */
function runText({ command, failsOnStderr }: BatchedCommand, index: number): string {
  const text = shellText(command, " 9>&-");
  if (!failsOnStderr) return `${text}; r=$?; mark ${index} $r; [ $r = 0 ] ||`;
  return `e=$( { ${text}; } 2>&1 ); r=$?; [ -z "$e" ] || printf '%s\\n' "$e" >&2; mark ${index} $r; [ $r = 0 ] && [ -z "$e" ] ||`;
}
