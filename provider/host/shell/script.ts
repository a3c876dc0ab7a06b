import { UserError } from "../../errors";
import { type Command, describeCommand, quote } from "../../step";

/** A text for a shell. It prints a mark after each entry, at which the output is cut. */
export interface Script {
  readonly text: (nonce: string) => string;
  /** Each entry as a person would type it. */
  readonly summaries: readonly string[];
  /** What one waits for while each entry runs, for people. @default nothing is said of any */
  readonly doing?: readonly (string | undefined)[];
  /** Seconds that each entry may take beyond the host's deadline. @default 0 for each */
  readonly patience?: readonly number[];
  /** Whether no message may show what an entry has printed. @default false for each */
  readonly hides?: readonly boolean[];
}

/** A script of facts: it changes nothing. */
export function observeScript(commands: readonly Command[]): Script {
  return {
    summaries: commands.map(describeCommand),
    doing: commands.map(doingOf),
    patience: commands.map(patienceOf),
    hides: commands.map(hidesOutput),
    text: (nonce) => compound(nonce, commands.length, commands.map(entry)),
  };
}

/** What one waits for while a command runs: no text of a shell's, which says little to people. */
export function doingOf(command: Command): string {
  if (command.doing !== undefined) return command.doing;
  return "run" in command && !hidesOutput(command) ? `waiting for: ${describeCommand(command).slice(0, 200)}` : ANSWER;
}

const ANSWER = "waiting for an answer";

/** Seconds that a command may take beyond the host's deadline. */
export function patienceOf(command: Command): number {
  const text = "run" in command ? command.run.join(" ") : command.sh;
  return command.patience ?? (RELOADS.test(text) ? RELOAD_LIMIT : 0);
}

/** Whether no message may show what it has printed. */
export function hidesOutput({ summary }: Command): boolean {
  return summary !== undefined;
}

/** What makes systemd read its units anew, and fstab with them. */
const RELOADS = /\bsystemctl (?:--quiet )?(?:daemon-reload|enable|disable|mask|unmask|add-wants)\b|\bupdate-rc\.d\b/;

/** Where the server of a mount in fstab is dead, systemd waits for it, too, and gives up after 90 s. */
const RELOAD_LIMIT = 100;

/**
 * One command as shell text, with a stdin of its own: in a subshell, so that its `exit` and `cd` end with it, or in a function where it
 * needs none. A program needs none either, and a subshell takes a host a millisecond and a half.
 */
export function shellText(command: Command, redirect = ""): string {
  if ("sh" in command && command.inShell === true && command.stdin === undefined) {
    return `ask() {\n${command.sh}\n}; ask ${words(command.args ?? [])} </dev/null${redirect}`;
  }
  const body =
    "run" in command ? words(command.run) : `( set -- ${words(command.args ?? [])}; eval ${word(command.sh)} )`;
  if (command.stdin === undefined) return `${body} </dev/null${redirect}`;
  // printf is a builtin, so the text may be longer than an argument list. It prints an error where the command does not read it all.
  return `printf %s ${word(command.stdin)} 2>/dev/null | ${body}${redirect}`;
}

/** A shell runs a compound command only once it has read all of it: half a script does nothing. */
export function compound(nonce: string, marks: number, lines: readonly string[]): string {
  const print = `printf '\\n${nonce} %s %s\\n' "$1" "$2"`;
  return [`{ mark() { ${print}; ${print} >&2; }`, ...lines, `mark ${marks} 0`, "}", ""].join("\n");
}

/** A command with its mark. */
export function entry(command: Command, index: number): string {
  return `${shellText(command)}; mark ${index} $?`;
}

function words(list: readonly string[]): string {
  return list.map(word).join(" ");
}

function word(text: string): string {
  if (text.includes("\0"))
    throw new UserError(`no shell can be given a NUL character: ${JSON.stringify(text.slice(0, 80))}`);
  return quote(text);
}
