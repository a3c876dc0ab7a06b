/** One command for a host: a program with its arguments, or constant shell text that reads its arguments as `$1`, `$2` ... */
export type Command = Program | ShellText;

interface Program extends Run {
  readonly run: readonly [string, ...string[]];
}

interface ShellText extends Run {
  readonly sh: string;
  readonly args?: readonly string[];
  /** Needs no process of its own: it neither exits nor leaves its folder, and its variables are nobody else's. */
  readonly inShell?: true;
}

interface Run {
  readonly stdin?: string;
  /** Seconds that it may take beyond the host's deadline: an installation is slow without being stuck. */
  readonly patience?: number;
  /** Among changes of rules and of whole files, those that may change the answer: `rules`, `file /etc/x`. Not told: any may. */
  readonly changedOnlyBy?: readonly string[];
}

/** What a step changes, and no other thing. Undefined: it may change anything. */
export function changedBy(step: Step): string | undefined {
  if ("rule" in step) return "rules";
  return "file" in step ? `file ${step.file}` : undefined;
}

/** What a command answered. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What to tell the operator when a host says this. */
export interface Advice {
  readonly when: RegExp;
  readonly say: string;
}

/** One line for `ipvsadm -R`, as words: `["-a", "-t", "192.0.2.10:80", "-r", "10.0.0.11:80", "-g", "-w", "1"]`. */
export interface RuleStep {
  readonly rule: readonly string[];
}

/** A change of a whole file, as a pure function of its text (undefined: there is no such file). */
export interface FileStep {
  readonly file: string;
  readonly edit: (text: string | undefined) => string | undefined;
  /** Mode of a file that does not exist yet; an existing one keeps its own. */
  readonly mode?: string;
  /** What the edit does, in a few words: `add eth0:0`. */
  readonly summary: string;
}

/** A command that changes something. `once`: when several members of a batch ask for it word by word, once is enough. */
export interface CommandStep {
  readonly command: Command;
  readonly once?: boolean;
  /**
   * For a change that may cut us off: puts back what the command did. The host does it by itself when no new connection has come
   * through soon after. A job has one such step at most.
   */
  readonly undo?: Command;
}

/** One thing to do on a host. Steps of one job run in order; a step that fails stops the ones after it. */
export type Step = RuleStep | FileStep | CommandStep;

/** A step that runs a program. */
export function run(...words: readonly [string, ...string[]]): CommandStep {
  return { command: { run: words } };
}

/** One word for a POSIX shell. The only quoting there is. */
export function quote(word: string): string {
  return /^[\w%+,./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command as an operator could paste it. */
export function describeCommand(command: Command): string {
  const words = "run" in command ? command.run : ["sh", "-c", command.sh, "sh", ...(command.args ?? [])];
  const text = words.map(quote).join(" ");
  return command.stdin === undefined ? text : `${text} <<'END'\n${command.stdin}END`;
}

/** A step as a person reads it in a preview, an error or a test. */
export function describeStep(step: Step): string {
  if ("rule" in step) return ["ipvsadm", ...step.rule].map(quote).join(" ");
  if ("file" in step) return `edit ${step.file}: ${step.summary}`;
  return describeCommand(step.command);
}
