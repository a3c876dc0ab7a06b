/** A line of fstab(5). */
export interface FstabEntry {
  readonly source: string;
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** The entry of a line as libmount reads it, for mount(8) and findmnt(8). Undefined where it finds none. */
export function readByMount(line: string): FstabEntry | undefined {
  const words = wordsOf(line.replace(/\r?\n?$/, ""));
  const [source, path, type, options, ...numbers] = words;
  if (source === undefined || source.startsWith("#") || path === undefined || type === undefined) return undefined;
  // What is no number in the last two fields makes the line invalid; fields behind them are not read.
  if (!numbers.slice(0, 2).every((word) => /^[\v\f\r]*[+-]?\d+$/.test(word))) return undefined;
  return entryOf(source, path, type, options ?? "", resolveAll);
}

/**
 * The entry as glibc reads it, for systemd, which makes the mounts of a boot: it resolves four codes only, and two backslashes, and
 * needs no more than a source.
 */
export function readBySystemd(line: string): FstabEntry | undefined {
  const read = Buffer.from(line.replace(/\n$/, "")).toString("utf8", 0, LONGEST_LINE);
  const [source, path = "", type = "", options = ""] = wordsOf(read);
  if (source === undefined || source.startsWith("#")) return undefined;
  return entryOf(source, path, type, options, resolveFew);
}

/** Bytes of a line that systemd reads; it forgets the rest. */
export const LONGEST_LINE = 4095;

function entryOf(
  source: string,
  path: string,
  type: string,
  options: string,
  resolve: (word: string) => string,
): FstabEntry {
  const words = options === "" ? ["defaults"] : resolve(options).split(",");
  return { source: resolve(source), path: resolve(path), type: resolve(type), options: words };
}

/** Fields end at blanks and tabs, and at nothing else: U+00A0 and a vertical tab are letters. */
export function wordsOf(line: string): string[] {
  return line.match(/[^ \t]+/g) ?? [];
}

/** All octal codes. Those above 177 are bytes of UTF-8, so neighbouring ones are decoded together. */
function resolveAll(word: string): string {
  return word.replaceAll(/(?:\\[0-7]{3})+/g, (codes) =>
    Buffer.from(
      codes
        .split("\\")
        .slice(1)
        .map((code) => Number.parseInt(code, 8) & 255),
    ).toString("utf8"),
  );
}

function resolveFew(word: string): string {
  return word.replaceAll(/\\(?:040|011|012|134|\\)/g, (code) => FEW.get(code) ?? code);
}

const FEW: ReadonlyMap<string, string> = new Map([
  ["\\040", " "],
  ["\\011", "\t"],
  ["\\012", "\n"],
  ["\\134", "\\"],
  ["\\\\", "\\"],
]);
