import type { Line } from "../../../../provider/facts/files/lines.ts";

/** The lines of a file as our facts read them from a host. */
export function linesOf(text: string): readonly Line[] {
  const lines = text.split("\n").map((line, index) => ({ number: index + 1, text: line }));
  return text === "" || text.endsWith("\n") ? lines.slice(0, -1) : lines;
}
