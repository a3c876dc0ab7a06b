import { escapeField, unescapeField } from "./facts";

/** A line of fstab(5). */
export interface FstabEntry {
  readonly source: string;
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
}

export const FSTAB = "/etc/fstab";

/** The entry that counts for a mount point: the first one, as for mount(8). */
export function entryFor(text: string | undefined, path: string): FstabEntry | undefined {
  return linesOf(text)
    .map(entryOf)
    .find((entry) => entry?.path === path);
}

/** The file with this entry: in the place of the old one, or at the end. All other lines stay byte for byte. */
export function putEntry(text: string | undefined, entry: FstabEntry): string {
  const lines = linesOf(text);
  const at = lines.findIndex((line) => entryOf(line)?.path === entry.path);
  const end = at === -1 ? "\n" : /\n?$/.exec(lines[at] ?? "")?.[0];
  if (at !== -1) return lines.toSpliced(at, 1, `${entryText(entry)}${end ?? ""}`).join("");
  // A file that does not end its last line is given back like that.
  return text === undefined || text === "" || text.endsWith("\n")
    ? `${text ?? ""}${entryText(entry)}\n`
    : `${text}\n${entryText(entry)}`;
}

/** The file without the entry of this mount point. */
export function dropEntry(text: string | undefined, path: string): string | undefined {
  const lines = linesOf(text);
  const at = lines.findIndex((line) => entryOf(line)?.path === path);
  if (at === -1) return text;
  const rest = lines.toSpliced(at, 1).join("");
  return lines[at]?.endsWith("\n") === true ? rest : rest.replace(/\n$/, "");
}

export function entryText({ source, path, type, options }: FstabEntry): string {
  return `${escapeField(source)} ${escapeField(path)} ${type} ${options.join(",")} 0 0`;
}

function linesOf(text: string | undefined): string[] {
  return text?.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function entryOf(line: string): FstabEntry | undefined {
  const [source, path, type, options] = line.trim().split(/[ \t]+/);
  if (source === undefined || source.startsWith("#") || path === undefined || type === undefined) return undefined;
  return {
    source: unescapeField(source),
    path: unescapeField(path),
    type,
    options: (options ?? "defaults").split(","),
  };
}
