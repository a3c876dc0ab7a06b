import type { Line } from "./lines";
import { type Command, readCommands } from "./shell-words";

/** The variables that a shell has after it has read a file. */
export interface Assignments {
  /** By name, in the order of their last assignment. The value is undefined where it depends on something else: `$X`. */
  readonly values: ReadonlyMap<string, Assigned>;
  /** The first line that is more than an assignment. */
  readonly problem?: { readonly line: number; readonly reason: string };
}

export interface Assigned {
  readonly value: string | undefined;
  readonly line: number;
}

/** Reads shell text as a shell does, as far as it assigns variables and does nothing else. Linear in the length of the text. */
export function readAssignments(lines: readonly Line[]): Assignments {
  const known = KNOWN.get(lines) ?? read(lines);
  KNOWN.set(lines, known);
  return known;
}

/** Many resources of a host ask about the same files. */
const KNOWN = new WeakMap<readonly Line[], Assignments>();

function read(lines: readonly Line[]): Assignments {
  const values = new Map<string, Assigned>();
  const { commands, problem } = readCommands(lines);
  for (const command of commands) {
    const reason = assign(command, values);
    if (reason !== undefined) return { values, problem: { line: command.line, reason } };
  }
  return { values, ...(problem !== undefined && { problem }) };
}

/** Returns why the command is more than an assignment. */
function assign({ words, line }: Command, values: Map<string, Assigned>): string | undefined {
  const isExport = words[0]?.text === "export";
  const parts = isExport ? words.slice(1) : words;
  const found: (readonly [string, Assigned])[] = [];
  for (const { text, nameEnd, isKnown } of parts) {
    const name = text.slice(0, nameEnd);
    if (nameEnd === undefined) {
      if (isExport && /^[A-Za-z_]\w*$/.test(text)) continue;
      return `"${text.slice(0, 40)}" is a command`;
    }
    if (READ_ONLY.has(name)) return `${name} cannot be assigned`;
    found.push([name, { value: isKnown ? text.slice(nameEnd + 1) : undefined, line }]);
  }
  for (const [name, assigned] of found) {
    values.delete(name);
    values.set(name, assigned);
  }
  return undefined;
}

/** Variables of bash that refuse a value. */
const READ_ONLY = new Set(["UID", "EUID", "PPID", "SHELLOPTS", "BASHOPTS", "BASH_VERSINFO"]);
