import { unescapeOctal } from "../../facts/files/octal";
import { escapeField } from "./facts";

/** A line of fstab(5). */
export interface FstabEntry {
  readonly source: string;
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
}

export const FSTAB = "/etc/fstab";

/** The entry of a mount point. Of several, mount(8) uses the first. */
export function findEntry(text: string | undefined, path: string): FstabEntry | undefined {
  return linesOf(text)
    .map(parseEntry)
    .find((entry) => entry?.path === path);
}

/** Writes the entry in place of the old one, or at the end. All other lines stay byte for byte. */
export function putEntry(text: string | undefined, entry: FstabEntry): string {
  const lines = linesOf(text);
  const at = lines.findIndex((line) => parseEntry(line)?.path === entry.path);
  const end = at === -1 ? "\n" : /\n?$/.exec(lines[at] ?? "")?.[0];
  if (at !== -1) return lines.toSpliced(at, 1, `${formatEntry(entry)}${end ?? ""}`).join("");
  // A file whose last line has no line end keeps it that way.
  return text === undefined || text === "" || text.endsWith("\n")
    ? `${text ?? ""}${formatEntry(entry)}\n`
    : `${text}\n${formatEntry(entry)}`;
}

/** Removes the entry of a mount point. */
export function dropEntry(text: string | undefined, path: string): string | undefined {
  const lines = linesOf(text);
  const at = lines.findIndex((line) => parseEntry(line)?.path === path);
  if (at === -1) return text;
  const rest = lines.toSpliced(at, 1).join("");
  return lines[at]?.endsWith("\n") === true ? rest : rest.replace(/\n$/, "");
}

export function formatEntry({ source, path, type, options }: FstabEntry): string {
  return `${escapeField(source)} ${escapeField(path)} ${type} ${options.join(",")} 0 0`;
}

function linesOf(text: string | undefined): string[] {
  return text?.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function parseEntry(line: string): FstabEntry | undefined {
  const [source, path, type, options] = line.trim().split(/[ \t]+/);
  if (source === undefined || source.startsWith("#") || path === undefined || type === undefined) return undefined;
  return {
    source: unescapeOctal(source),
    path: unescapeOctal(path),
    type,
    options: (options ?? "defaults").split(","),
  };
}
