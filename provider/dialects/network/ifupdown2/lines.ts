import type { Line } from "../../../facts/files/lines";

/** What Python calls white space: ifupdown2 splits words there. */
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const BLANKS = new RegExp(`[${BLANK}]+`);
const IS_BLANK = new RegExp(`[${BLANK}]`);

/** Several where empty: Python splits before and behind blanks, too. */
export function pythonWords(text: string): string[] {
  return text.split(BLANKS);
}

/** The first word, and what follows it after blanks; the second is undefined where there are none. */
export function firstPythonWord(text: string): readonly [word: string, rest: string | undefined] {
  const at = text.search(IS_BLANK);
  return at < 0 ? [text, undefined] : [text.slice(0, at), trimStart(text.slice(at))];
}

/**
 * The lines of an interfaces file as ifupdown2 joins them, without those that are empty or comments. Any backslash, also in a comment or
 * inside of a line, takes all blanks and line ends around it away and leaves one space. A carriage return ends a line. The number is that
 * of the line with the beginning.
 */
export function ifupdown2Lines(lines: readonly Line[]): Line[] {
  const joined: { number: number; readonly parts: string[] }[] = [];
  for (const [index, part] of partsOf(lines).entries()) {
    const [first, ...others] = withoutBlanks(part);
    const last = joined.at(-1);
    if (index === 0 || last === undefined) joined.push({ number: first.number, parts: [first.text] });
    else last.parts.push(first.text);
    for (const { number, text } of others) joined.push({ number, parts: [text] });
  }
  return joined
    .map(({ number, parts }) => ({ number, text: trimOuter(parts.join(" ")) }))
    .filter(({ text }) => text !== "" && !text.startsWith("#"));
}

/** The text between backslashes, by its lines. */
function partsOf(lines: readonly Line[]): [Line, ...Line[]][] {
  const parts: [Line, ...Line[]][] = [];
  for (const { number, text } of lines) {
    const [first = "", ...rest] = text.split("\\");
    for (const one of first.split("\r")) {
      const part = parts.at(-1);
      if (part === undefined) parts.push([{ number, text: one }]);
      else part.push({ number, text: one });
    }
    for (const one of rest) {
      const [begin = "", ...more] = one.split("\r");
      parts.push([{ number, text: begin }, ...more.map((each) => ({ number, text: each }))]);
    }
  }
  return parts;
}

/** As Python's strip(): without blanks and empty lines at both ends. */
function withoutBlanks(part: readonly [Line, ...Line[]]): readonly [Line, ...Line[]] {
  let [from, to] = [0, part.length - 1];
  while (from < to && trimStart(part[from]?.text ?? "") === "") from++;
  while (to > from && trimStart(part[to]?.text ?? "") === "") to--;
  const [first = part[0], ...others] = part.slice(from, to + 1);
  const begin = { ...first, text: trimStart(first.text) };
  const last = others.pop();
  if (last === undefined) return [{ ...begin, text: trimEnd(begin.text) }];
  return [begin, ...others, { ...last, text: trimEnd(last.text) }];
}

function trimStart(text: string): string {
  let start = 0;
  while (start < text.length && IS_BLANK.test(text.charAt(start))) start++;
  return text.slice(start);
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && IS_BLANK.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Of a line, ifupdown2 cuts these alone off. */
function trimOuter(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && "\t\r ".includes(text.charAt(start))) start++;
  while (end > start && "\t\r ".includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
