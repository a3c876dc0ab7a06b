import { UserError } from "../../errors";
import { type Command, describeCommand, quote } from "../../step";

/** A text for a shell. After each entry it prints a mark, by which the answers are told apart. */
export interface Script {
  readonly text: (nonce: string) => string;
  /** Each entry as a person would type it. */
  readonly summaries: readonly string[];
  /** Seconds that each entry may take beyond the host's deadline. None: none of them. */
  readonly patience?: readonly number[];
}

/** Asks, and changes nothing. */
export function observeScript(commands: readonly Command[]): Script {
  return {
    summaries: commands.map(describeCommand),
    patience: commands.map(patienceOf),
    text: (nonce) => compound(nonce, commands.length, commands.map(entry)),
  };
}

export function patienceOf({ patience = 0 }: Command): number {
  return patience;
}

/**
 * One command as shell text, reading nothing of ours: in a process of its own, so that `exit` and `cd` end with it, or in a function
 * where it needs none.
 */
export function shellText(command: Command, redirect = ""): string {
  if ("sh" in command && command.inShell === true && command.stdin === undefined) {
    return `ask() {\n${command.sh}\n}; ask ${words(command.args ?? [])} </dev/null${redirect}`;
  }
  const body = "run" in command ? words(command.run) : `set -- ${words(command.args ?? [])}; eval ${word(command.sh)}`;
  if (command.stdin === undefined) return `( ${body} ) </dev/null${redirect}`;
  // printf is built in, so the text may be longer than an argument list; it complains if nobody reads to the end.
  return `printf %s ${word(command.stdin)} 2>/dev/null | ( ${body} )${redirect}`;
}

/** Nothing of a compound runs before all of it has arrived: half a script does nothing. */
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
