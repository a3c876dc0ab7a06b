import { trim } from "../../facts/files/blanks";

/** A file of boot configuration. We write the whole file, unless there is an `edit`. */
export interface BootFile {
  readonly path: string;
  readonly text: string;
  /** Mode of a file that does not exist yet. */
  readonly mode?: string;
  /** For a file that holds other things too. */
  readonly edit?: (text: string | undefined) => string | undefined;
  /** Whether these lines of an existing file have the same effect. */
  readonly matches: (lines: readonly string[]) => boolean;
  /** Whether these lines of an existing file belong to another address. Such a file is not overwritten. */
  readonly isForOther?: (lines: readonly string[]) => boolean;
}

/** Whether lines of a file have the comment that we write into ours. */
export function isMarked(lines: readonly string[]): boolean {
  return lines.some((line) => /^#.*\bby pulumi-lvs\b/.test(line));
}

/** Lines as we wrote them, where an editor has put a carriage return at their ends. */
export function withoutReturns(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/\r$/, ""));
}

/** Lines without comments, blank lines and indentation. */
export function significantLines(lines: readonly string[]): string[] {
  return lines.map((line) => trim(line, " \t")).filter((line) => line !== "" && !line.startsWith("#"));
}

/** Significant lines with single spaces, to compare files in which the amount of white space means nothing. */
export function significantText(lines: readonly string[]): string {
  return significantLines(lines)
    .map((line) => line.replaceAll(/[ \t]+/g, " "))
    .join("\n");
}
