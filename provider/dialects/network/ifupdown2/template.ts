import { trimStart } from "../../../facts/files/blanks";
import type { Line } from "../../../facts/files/lines";

/**
 * The first line that makes a file more than its text to ifupdown2, with the reason: a file with a % is rendered by Mako where that is
 * installed, and one that is no UTF-8 is left out.
 */
export function templateLine(lines: readonly Line[]): Line | undefined {
  const odd = lines.find(({ text }) => text.includes("\ufffd"));
  if (odd !== undefined) return { ...odd, text: "bytes that are no UTF-8, for which ifupdown2 leaves the file out" };
  if (!lines.some(({ text }) => text.includes("%"))) return undefined;
  const line = lines.find(({ text }) => isOfTemplate(text));
  return line && { ...line, text: "a template of Mako, which ifupdown2 renders" };
}

function isOfTemplate(text: string): boolean {
  const begin = trimStart(text).slice(0, 2);
  return begin.startsWith("%") || begin === "##" || text.includes("<%") || text.includes("${") || text.endsWith("\\");
}
