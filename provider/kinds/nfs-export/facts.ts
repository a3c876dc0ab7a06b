import type { Fact } from "../../facts/fact";
import { type Files, fileLines, type Line } from "../../facts/files/lines";
import { unescapeOctal } from "../../facts/files/octal";

/** One client of one exported directory, in a file or in exportfs's table. */
export interface ExportEntry {
  readonly path: string;
  readonly client: string;
  readonly options: readonly string[];
}

/** An entry of a file. */
export interface DeclaredExport extends ExportEntry {
  readonly file: string;
  readonly line: number;
}

/** The live exports: exportfs's own table, with every option written out. */
export const exportTable: Fact<readonly ExportEntry[]> = {
  command: { sh: "[ ! -e /var/lib/nfs/etab ] || cat /var/lib/nfs/etab" },
  parse: (output) => parseExports(output.split("\n").map((text, index) => ({ number: index + 1, text }))),
};

/** Every file that exportfs reads. */
export const exportFiles: Fact<Files> = fileLines("/etc/exports", "/etc/exports.d/*.exports");

/** Threads of the kernel's NFS server. Undefined: the kernel has none, or its server does not run. */
export const nfsThreads: Fact<number | undefined> = {
  command: { sh: 'if read -r n </proc/fs/nfsd/threads; then echo "$n"; else echo none; fi 2>/dev/null' },
  parse: (output) => (/^\d+$/.test(output.trim()) ? Number(output) : undefined),
};

/** Client name → canonical name, under which exportfs keeps a host: that may be longer than the name it was given. */
export function canonicalNames(names: readonly string[]): Fact<ReadonlyMap<string, string>> {
  return {
    command: { sh: CANONICAL, args: names },
    parse: (output) =>
      new Map(
        output.split("\n").flatMap((line) => {
          const [name, canonical] = line.split("\t");
          return name !== undefined && canonical !== undefined && canonical !== "" ? [[name, canonical] as const] : [];
        }),
      ),
  };
}

// getent resolves as exportfs does, by getaddrinfo. The first line of its output has the canonical name.
// shellcheck disable=SC2046: `set` splits the words of a line.
const CANONICAL = `for name; do
  set -- $(timeout 5 getent ahosts "$name" | head -n 1)
  printf '%s\\t%s\\n' "$name" "$3"
done`;

/** The entries of all files that exportfs reads. */
export function declaredExports(files: Files): readonly DeclaredExport[] {
  return [...files].flatMap(([file, lines]) => parseExports(lines).map((entry) => ({ ...entry, file })));
}

/** Parses lines of exports(5), which exportfs's own table consists of too: `/common 192.168.2.0/24(rw,no_subtree_check)`. */
export function parseExports(lines: readonly Line[]): (ExportEntry & { readonly line: number })[] {
  return joinContinuedLines(lines).flatMap(({ number, text }) => {
    const [path, ...clients] = wordsOf(text);
    if (path === undefined) return [];
    const [first] = clients;
    const common = first?.startsWith("-") ? first.slice(1).split(",") : [];
    const named = first?.startsWith("-") ? clients.slice(1) : clients;
    return named.map((word) => {
      const [, client = "", , options = ""] = /^([^(]*)(\((.*)\))?$/.exec(word) ?? [];
      const own = options === "" ? [] : options.split(",");
      return { path, client: client === "" ? "*" : client, options: [...common, ...own], line: number };
    });
  });
}

/** A backslash at the end of a line continues it on the next one. */
function joinContinuedLines(lines: readonly Line[]): Line[] {
  const whole: Line[] = [];
  let open: Line | undefined;
  for (const line of lines) {
    const joined: Line = open ? { number: open.number, text: open.text.slice(0, -1) + line.text } : line;
    open = joined.text.endsWith("\\") ? joined : undefined;
    if (open === undefined) whole.push(joined);
  }
  return open ? [...whole, open] : whole;
}

/** Words separated by blanks, with quotes and octal codes resolved. A comment ends the line. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  const pattern = /\s*(?:(#.*$)|((?:"[^"]*"|[^\s"#])+))/y;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const [, , word] = found;
    if (word !== undefined) words.push(unescapeOctal(word.replaceAll('"', "")));
  }
  return words;
}
