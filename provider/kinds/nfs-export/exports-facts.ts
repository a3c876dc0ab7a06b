import type { Files, Line } from "../../facts/files/lines";
import { isWordOfExports } from "./options";
import { ExportsReader } from "./reader-facts";
import { isServerConfig } from "./server-config-facts";

/** One client of one exported directory, in a file or in exportfs's table. */
export interface ExportEntry {
  readonly path: string;
  /** As it is written. "*" is everybody; a line without any client means the same. */
  readonly client: string;
  readonly options: readonly string[];
}

/** An entry of a file. */
export interface DeclaredExport extends ExportEntry {
  readonly file: string;
  /** Where its path is. */
  readonly line: number;
}

/** The entries of all exports files. */
export function declaredExports(files: Files): readonly DeclaredExport[] {
  const exports = [...files].filter(([file]) => !isServerConfig(file));
  return exports.flatMap(([file, lines]) => parseExports(lines).map((entry) => ({ ...entry, file })));
}

/**
 * Parses lines of exports(5), which exportfs's own table consists of too: `/common 192.168.2.0/24(rw,no_subtree_check)`. exportfs takes
 * nothing that stands behind an error, so an error ends the list.
 */
export function parseExports(lines: readonly Line[]): (ExportEntry & { readonly line: number })[] {
  const reader = new ExportsReader(lines.map(({ text }) => `${text}\n`).join(""));
  const entries: (ExportEntry & { readonly line: number })[] = [];
  let [path, line, defaults]: [string, number, readonly string[]] = ["", 0, []];
  for (;;) {
    let word = path === "" ? "" : reader.client();
    if (word === "") {
      [path, line, defaults] = [reader.path() ?? "", reader.line, []];
      if (path === "") return entries;
      word = reader.client();
    }
    // `-rw,sync` is for the clients behind it. With none behind it, it is for everybody, as is a path alone.
    if (word?.startsWith("-") === true) {
      const more = optionsIn(word.slice(1));
      if (more === undefined) return entries;
      defaults = [...defaults, ...more];
      word = reader.client();
    }
    const entry = word === undefined ? undefined : entryOf(word);
    if (entry === undefined) return entries;
    entries.push({ path, client: entry.client, options: [...defaults, ...entry.options], line });
  }
}

/** `192.168.2.0/24(rw,sync)`; undefined where exportfs finds an error. */
function entryOf(word: string): Pick<ExportEntry, "client" | "options"> | undefined {
  const at = word.indexOf("(");
  if (at === -1) return { client: everybody(word), options: [] };
  if (word.indexOf(")", at) !== word.length - 1) return undefined;
  const options = optionsIn(word.slice(at + 1, -1));
  return options && { client: everybody(word.slice(0, at)), options };
}

function everybody(client: string): string {
  return client === "" ? "*" : client;
}

/** `rw,sync`; undefined where exportfs finds an error. */
function optionsIn(text: string): readonly string[] | undefined {
  // Blanks, which only quotes can bring here, are skipped in front of a word. The list may end with a comma.
  const words = text.split(",").map((word) => word.replace(/^[ \t]+/, ""));
  if (words.at(-1) === "") words.pop();
  // Lists of numbers, which old versions took, have commas in them.
  const numbers = words.some((word) => word.startsWith("squash_")) ? /^\d+(?:-\d+)?$/ : /(?!)/;
  return words.every((word) => isWordOfExports(word) || numbers.test(word)) ? words : undefined;
}
