/** What isspace() of C calls white space. JavaScript has more, such as U+00A0, which is part of a word to all programs here. */
const C_SPACE = " \t\n\v\f\r";

export function trimStart(text: string, blanks = C_SPACE): string {
  let start = 0;
  while (start < text.length && blanks.includes(text.charAt(start))) start++;
  return text.slice(start);
}

/** Not by a regular expression: one like /[ \t]+$/ takes quadratic time for a long run of blanks inside of a line. */
export function trimEnd(text: string, blanks = C_SPACE): string {
  let end = text.length;
  while (end > 0 && blanks.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

export function trim(text: string, blanks = C_SPACE): string {
  return trimStart(trimEnd(text, blanks), blanks);
}

export function wordsOf(text: string): string[] {
  return text.split(/[ \t\n\v\f\r]+/).filter((word) => word !== "");
}

/** The first word, and what follows it after blanks. */
export function firstWord(text: string): readonly [word: string, rest: string] {
  const [word = ""] = /^[^ \t\n\v\f\r]*/.exec(text) ?? [];
  return [word, trimStart(text.slice(word.length))];
}
