/** One command for a host: a program with its arguments, or constant shell text that reads its arguments as `$1`, `$2` ... */
export type Command = Program | ShellText;

interface Program extends Run {
  readonly run: readonly [string, ...string[]];
}

interface ShellText extends Run {
  readonly sh: string;
  readonly args?: readonly string[];
  /** Can run without a subshell: it neither exits nor changes the directory, and its variables have no meaning elsewhere. */
  readonly inShell?: true;
}

interface Run {
  readonly stdin?: string;
  /** Seconds that it may take beyond the host's deadline: an installation takes minutes. */
  readonly patience?: number;
  /** What it does, in a few words, for whoever waits for it: `apt-get install nginx`. */
  readonly doing?: string;
  /** What messages show in its place, where it or its output may be a secret: then they show neither. */
  readonly summary?: string;
  /** Of a fact: the changes that may affect its answer, `rules`, `file /etc/x` or `file /etc/x.d/*`. @default any change */
  readonly changedOnlyBy?: readonly string[];
  /** Of a fact that is read from one file alone. */
  readonly ofFile?: OfFile;
}

/** A file, and what a fact prints where the file has this text. Undefined: only the host can say. */
export interface OfFile {
  readonly path: string;
  readonly print: (text: string | undefined) => string | undefined;
}

/** The one thing that a step changes. Undefined: possibly anything. */
export function changedBy(step: Step): string | undefined {
  if ("rule" in step) return "rules";
  return "file" in step ? `file ${step.file}` : undefined;
}

/** The exit code and output of a command. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The exit code of a command that has undone what did harm: it is not tried a second time. */
export const PUT_BACK = 76;

/** What to do about a certain output of a failed command. */
export interface Advice {
  readonly when: RegExp;
  readonly say: string;
}

/** What a step has to do with a thing that several objects share: a daemon that has files of theirs, a folder with their files. */
interface Sharing {
  /** The thing has to stay, or to come. */
  readonly claims?: string;
  /** Puts back a thing that nobody needs any more: not done in a batch where a step claims it. */
  readonly releases?: string;
}

/** One rule for `ipvsadm`, as words: `["-a", "-t", "192.0.2.10:80", "-r", "10.0.0.11:80", "-g", "-w", "1"]`. */
export interface RuleStep {
  readonly rule: readonly string[];
}

/** A change of a file, as a pure function of its whole text (undefined: there is no such file). */
export interface FileStep extends Sharing {
  readonly file: string;
  readonly edit: (text: string | undefined) => string | undefined;
  /** Mode of a new file; an existing one keeps its own. @default "0644" */
  readonly mode?: string;
  /** A record of ours: no other user may read or write it, nor have made it. */
  readonly record?: true;
  /** The edit in a few words: `add eth0:0`. */
  readonly summary: string;
}

/** A command that changes something. `once`: equal commands of several jobs of a batch run once. */
export interface CommandStep extends Sharing {
  readonly command: Command;
  readonly once?: boolean;
  /** Where it makes or removes files that may be on another disk than the host's configuration. */
  readonly places?: readonly string[];
  /**
   * For a change that may cut us off: reverts what the command did. The host runs it by itself, unless the change is confirmed over
   * a new connection. A job has at most one such step.
   */
  readonly undo?: Command;
}

/** One thing to do on a host. Steps of one job run in order; the first that fails is the last. */
export type Step = RuleStep | FileStep | CommandStep;

/** A step that runs a program. */
export function run(...words: readonly [string, ...string[]]): CommandStep {
  return { command: { run: words } };
}

/** One word for a POSIX shell. All quoting is done here. */
export function quote(word: string): string {
  // Not as one long match: of a file of 8 MB, the engine would keep a way back for each character.
  const isPlain = word !== "" && !/[^\w%+,./:=@-]/.test(word);
  return isPlain ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command as an operator can paste it. */
export function describeCommand(command: Command): string {
  if (command.summary !== undefined) return command.summary;
  const words = "run" in command ? command.run : ["sh", "-c", command.sh, "sh", ...(command.args ?? [])];
  const text = words.map(quote).join(" ");
  return command.stdin === undefined ? text : `${text} <<'END'\n${command.stdin}END`;
}

/** A step for a preview, an error or a test. */
export function describeStep(step: Step): string {
  if ("rule" in step) return ["ipvsadm", ...step.rule].map(quote).join(" ");
  if ("file" in step) return `edit ${step.file}: ${step.summary}`;
  return describeCommand(step.command);
}
