import type { Reader, Reading } from "../../facts/ipvs/shell-environment";
import { emptyBlock, findBlock, formatBlock, type Marks, type OriginalEnd, withoutBlock } from "../files/block";

/**
 * Whole-line comments, and an assignment that is alone on its line, because two programs read this file: a shell with the init script,
 * and systemd with the unit of ipvsadm 1.31-5 (Debian 13), for which the rest of the line is part of the value. For both, a later
 * assignment wins.
 */
const MARKS: Marks = {
  begin: "# pulumi-lvs begin: rules are loaded at boot",
  end: "# pulumi-lvs end",
  isBegin: (line) => line.startsWith("# pulumi-lvs begin"),
};
const AUTOMATIC = 'AUTO="true"';

/** Whether the loader that reads the file so loads the rules at boot. */
export function isAutomatic(text: string | undefined, reader: Reader): boolean {
  const reading = readAuto(text, reader);
  return "value" in reading && reading.value === "true";
}

export function readAuto(text: string | undefined, reader: Reader): Reading {
  return reader(text ?? "", "AUTO");
}

/** The file with AUTO="true" at its end, unless it says so already. The original lines stay. */
export function setAutomatic(text: string | undefined, reader: Reader): string {
  if (text !== undefined && isAutomatic(text, reader) && !OLD_NOTE.test(text)) return text;
  const original = unsetAutomatic(text);
  if (original !== undefined && isAutomatic(original, reader)) return original;
  return formatBlock({ ...emptyBlock(original), block: [`${AUTOMATIC}\n`] }, MARKS);
}

/** The original file. */
export function unsetAutomatic(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const found = findBlock(text, MARKS);
  if (found === undefined) return withoutOldNotes(text);
  // What somebody else wrote into the block is kept.
  const others = found.block.filter((line) => !/^AUTO=/.test(line));
  const original = withoutBlock({ ...found, above: [...found.above, ...others] });
  return original === undefined ? undefined : withoutOldNotes(original);
}

/** Version 0.1 put a comment behind the assignment, with the original line in it. */
const OLD_NOTE = /# pulumi-lvs, (?:instead of: |not there before)/;
const INSTEAD_OF = "# pulumi-lvs, instead of: ";
const OLD = 'AUTO="true" # pulumi-lvs, ';
const ADDED = `${OLD}not there before`;
const NOTES: Readonly<Record<Exclude<OriginalEnd, "closed">, string>> = {
  absent: ", nor was the file",
  open: ", no newline before",
};

function withoutOldNotes(text: string): string | undefined {
  if (text === `${ADDED}${NOTES.absent}\n`) return undefined;
  return text
    .replace(`\n${ADDED}${NOTES.open}\n`, "")
    .split("\n")
    .filter((line) => !line.startsWith(ADDED))
    .map((line) => (/^\s*(?:export\s+)?AUTO=/.test(line) ? originalLine(line) : line))
    .join("\n");
}

/** The original line, which stands behind our old comment even where somebody changed the value in front of it. */
function originalLine(line: string): string {
  const at = line.indexOf(INSTEAD_OF);
  return at < 0 ? line : line.slice(at + INSTEAD_OF.length);
}
