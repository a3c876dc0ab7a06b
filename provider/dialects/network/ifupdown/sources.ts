import { wordsOf } from "../../../facts/files/blanks";
import { CLASS, matchesPath } from "../../../facts/files/glob";
import type { Place } from "../declaration";

/** A line that reads other files. */
export interface Source extends Place {
  readonly word: string;
  readonly text: string;
  /** For ifupdown2: how many stanzas are read before those of these files. */
  readonly stanzasBefore?: number;
}

/** Files that a `source` or `source-directory` line reads, of these, in ifup's order; undefined if we cannot expand the line. */
export function sourcedPaths(source: Source, paths: readonly string[]): string[] | undefined {
  // ifup expands the line as a shell would, with quotes, variables and ~. The command that reads the files expands wildcards only,
  // and to ifup a file is another one by each of its names.
  if (/["'\\$`~|&;<>(){}]|\.\.\//.test(source.text) || CLASS.test(source.text)) return undefined;
  return patternsOf(source).flatMap((pattern) => paths.filter((path) => matches(pattern, source, path)).sort());
}

export function matchesSource(source: Source, path: string): boolean {
  return patternsOf(source).some((pattern) => matches(pattern, source, path));
}

function patternsOf({ path, text }: Source): string[] {
  const folder = path.slice(0, path.lastIndexOf("/"));
  // Only the first word of several is relative to the folder of the file: ifup puts the folder before the whole text.
  return wordsOf(text).map((word, index) => (index === 0 && !word.startsWith("/") ? `${folder}/${word}` : word));
}

function matches(pattern: string, { word }: Source, path: string): boolean {
  if (word === "source") return matchesPath(normalized(pattern), path) === true;
  const slash = path.lastIndexOf("/");
  return (
    matchesPath(normalized(pattern), path.slice(0, slash)) === true && /^[A-Za-z0-9_-]+$/.test(path.slice(slash + 1))
  );
}

function normalized(pattern: string): string {
  return pattern.replaceAll(/\/(?:\.?\/)*/g, "/").replace(/(.)\/$/, "$1");
}
