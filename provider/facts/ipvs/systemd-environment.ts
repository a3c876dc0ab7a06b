import type { Reader } from "./shell-environment";

/**
 * A file of `EnvironmentFile=`, as systemd.exec(5) reads it: no shell. Comments are whole lines that begin with `#` or `;`, so that
 * `AUTO="true" # x` is the value `true# x`. A later assignment wins; `export AUTO` is no name of a variable.
 */
export const systemdEnvironment: Reader = (text, name) => {
  // With bytes that are no UTF-8, systemd refuses the file as a whole.
  const invalid = /[\0\uFFFD]/.exec(text);
  if (invalid !== null) return { line: lineAt(text, invalid.index), problem: "is no text in UTF-8" };
  // Since 254 a comment ends with its line; before, one that ended with a backslash went on.
  const readings = [true, false].map((endsAtLine) => lastValue(text, name, endsAtLine));
  const [present, before] = readings;
  if (present?.value === before?.value) return { value: present?.value };
  return { line: present?.line ?? before?.line ?? 1, problem: "follows a comment that ends with a backslash" };
};

/** A variable, and the line on which its value ends. */
interface Assigned {
  readonly value: string;
  readonly line: number;
}

function lastValue(text: string, name: string, commentEndsAtLine: boolean): Assigned | undefined {
  const scan = { text, at: 0, line: 1, commentEndsAtLine };
  let last: Assigned | undefined;
  while (scan.at < text.length) {
    const key = scanKey(scan);
    if (key === undefined) continue;
    const value = scanValue(scan);
    // No pattern: a run of blanks inside the key would be tried from each of them.
    if (
      key.startsWith(name) &&
      key
        .slice(name.length)
        .split("")
        .every((character) => " \t".includes(character))
    )
      last = { value, line: scan.line };
  }
  return last;
}

interface Scan {
  readonly text: string;
  readonly commentEndsAtLine: boolean;
  at: number;
  line: number;
}

const NEWLINE = "\n\r";
const BLANK = " \t\n\r";

/** The text before `=`; undefined for a comment, and for a line without `=`. */
function scanKey(scan: Scan): string | undefined {
  const { text } = scan;
  while (scan.at < text.length && BLANK.includes(text.charAt(scan.at))) step(scan);
  if (text[scan.at] === "#" || text[scan.at] === ";") {
    skipComment(scan);
    return undefined;
  }
  const start = scan.at;
  while (scan.at < text.length) {
    const character = step(scan);
    if (NEWLINE.includes(character)) return undefined;
    if (character === "=" && scan.at - 1 > start) return text.slice(start, scan.at - 1);
  }
  return undefined;
}

function skipComment(scan: Scan): void {
  while (scan.at < scan.text.length) {
    const character = step(scan);
    if (NEWLINE.includes(character)) return;
    if (character !== "\\") continue;
    const escaped = step(scan);
    if (scan.commentEndsAtLine && NEWLINE.includes(escaped)) return;
  }
}

/** A value up to its line end. Quotes may be anywhere in front of it, blanks at its end are dropped. */
function scanValue(scan: Scan): string {
  const { text } = scan;
  let value = "";
  let kept = 0;
  let started = false;
  while (scan.at < text.length) {
    const character = step(scan);
    if (NEWLINE.includes(character)) break;
    if (!started && (character === '"' || character === "'")) {
      value += character === '"' ? scanDoubleQuoted(scan) : scanSingleQuoted(scan);
      kept = value.length;
    } else if (character === "\\") {
      const escaped = step(scan);
      value += NEWLINE.includes(escaped) ? "" : escaped;
      kept = value.length;
      started = true;
    } else if (started || !BLANK.includes(character)) {
      value += character;
      started = true;
      if (!BLANK.includes(character)) kept = value.length;
    }
  }
  return value.slice(0, kept);
}

function scanSingleQuoted(scan: Scan): string {
  const start = scan.at;
  while (scan.at < scan.text.length) if (step(scan) === "'") return scan.text.slice(start, scan.at - 1);
  return scan.text.slice(start);
}

/** The backslash of an unknown escape is kept, as a shell does. */
function scanDoubleQuoted(scan: Scan): string {
  let value = "";
  while (scan.at < scan.text.length) {
    const character = step(scan);
    if (character === '"') break;
    if (character !== "\\") value += character;
    else {
      const escaped = step(scan);
      value += '"\\`$'.includes(escaped) ? escaped : escaped === "\n" ? "" : `\\${escaped}`;
    }
  }
  return value;
}

function step(scan: Scan): string {
  const character = scan.text.charAt(scan.at);
  scan.at += 1;
  if (character === "\n") scan.line += 1;
  return character;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
