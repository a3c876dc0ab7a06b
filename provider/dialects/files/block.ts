/** A block of our lines in a file that belongs to others, between two comments. Everything outside stays byte for byte. */
export interface MarkedFile {
  /** Lines with their line ends, as in the file. */
  readonly above: readonly string[];
  readonly block: readonly string[];
  readonly below: readonly string[];
  /** How the file was before the block. */
  readonly original: OriginalEnd;
}

/** The comments around a block. The first may end with a note about the original file. */
export interface Marks {
  readonly begin: string;
  readonly end: string;
  /** Whether a line without its note begins such a block. Absent: if it equals `begin`. */
  readonly isBegin?: (line: string) => boolean;
}

/** Whether a file was there, and whether its last line had a line end. */
export type OriginalEnd = "absent" | "open" | "closed";

export function originalEndOf(text: string | undefined): OriginalEnd {
  if (text === undefined) return "absent";
  return text === "" || text.endsWith("\n") ? "closed" : "open";
}

/** The line end that must precede appended lines. */
export function lineEndAfter(text: string | undefined): string {
  return originalEndOf(text) === "open" ? "\n" : "";
}

const NOTES: Readonly<Record<OriginalEnd, string>> = {
  absent: " (new file)",
  open: " (no newline before)",
  closed: "",
};

/** The parts of a file; undefined if it has no such block. Throws for a block without an end. */
export function findBlock(text: string | undefined, marks: Marks): MarkedFile | undefined {
  const lines = linesOf(text);
  const begin = lines.findIndex((line) => isBeginOf(marks, line));
  const opening = lines[begin]?.trimEnd();
  if (opening === undefined) return undefined;
  const end = lines.findIndex((line, index) => index > begin && line.trimEnd() === marks.end);
  if (end < 0)
    throw new Error(
      `the block that starts with "${opening}" has no line "${marks.end}": put it back, or remove the block`,
    );
  return {
    above: lines.slice(0, begin),
    block: lines.slice(begin + 1, end),
    below: lines.slice(end + 1),
    original: opening.endsWith(NOTES.absent) ? "absent" : opening.endsWith(NOTES.open) ? "open" : "closed",
  };
}

/** Whether a file has such a block, or only the beginning of one. */
export function hasBlock(text: string, marks: Marks): boolean {
  return linesOf(text).some((line) => isBeginOf(marks, line));
}

/** A file that has no block yet, with an empty one at its end. */
export function emptyBlock(text: string | undefined): MarkedFile {
  return { above: linesOf(text), block: [], below: [], original: originalEndOf(text) };
}

/** The text of a file with its block. */
export function formatBlock({ above, block, below, original }: MarkedFile, marks: Marks): string {
  const lineEnd = lineEndAfter(above.at(-1));
  return [...above, lineEnd, `${marks.begin}${NOTES[original]}\n`, ...block, `${marks.end}\n`, ...below].join("");
}

/** The file without its block, as it was before it. Undefined: the file was made for the block, and nobody wrote into it. */
export function withoutBlock({ above, below, original }: MarkedFile): string | undefined {
  const rest = [...above, ...below].join("");
  if (original === "absent" && rest === "") return undefined;
  return original === "open" && below.length === 0 ? rest.replace(/\n$/, "") : rest;
}

function isBeginOf({ begin, isBegin }: Marks, line: string): boolean {
  const text = line.trimEnd();
  const note = [NOTES.absent, NOTES.open].find((each) => text.endsWith(each)) ?? "";
  const mark = text.slice(0, text.length - note.length);
  return isBegin === undefined ? mark === begin : isBegin(mark);
}

function linesOf(text = ""): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
