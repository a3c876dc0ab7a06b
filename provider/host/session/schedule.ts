import { removeFile, writeFile } from "../../file-step";
import { type Command, describeStep, type FileStep, type RuleStep, type Step } from "../../step";
import { armed } from "../rollback/rollback-script";

/** The steps of one job. */
export interface Errand {
  readonly steps: readonly Step[];
  /** Each rule is a command of its own, nothing is shared with others. */
  readonly alone: boolean;
}

/** One command for the host, on behalf of one job or of several. */
export interface Unit {
  readonly command: Command;
  readonly says: string;
  /** The jobs, and what each of them wanted of this. */
  readonly parts: readonly Part[];
  /** Runs if no owner has failed before, or if any has not. */
  readonly unless: "any failed" | "all failed";
  /** The host puts it back, unless it is confirmed over a new connection. */
  readonly guarded?: boolean;
  /** The file that it leaves, whole. */
  readonly leaves?: Written;
  /** Words on stderr mean that something failed, although the exit code may be 0. */
  readonly silent: boolean;
}

/** A file's text afterwards; undefined: there is no file. */
export interface Written {
  readonly path: string;
  readonly text: string | undefined;
}

export interface Part {
  readonly job: number;
  readonly step: Step;
}

/** What several jobs can share, waits until each job that will need it has come to it: `rules`, a file, a command. */
type Shared = string | undefined;

/**
 * Puts the steps of many jobs in one order. Steps of a job keep theirs. Rules are handed over together, a file is written
 * once for all who change it, and a command that is wanted `once` runs once, after everything that led to it.
 */
export function schedule(errands: readonly Errand[], textOf: (path: string) => string | undefined): readonly Unit[] {
  const queues = errands.map(({ steps }) => [...steps]);
  const texts = new Map<string, string | undefined>();
  const units: Unit[] = [];
  const shared = (job: number, step: Step | undefined): Shared =>
    step === undefined || errands[job]?.alone === true ? undefined : sharedAs(step);
  const take = (jobs: readonly number[], key: Shared): Part[] =>
    jobs.flatMap((job) => {
      const queue = queues[job] ?? [];
      const end = key === undefined ? 1 : queue.findIndex((step) => shared(job, step) !== key);
      return queue.splice(0, end === -1 ? queue.length : end).map((step) => ({ job, step }));
    });
  const emit = (parts: readonly Part[]) => {
    const path = pathOf(parts);
    const before = path === undefined || texts.has(path) ? texts.get(path ?? "") : textOf(path);
    const after = path === undefined ? undefined : edited(before, parts);
    if (path !== undefined) texts.set(path, after);
    if (path === undefined || after !== before) units.push(unit(parts, before, after));
  };
  for (;;) {
    const own = queues.findIndex((queue, job) => queue.length > 0 && shared(job, queue[0]) === undefined);
    if (own !== -1) {
      emit(take([own], undefined));
      continue;
    }
    const heads = [...new Set(queues.map((queue, job) => shared(job, queue[0])).filter((key) => key !== undefined))];
    const waitsFor = (key: string) =>
      queues.some((queue, job) => shared(job, queue[0]) !== key && queue.some((step) => shared(job, step) === key));
    // Where two wait for each other, the first goes on alone.
    const key = heads.find((head) => !waitsFor(head)) ?? heads[0];
    if (key === undefined) return units;
    emit(
      take(
        queues.flatMap((queue, job) => (shared(job, queue[0]) === key ? [job] : [])),
        key,
      ),
    );
  }
}

/** The files that a job changes as a whole: their text has to be known. */
export function filesOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => ("file" in step ? [step.file] : []));
}

function sharedAs(step: Step): Shared {
  if ("rule" in step) return "rules";
  if ("file" in step) return `file ${step.file}`;
  return step.once === true ? `once ${JSON.stringify(step.command)}` : undefined;
}

function pathOf([first]: readonly Part[]): string | undefined {
  return first && "file" in first.step ? first.step.file : undefined;
}

function edited(before: string | undefined, parts: readonly Part[]): string | undefined {
  return parts.reduce((text, { step }) => ("file" in step ? step.edit(text) : text), before);
}

function unit(parts: readonly Part[], before: string | undefined, after: string | undefined): Unit {
  const steps = parts.map(({ step }) => step);
  const [first] = steps;
  if (first === undefined) throw new Error("a unit without a step");
  if ("file" in first) {
    const edits = steps.filter((step): step is FileStep => "file" in step);
    const says = `edit ${first.file}: ${edits.map((step) => step.summary).join(", ")}`;
    const leaves = { path: first.file, text: after };
    return {
      parts,
      says,
      command: fileCommand(edits, first, before, after),
      leaves,
      unless: "any failed",
      silent: false,
    };
  }
  const says = describeStep(first);
  if ("command" in first) {
    const { command, undo } = first;
    if (undo === undefined) return { parts, says, command, unless: "all failed", silent: false };
    return { parts, says, command: armed(command, undo), unless: "all failed", silent: false, guarded: true };
  }
  const rules = steps.filter((step): step is RuleStep => "rule" in step).map(ruleWords);
  const [only] = rules;
  if (rules.length === 1 && only !== undefined) {
    return { parts, says, command: { run: ["ipvsadm", ...only] }, unless: "any failed", silent: false };
  }
  const stdin = rules.map((rule) => `${rule.join(" ")}\n`).join("");
  return {
    parts,
    says: `ipvsadm -R (${rules.length} rules)`,
    command: { run: ["ipvsadm", "-R"], stdin },
    unless: "any failed",
    silent: true,
  };
}

function fileCommand(
  edits: readonly FileStep[],
  { file }: FileStep,
  before: string | undefined,
  after: string | undefined,
): Command {
  if (after !== undefined) return writeFile(file, after, before, edits.find(({ mode }) => mode !== undefined)?.mode);
  if (before !== undefined) return removeFile(file, before);
  throw new Error(`nothing to do to ${file}`);
}

/** `ipvsadm -R` knows no quoting. */
function ruleWords({ rule }: RuleStep): readonly string[] {
  const bad = rule.find((word) => word === "" || /\s/.test(word));
  if (bad !== undefined)
    throw new Error(`a word of a rule must not be empty or contain blanks: ${JSON.stringify(bad)}`);
  return rule;
}
