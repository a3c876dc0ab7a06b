import { posix } from "node:path";
import { escapeField } from "./facts";
import { type FstabEntry, LONGEST_LINE, readByMount, readBySystemd, wordsOf } from "./fstab-line";

export const FSTAB = "/etc/fstab";

/** An entry, and where it is. */
export interface FoundEntry extends FstabEntry {
  readonly line: number;
  /** An entry in other words is none of ours, whatever it mounts. */
  readonly isInOurWords: boolean;
}

/** The entry of a mount point. Of several, mount(8) and systemd use the first. */
export function findEntry(text: string | undefined, path: string): FoundEntry | undefined {
  return entriesAt(text, path)[0];
}

/** All entries of a mount point. */
export function entriesAt(text: string | undefined, path: string): readonly FoundEntry[] {
  return entriesOf(text).filter((entry) => isAt(entry, path));
}

/** All entries, as mount(8) reads them. */
function entriesOf(text: string | undefined): readonly FoundEntry[] {
  return linesOf(text).flatMap((line, index) => {
    const entry = readByMount(line);
    return entry === undefined ? [] : [{ ...entry, line: index + 1, isInOurWords: isInOurWords(line, entry) }];
  });
}

/** Whether source and mount point are written as we write them. */
function isInOurWords(line: string, { source, path }: FstabEntry): boolean {
  const [first, second] = wordsOf(line);
  return first === escapeField(source) && second === escapeField(path) && path === posix.resolve("/", path);
}

/** The number of a line that is an entry of this mount point for one of mount(8) and systemd, and not for the other. */
export function findDisputed(text: string | undefined, path: string): number | undefined {
  const at = linesOf(text).findIndex((line) => isAt(readByMount(line), path) !== isAtBoot(readBySystemd(line), path));
  return at === -1 ? undefined : at + 1;
}

/** The first entry that leads to this mount point through a symbolic link. */
export function findLinked(
  { fstab, links }: { readonly fstab: string | undefined; readonly links: ReadonlyMap<string, string> },
  path: string,
): FoundEntry | undefined {
  return entriesOf(fstab).find((entry) => !isAt(entry, path) && links.get(entry.path) === path);
}

/** Writes the entry in place of the old one, or at the end, and once. All other lines stay byte for byte. */
export function putEntry(text: string | undefined, entry: FstabEntry): string {
  const lines = linesOf(text);
  const written = formatEntry(entry);
  const at = lines.findIndex((line) => isAt(readByMount(line), entry.path));
  if (at !== -1) {
    const end = /\n?$/.exec(lines[at] ?? "")?.[0] ?? "";
    const others = lines.slice(at + 1).filter((line) => line.replace(/\n$/, "") !== written);
    return [...lines.slice(0, at), `${written}${end}`, ...others].join("");
  }
  // A file whose last line has no line end keeps it that way.
  return text === undefined || text === "" || text.endsWith("\n") ? `${text ?? ""}${written}\n` : `${text}\n${written}`;
}

/** Removes our entries of a mount point, those of this source. Lines of others for it stay. */
export function dropEntry(text: string | undefined, path: string, source: string): string | undefined {
  const ours = entriesAt(text, path).filter((entry) => entry.isInOurWords && entry.source === source);
  const numbers = ours.map(({ line }) => line);
  if (numbers.length === 0) return text;
  const lines = linesOf(text);
  const rest = lines.filter((_, index) => !numbers.includes(index + 1)).join("");
  // A file that did not end its last line does not end it now.
  return numbers.includes(lines.length) && !(lines.at(-1) ?? "").endsWith("\n") ? rest.replace(/\n$/, "") : rest;
}

export function formatEntry({ source, path, type, options }: FstabEntry): string {
  return `${escapeField(source)} ${escapeField(path)} ${type} ${options.join(",")} 0 0`;
}

/** Why a line cannot be written so that mount(8) and systemd read it back. */
export function lineProblem(entry: FstabEntry): string | undefined {
  const excess = Buffer.byteLength(formatEntry(entry)) - LONGEST_LINE;
  return excess > 0 ? `makes a line of ${FSTAB} that is ${excess} bytes longer than systemd reads` : undefined;
}

/** Slashes too many mean nothing. */
function isAt(entry: FstabEntry | undefined, path: string): boolean {
  return entry?.path.startsWith("/") === true && posix.resolve(entry.path) === path;
}

/** systemd reads a relative path from / on; a word without a slash is none to it. */
function isAtBoot(entry: FstabEntry | undefined, path: string): boolean {
  return entry?.path.includes("/") === true && posix.resolve("/", entry.path) === path;
}

function linesOf(text: string | undefined): string[] {
  return text?.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
