import type { Reader } from "./reading";
import { lineAt } from "./systemd-environment";

/**
 * A file of assignments, as a shell reads it with `.`: comments, `NAME=value` with quotes, `export`. Anything else runs a program or
 * depends on one, and cannot be told.
 */
export const shellEnvironment: Reader = (text, name) => {
  const scan: Scan = { text, at: 0 };
  let last: Word | undefined;
  try {
    for (let words = scanCommand(scan); words !== undefined; words = scanCommand(scan))
      for (const word of assignments(words)) if (word.name === name) last = word;
    if (last?.unknown === true) throw new Unreadable(last.at, "has a value that the shell works out");
    return { value: last?.value };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { line: lineAt(text, error.at), problem: error.message };
  }
};

interface Scan {
  readonly text: string;
  at: number;
}

interface Word {
  readonly at: number;
  /** The text without quotes; after `=` for an assignment. */
  readonly value: string;
  /** Of an assignment. */
  readonly name?: string;
  /** Whether the value has a variable in it. */
  readonly unknown: boolean;
  readonly quoted: boolean;
}

class Unreadable extends Error {
  constructor(
    readonly at: number,
    problem: string,
  ) {
    super(problem);
  }
}

/** The assignments of one command: all its words, or those after `export`. */
function assignments(words: readonly Word[]): readonly Word[] {
  const [first, ...others] = words;
  if (first === undefined || words.every((word) => word.name !== undefined)) return words;
  const exported = first.name === undefined && first.value === "export" && !first.quoted;
  const odd = (exported ? others : words).find(
    (word) => word.name === undefined && (!exported || word.quoted || word.unknown || !NAME.test(word.value)),
  );
  if (odd !== undefined) throw new Unreadable(odd.at, "is more than assignments of values");
  return others.filter((word) => word.name !== undefined);
}

const NAME = /^[A-Za-z_]\w*$/;
const PARAMETER = /[\w@*#?$!-]/;

/** The words up to the end of a line or a semicolon; undefined at the end of the text. */
function scanCommand(scan: Scan): readonly Word[] | undefined {
  const { text } = scan;
  const words: Word[] = [];
  while (scan.at < text.length) {
    const character = text.charAt(scan.at);
    if (character === " " || character === "\t") scan.at += 1;
    else if (text.startsWith("\\\n", scan.at)) scan.at += 2;
    else if (character === "#") {
      const end = text.indexOf("\n", scan.at);
      scan.at = end < 0 ? text.length : end;
    } else if (character === "\n" || character === ";") {
      if (character === ";" && (words.length === 0 || text[scan.at + 1] === ";"))
        throw new Unreadable(scan.at, "is no command of a shell");
      scan.at += 1;
      return words;
    } else words.push(scanWord(scan));
  }
  return words.length > 0 ? words : undefined;
}

function scanWord(scan: Scan): Word {
  const { text, at: start } = scan;
  let value = "";
  let name: string | undefined;
  let mayBeName = true;
  let unknown = false;
  let quoted = false;
  while (scan.at < text.length && !" \t\n;".includes(text.charAt(scan.at))) {
    const character = text.charAt(scan.at);
    scan.at += 1;
    if (character === "'") {
      const end = text.indexOf("'", scan.at);
      if (end < 0) throw new Unreadable(start, "has a quote without its end");
      value += text.slice(scan.at, end);
      scan.at = end + 1;
      quoted = true;
    } else if (character === '"') {
      const inside = scanDoubleQuoted(scan, start);
      value += inside.value;
      unknown ||= inside.unknown;
      quoted = true;
    } else if (character === "\\") {
      if (scan.at >= text.length) throw new Unreadable(start, "ends with a backslash");
      if (text[scan.at] !== "\n") {
        value += text.charAt(scan.at);
        quoted = true;
      }
      scan.at += 1;
    } else if (character === "$") {
      scanParameter(scan, start);
      unknown = true;
    } else if ("&|<>()`\0".includes(character)) throw new Unreadable(start, "is more than assignments of values");
    else if (character === "=" && mayBeName && !quoted && !unknown && NAME.test(value)) {
      mayBeName = false;
      name = value;
      value = "";
    } else {
      // What has this character in it is no name, however often it comes.
      mayBeName &&= character !== "=";
      // A tilde may stand for a home directory.
      unknown ||= character === "~";
      value += character;
    }
  }
  return { at: start, value, ...(name !== undefined && { name }), unknown, quoted };
}

function scanDoubleQuoted(scan: Scan, start: number): Pick<Word, "value" | "unknown"> {
  const { text } = scan;
  let value = "";
  let unknown = false;
  while (scan.at < text.length) {
    const character = text.charAt(scan.at);
    scan.at += 1;
    if (character === '"') return { value, unknown };
    if (character === "`" || character === "\0") throw new Unreadable(start, "is more than assignments of values");
    if (character === "$") {
      scanParameter(scan, start);
      unknown = true;
    } else if (character === "\\") {
      const escaped = text.charAt(scan.at);
      scan.at += 1;
      value += escaped === "\n" ? "" : '$`"\\'.includes(escaped) ? escaped : `\\${escaped}`;
    } else value += character;
  }
  throw new Unreadable(start, "has a quote without its end");
}

/** `$NAME` and its like need no more than to be known as such; what has a command or quotes of its own is not read. */
function scanParameter(scan: Scan, start: number): void {
  if (!PARAMETER.test(scan.text.charAt(scan.at))) throw new Unreadable(start, "is more than assignments of values");
  scan.at += 1;
}
