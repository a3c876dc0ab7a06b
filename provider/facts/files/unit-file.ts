import { trim, trimEnd } from "./blanks";
import type { Line } from "./lines";

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

/** The settings of a file and of its drop-ins, in systemd's order. Lines that systemd passes over are left out. */
export function readUnitFiles(files: readonly (readonly [path: string, lines: readonly Line[]])[]): Setting[] {
  let sectionNumber = 0;
  return files.flatMap(([path, lines]) => {
    let section = "";
    return joinLines(lines).flatMap(({ number, text }): Setting[] => {
      const [, name] = /^\[(.*)\]$/.exec(text) ?? [];
      if (name !== undefined) {
        section = name;
        sectionNumber++;
        return [];
      }
      const at = text.indexOf("=");
      if (at < 1) return [];
      const [key, value] = [trimEnd(text.slice(0, at), BLANKS), trim(text.slice(at + 1), BLANKS)];
      return [{ path, line: number, sectionNumber, section, key, value }];
    });
  });
}

const BLANKS = " \t\r\n";

/** Without comments, also of those between continued lines. The number is that of the first line. */
function joinLines(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  let parts: string[] = [];
  let first = 0;
  for (const { number, text } of lines) {
    const line = trim(text, BLANKS);
    if (line.startsWith("#") || line.startsWith(";")) continue;
    if (parts.length === 0) first = number;
    parts.push(line.endsWith("\\") ? `${line.slice(0, -1)} ` : line);
    if (line.endsWith("\\")) continue;
    joined.push({ number: first, text: trim(parts.join(""), BLANKS) });
    parts = [];
  }
  if (parts.length > 0) joined.push({ number: first, text: trim(parts.join(""), BLANKS) });
  return joined.filter(({ text }) => text !== "");
}
