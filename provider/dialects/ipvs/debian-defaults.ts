import { lineEndAfter, type OriginalEnd, originalEndOf } from "../files/block";

/** The init script sources this file, so the last assignment counts. */
const AUTO = /^[ \t]*(?:export[ \t]+)?AUTO=(["']?)([^"'\s#;]*)\1/;
const AUTOMATIC = 'AUTO="true" # pulumi-lvs, ';
const REPLACED = `${AUTOMATIC}instead of: `;
const ADDED = `${AUTOMATIC}not there before`;
const NOTES: Readonly<Record<OriginalEnd, string>> = {
  absent: ", nor was the file",
  open: ", no newline before",
  closed: "",
};

/** Whether Debian's init script loads the rules at boot. */
export function isAutomatic(text: string | undefined): boolean {
  const last = (text ?? "").split("\n").findLast((line) => AUTO.test(line));
  return last !== undefined && AUTO.exec(last)?.[2] === "true";
}

/** The file with AUTO="true". The original line is kept in a comment behind it. */
export function setAutomatic(text: string | undefined): string {
  if (text !== undefined && isAutomatic(text)) return text;
  const lines = (text ?? "").split("\n");
  const last = lines.findLastIndex((line) => AUTO.test(line));
  if (last >= 0) return lines.with(last, `${REPLACED}${originalLine(lines[last] ?? "")}`).join("\n");
  return `${text ?? ""}${lineEndAfter(text)}${ADDED}${NOTES[originalEndOf(text)]}\n`;
}

/** The original file. */
export function unsetAutomatic(text: string | undefined): string | undefined {
  if (text === undefined || text === `${ADDED}${NOTES.absent}\n`) return undefined;
  return text
    .replace(`\n${ADDED}${NOTES.open}\n`, "")
    .split("\n")
    .filter((line) => !line.startsWith(ADDED))
    .map((line) => (line.startsWith(REPLACED) ? originalLine(line) : line))
    .join("\n");
}

/** The original line, which stands behind our comment even where somebody changed the value in front of it. */
function originalLine(line: string): string {
  const at = line.indexOf("# pulumi-lvs, instead of: ");
  return at < 0 ? line : line.slice(at + "# pulumi-lvs, instead of: ".length);
}
