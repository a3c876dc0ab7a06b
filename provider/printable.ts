/**
 * A text for the operator's terminal. What could move the cursor, change colours, hide or reverse words there is written as an escape:
 * names and messages of a host stand in errors. What is too long to be read loses its middle.
 */
export function printable(text: string): string {
  return escaped(shortened(text.replaceAll("\r\n", "\n")));
}

/** The same for a text whose length and line ends are kept. */
export function escaped(text: string): string {
  return text.replaceAll(UNPRINTABLE, escape);
}

export function isPrintable(text: string): boolean {
  return text.search(UNPRINTABLE) === -1;
}

/** Controls but newline and tab, what is invisible or changes direction, halves of UTF-16 pairs, separators of lines and paragraphs. */
const UNPRINTABLE = /[^\P{C}\n\t\p{Co}\p{Cn}]|[\u2028\u2029]/gu;

function escape(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  // A lone half stands for a byte that is no UTF-8.
  const byte = point >= 0xdc80 && point <= 0xdcff ? point - 0xdc00 : point;
  return byte < 0x100 ? `\\x${byte.toString(16).padStart(2, "0")}` : `\\u{${byte.toString(16)}}`;
}

const HEAD = 12_000;
const TAIL = 8_000;

/** The reason is at the beginning, advice at the end. */
function shortened(text: string): string {
  const left = text.length - HEAD - TAIL;
  if (left <= 0) return text;
  return `${text.slice(0, HEAD)}\n(... ${left} characters more ...)\n${text.slice(-TAIL)}`;
}
