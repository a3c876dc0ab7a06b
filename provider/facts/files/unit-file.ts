import { isDeepStrictEqual } from "node:util";
import { trim, trimEnd, trimStart } from "./blanks";
import { type Line, numbered } from "./lines";

/** Where an operator puts units and masks, in the order in which systemd looks. These count before those of packages. */
export const OWN_UNIT_FOLDERS: readonly string[] = ["/etc/systemd/system.control", "/etc/systemd/system"];

/** A setting of a file of systemd's, such as a .network file. */
export interface Setting {
  readonly path: string;
  readonly line: number;
  /** Counts the sections of all files: two of the same name are two things. */
  readonly sectionNumber: number;
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

export interface UnitFiles {
  /** In systemd's order. Lines that systemd passes over are left out. */
  readonly settings: readonly Setting[];
  /** The first line at which systemd gives a file up: its warning is "Failed to parse file". */
  readonly problem?: { readonly path: string; readonly line: number; readonly reason: string };
}

/** What a file and its drop-ins say. */
export function readUnitFiles(files: readonly (readonly [path: string, lines: readonly Line[]])[]): UnitFiles {
  const settings: Setting[] = [];
  let problem: UnitFiles["problem"];
  let sectionNumber = 0;
  for (const [path, lines] of files) {
    let section = "";
    for (const { number, text } of joinLines(lines)) {
      if (text.startsWith("[")) {
        const name = sectionIn(text);
        if (name === undefined) {
          problem ??= { path, line: number, reason: `"${text.slice(0, 40)}" is no section` };
          break;
        }
        section = name;
        sectionNumber++;
        continue;
      }
      const at = text.indexOf("=");
      if (at < 1) continue;
      const [key, value] = [trimEnd(text.slice(0, at), BLANKS), trim(text.slice(at + 1), BLANKS)];
      settings.push({ path, line: number, sectionNumber, section, key, value });
    }
  }
  return { settings, ...(problem !== undefined && { problem }) };
}

/** Whether systemd reads the same settings, in one order, from both: comments, blanks and continued lines mean nothing. */
export function isSameUnit(lines: readonly string[], wanted: readonly string[]): boolean {
  const [found, ours] = [lines, wanted].map((each) => readUnitFiles([["", numbered(each)]]));
  return found?.problem === undefined && isDeepStrictEqual(found?.settings.map(meaning), ours?.settings.map(meaning));
}

function meaning({ section, key, value }: Setting): readonly string[] {
  return [section, key, value];
}

const BLANKS = " \t\r\n";

/** What systemd refuses in the name of a section, besides control characters. `[` and no name at all: since about version 262. */
const UNSAFE = "[\"'\\\u007f";

/** Blanks within the brackets are part of the name, and a comment after them is none. */
function sectionIn(text: string): string | undefined {
  if (text.length < 3 || !text.endsWith("]")) return undefined;
  const name = text.slice(1, -1);
  return Array.from(name).some((char) => char < " " || UNSAFE.includes(char)) ? undefined : name;
}

/** Without comments, also of those between continued lines. The number is that of the first line. */
function joinLines(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  let parts: string[] = [];
  let first = 0;
  let isMarked = false;
  const end = () => {
    joined.push({ number: first, text: trim(parts.join(""), BLANKS) });
    parts = [];
  };
  for (const { number, text } of endedLines(lines)) {
    if (/^[#;]/.test(trimStart(text, BLANKS))) continue;
    // Once in a file, a byte order mark is passed over, wherever it is.
    const isMark: boolean = !isMarked && text.startsWith("\ufeff");
    isMarked ||= isMark;
    if (parts.length === 0) first = number;
    const isContinued = endsInBackslash(text);
    parts.push(text.slice(isMark ? 1 : 0, isContinued ? -1 : undefined), isContinued ? " " : "");
    if (!isContinued) end();
  }
  if (parts.length > 0) end();
  return joined.filter(({ text }) => text !== "");
}

/** A backslash before a backslash, or before a blank, continues nothing. */
function endsInBackslash(text: string): boolean {
  let from = text.length;
  while (text.charAt(from - 1) === "\\") from--;
  return (text.length - from) % 2 === 1;
}

/** To systemd a carriage return ends a line, and so does one with a line feed before or after it. */
function endedLines(lines: readonly Line[]): Line[] {
  let hasReturn = true;
  return lines.flatMap(({ number, text }) => {
    const rest = !hasReturn && text.startsWith("\r") ? text.slice(1) : text;
    hasReturn = rest.endsWith("\r");
    return (hasReturn ? rest.slice(0, -1) : rest).split("\r").map((part) => ({ number, text: part }));
  });
}
