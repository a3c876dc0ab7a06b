import { trim } from "./blanks";
import type { Files, Line } from "./lines";

/** An assignment of nfs.conf(5) or nfsmount.conf(5). Names of sections and settings are in small letters: case means nothing. */
export interface NfsSetting {
  readonly file: string;
  readonly line: number;
  readonly section: string;
  /** `[Server "nfs.example.org"]`; "" for a section without one. */
  readonly argument: string;
  readonly name: string;
  readonly value: string;
}

/**
 * The assignments of a file, and of the known ones that it includes, which begin in the section of the `include`. The `include` of an
 * unknown file stays, with its path. Read as support/nfs/conffile.c of nfs-utils does.
 */
export function nfsSettings(files: Files, file: string, isKnown: (path: string) => boolean): readonly NfsSetting[] {
  return settingsIn(file, { files, isKnown, reads: 0 }, { section: "", argument: "" });
}

/** Those of the files that are read beside the main one in /etc: it takes the place of what the distribution has below /usr. */
export function withoutHidden(files: Files, main: string): readonly string[] {
  return [...files.keys()].filter((file) => !(file.startsWith("/usr/") && files.has(main)));
}

interface Reading {
  readonly files: Files;
  readonly isKnown: (path: string) => boolean;
  /** Files that were read: one may be included again and again. */
  reads: number;
}

/** More than anybody writes. */
const MOST_READS = 10;

type Section = Pick<NfsSetting, "section" | "argument">;

function settingsIn(file: string, reading: Reading, startsIn: Section): readonly NfsSetting[] {
  reading.reads += 1;
  let section = startsIn;
  return joined(reading.files.get(file) ?? []).flatMap(({ number, text }): readonly NfsSetting[] => {
    const line = trim(text);
    if (line.startsWith("[")) {
      section = sectionIn(line);
      return [];
    }
    const equals = line.indexOf("=");
    if (equals < 1 || section.section === "" || /^[#;]/.test(line)) return [];
    const [name, value] = [trim(line.slice(0, equals)).toLowerCase(), valueOf(trim(line.slice(equals + 1)))];
    // An earlier value stands then.
    if (value === undefined || value === "") return [];
    if (name !== "include") return [{ file, line: number, ...section, name, value }];
    const written = value.replace(/^-?(?:\.\/+)*/, "");
    const path = written.startsWith("/") ? written : file.slice(0, file.lastIndexOf("/") + 1) + written;
    if (path !== file && reading.isKnown(path) && reading.reads < MOST_READS) return settingsIn(path, reading, section);
    return [{ file, line: number, ...section, name, value: path }];
  });
}

/** `[ Server "nfs.example.org" ]`. One that is not closed is none. */
function sectionIn(line: string): Section {
  const end = line.indexOf("]");
  const [name = "", argument = ""] = end === -1 ? [] : line.slice(1, end).split('"');
  return { section: trim(name).toLowerCase(), argument };
}

/** In quotes, or up to a comment. Undefined: a quote is not closed, and the line does not count. */
function valueOf(text: string): string | undefined {
  const [quote = ""] = text;
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, 1);
    return end === -1 ? undefined : text.slice(1, end);
  }
  return trim(text.split(/[#;]/)[0] ?? "");
}

/** A line that ends with a backslash goes on, a comment too; the last line of a file then counts for nothing. */
function joined(lines: readonly Line[]): readonly Line[] {
  const all: { number: number; parts: string[] }[] = [];
  let goesOn = false;
  for (const { number, text } of lines) {
    const last = all.at(-1);
    const part = text.endsWith("\\") ? `${text.slice(0, -1)} ` : text;
    if (goesOn && last !== undefined) last.parts.push(part);
    else all.push({ number, parts: [part] });
    goesOn = text.endsWith("\\");
  }
  if (goesOn) all.pop();
  return all.map(({ number, parts }) => ({ number, text: parts.join(" ") }));
}
