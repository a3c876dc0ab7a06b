import type { Fact } from "../../facts/fact";
import { type Files, fileLines, type Line } from "../../facts/files/lines";

/** One client of one exported directory, as a file or the live table has it. */
export interface ExportEntry {
  readonly path: string;
  readonly client: string;
  readonly options: readonly string[];
}

/** An entry, with where it stands. */
export interface DeclaredExport extends ExportEntry {
  readonly file: string;
  readonly line: number;
}

/** What is exported now: exportfs's own table, with every option written out. */
export const exportTable: Fact<readonly ExportEntry[]> = {
  command: { sh: "[ ! -e /var/lib/nfs/etab ] || cat /var/lib/nfs/etab" },
  parse: (output) => parseExports(output.split("\n").map((text, index) => ({ number: index + 1, text }))),
};

/** All files that exportfs reads. */
export const exportFiles: Fact<Files> = fileLines("/etc/exports", "/etc/exports.d/*.exports");

/** Threads of the kernel's NFS server; undefined where it does not run, or the kernel has none. */
export const nfsThreads: Fact<number | undefined> = {
  command: { sh: 'if read -r n </proc/fs/nfsd/threads; then echo "$n"; else echo none; fi 2>/dev/null' },
  parse: (output) => (/^\d+$/.test(output.trim()) ? Number(output) : undefined),
};

/** exportfs keeps a host by its canonical name, which may be longer than what was asked for. */
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

// getent asks as exportfs does: getaddrinfo, whose first line of answer has the canonical name.
// shellcheck disable=SC2046: `set` splits the words of a line.
const CANONICAL = `for name; do
  set -- $(timeout 5 getent ahosts "$name" | head -n 1)
  printf '%s\\t%s\\n' "$name" "$3"
done`;

/** What all those files declare. */
export function declaredExports(files: Files): readonly DeclaredExport[] {
  return [...files].flatMap(([file, lines]) => parseExports(lines).map((entry) => ({ ...entry, file })));
}

/** Reads lines of exports(5), which are also those of exportfs's own table. */
export function parseExports(lines: readonly Line[]): (ExportEntry & { readonly line: number })[] {
  return continued(lines).flatMap(({ number, text }) => {
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

/** A backslash at the end of a line takes the next one with it. */
function continued(lines: readonly Line[]): Line[] {
  const whole: Line[] = [];
  let open: Line | undefined;
  for (const line of lines) {
    const joined: Line = open ? { number: open.number, text: open.text.slice(0, -1) + line.text } : line;
    open = joined.text.endsWith("\\") ? joined : undefined;
    if (open === undefined) whole.push(joined);
  }
  return open ? [...whole, open] : whole;
}

/** Words apart by blanks, with quotes and octal codes resolved; a comment ends the line. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  const pattern = /\s*(?:(#.*$)|((?:"[^"]*"|[^\s"#])+))/y;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const [, , word] = found;
    if (word !== undefined) words.push(octal(word.replaceAll('"', "")));
  }
  return words;
}

/** `\\040` is a blank. Bytes above 127 are parts of UTF-8. */
function octal(word: string): string {
  return word.replaceAll(/(?:\\[0-3][0-7]{2})+/g, (codes) =>
    Buffer.from(
      codes
        .split("\\")
        .slice(1)
        .map((code) => Number.parseInt(code, 8)),
    ).toString("utf8"),
  );
}
