/** The init script reads this file as a shell does: the last assignment counts. */
const AUTO = /^[ \t]*(?:export[ \t]+)?AUTO=(["']?)([^"'\s#;]*)\1/;
const OURS = 'AUTO="true" # pulumi-lvs, ';
const INSTEAD = `${OURS}instead of: `;
const NEW = `${OURS}not there before`;

/** Whether Debian's init script loads the rules at boot. */
export function isAutomatic(text: string | undefined): boolean {
  const last = (text ?? "").split("\n").findLast((line) => AUTO.test(line));
  return last !== undefined && AUTO.exec(last)?.[2] === "true";
}

/** The file with AUTO="true"; the line that was there before is kept in a comment behind it. */
export function setAutomatic(text: string | undefined): string {
  if (text !== undefined && isAutomatic(text)) return text;
  if (text === undefined) return `${NEW}, nor was the file\n`;
  const lines = text.split("\n");
  const last = lines.findLastIndex((line) => AUTO.test(line));
  if (last >= 0) return lines.with(last, `${INSTEAD}${original(lines[last] ?? "")}`).join("\n");
  return text === "" || text.endsWith("\n") ? `${text}${NEW}\n` : `${text}\n${NEW}, no newline before\n`;
}

/** The file as it was before. */
export function unsetAutomatic(text: string | undefined): string | undefined {
  if (text === undefined || text === `${NEW}, nor was the file\n`) return undefined;
  return text
    .replace(`\n${NEW}, no newline before\n`, "")
    .split("\n")
    .filter((line) => !line.startsWith(NEW))
    .map((line) => (line.startsWith(INSTEAD) ? original(line) : line))
    .join("\n");
}

/** The line behind our comment, where somebody changed the value in front of it. */
function original(line: string): string {
  const at = line.indexOf("# pulumi-lvs, instead of: ");
  return at < 0 ? line : line.slice(at + "# pulumi-lvs, instead of: ".length);
}
