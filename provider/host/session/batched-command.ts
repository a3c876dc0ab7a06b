import { BugError, UserError } from "../../errors";
import { removeFile, writeFile } from "../../file-step";
import { type Command, type CommandStep, describeStep, type FileStep, type RuleStep, type Step } from "../../step";
import { withRollback } from "../rollback/rollback-script";

/** One command for the host, on behalf of one job or of several. */
export interface BatchedCommand {
  readonly command: Command;
  /** For messages. */
  readonly summary: string;
  readonly contributions: readonly Contribution[];
  /** Runs if none of its jobs has failed before, or if at least one has not. */
  readonly runIf: "no job failed" | "a job is left";
  /** The host undoes it, unless it is confirmed over a new connection. */
  readonly withRollback: boolean;
  /** The file that it writes or removes. */
  readonly resultingFile?: ResultingFile;
  /** Any output on stderr is a failure, whatever the exit code. */
  readonly failsOnStderr: boolean;
}

/** A step, and the job that it belongs to, by its index. */
export interface Contribution {
  readonly job: number;
  readonly step: Step;
}

/** A file's text afterwards; undefined: there is no file. */
export interface ResultingFile {
  readonly path: string;
  readonly text: string | undefined;
}

/** The text of a file before and after the edits of a batch. */
interface FileChange {
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Whether the text before is what we wrote ourselves, a moment ago. */
  readonly isOurs: boolean;
}

const PLAIN = { runIf: "no job failed", withRollback: false, failsOnStderr: false } as const;

/** The command for steps that are merged: rules, edits of one file with its texts, or equal commands. */
export function batchedCommand(contributions: readonly Contribution[], file?: FileChange): BatchedCommand {
  const steps = contributions.map(({ step }) => step);
  const [first] = steps;
  if (first === undefined) throw new BugError("a batched command without a step");
  if ("command" in first) return { ...PLAIN, contributions, ...commandOf(first) };
  if ("rule" in first) return { ...PLAIN, contributions, ...rulesCommand(steps.filter((step) => "rule" in step)) };
  if (file === undefined) throw new BugError(`an edit of ${first.file} without its text`);
  const edits = steps.filter((step) => "file" in step);
  return { ...PLAIN, contributions, ...editCommand(first.file, edits, file) };
}

/** The text of a file after the edits. */
export function resultOf(contributions: readonly Contribution[], before: string | undefined): string | undefined {
  return contributions.reduce((text, { step }) => ("file" in step ? step.edit(text) : text), before);
}

type Parts = Pick<BatchedCommand, "command" | "summary"> & Partial<BatchedCommand>;

function commandOf(step: CommandStep): Parts {
  const { command, undo } = step;
  const summary = describeStep(step);
  if (undo === undefined) return { command, summary, runIf: "a job is left" };
  return { command: withRollback(command, undo), summary, runIf: "a job is left", withRollback: true };
}

/** `ipvsadm -R` goes on after a refused rule, and its exit code is that of the last one. */
function rulesCommand(steps: readonly RuleStep[]): Parts {
  const rules = steps.map(ruleWords);
  const [only, ...others] = rules;
  if (only !== undefined && others.length === 0) {
    return { command: { run: ["ipvsadm", ...only] }, summary: describeStep({ rule: only }) };
  }
  const stdin = rules.map((rule) => `${rule.join(" ")}\n`).join("");
  return {
    command: { run: ["ipvsadm", "-R"], stdin },
    summary: `ipvsadm -R (${rules.length} rules)`,
    failsOnStderr: true,
  };
}

function editCommand(path: string, edits: readonly FileStep[], { before, after, isOurs }: FileChange): Parts {
  const summary = `edit ${path}: ${edits.map((step) => step.summary).join(", ")}`;
  const isRecord = edits.some((step) => step.record === true);
  const mode = isRecord ? "0600" : edits.find((step) => step.mode !== undefined)?.mode;
  const resultingFile = { path, text: after };
  if (after !== undefined)
    return {
      command: writeFile(path, after, before, { ...(mode !== undefined && { mode }), isRecord, isOurs }),
      summary,
      resultingFile,
    };
  if (before !== undefined) return { command: removeFile(path, before), summary, resultingFile };
  throw new BugError(`an edit of ${path} that changes nothing`);
}

/** `ipvsadm -R` knows no quoting. */
function ruleWords({ rule }: RuleStep): readonly string[] {
  const bad = rule.find((word) => word === "" || /\s/.test(word));
  if (bad === undefined) return rule;
  throw new UserError(`a word of a rule must not be empty or contain blanks: ${JSON.stringify(bad)}`);
}
