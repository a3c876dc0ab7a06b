import { trimEnd, trimStart } from "../../../facts/files/blanks";
import type { Line } from "../../../facts/files/lines";

/**
 * The lines of an interfaces file as ifupdown joins them: without indentation and comments. A backslash at the end continues a line,
 * also into one that looks like a comment, but a comment has no continuation. The number is that of the last line: ifupdown's own
 * messages count so.
 */
export function logicalLines(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  let parts: string[] = [];
  for (const { number, text } of lines) {
    const part = parts.length === 0 ? trimStart(text) : text;
    if (parts.length === 0 && part.startsWith("#")) continue;
    parts.push(part.endsWith("\\") ? part.slice(0, -1) : part);
    if (part.endsWith("\\")) continue;
    joined.push({ number, text: trimEnd(parts.join("")) });
    parts = [];
  }
  const last = lines.at(-1);
  if (parts.length > 0 && last !== undefined) joined.push({ number: last.number, text: trimEnd(parts.join("")) });
  return joined.filter(({ text }) => text !== "");
}
