import { UserError } from "../../errors";
import { LEDGER, UNOWNED } from "./ledger-text";

/** A comment of ours below the reason of an entry: `# owner: DrKernelTuning all lo`. */
export interface Note {
  readonly label: Label;
  readonly value: string;
  /** Of `# set to: KEY = VALUE`. */
  readonly setting?: Assignment;
}

type Label =
  | "owned by nobody"
  | "owner"
  | "owner until reboot"
  | "was"
  | "set to"
  | "until now"
  | "along with it"
  | "kept";

/** Reads a note. Undefined: the line is something else. */
export function parseNote(line: string, number: number): Note | undefined {
  if (!line.startsWith("# ")) return undefined;
  if (line === UNOWNED) return { label: "owned by nobody", value: "" };
  const label = LABELS.find((one) => line === `# ${one}:` || line.startsWith(`# ${one}: `));
  if (label === undefined) return undefined;
  const value = line.slice(`# ${label}: `.length);
  if (CONTROL.test(value)) throw damagedLine(number, line, "has a control character in it (line ends of Windows?)");
  if (label === "along with it" && settingFrom(value) === undefined) {
    throw damagedLine(number, line, 'must be "# along with it: KEY = VALUE"');
  }
  if (label.startsWith("owner") && value.trim() === "") throw damagedLine(number, line, "names no owner");
  const setting = label === "set to" ? settingFrom(value) : undefined;
  return { label, value, ...(setting !== undefined && { setting }) };
}

/** Whether a note may stand after `last` in one entry. One that may not begins the next entry. */
export function mayFollow(note: Note, last: Note | undefined): boolean {
  if (last === undefined) return true;
  const [before, after] = [RANKS[last.label], RANKS[note.label]];
  return before < after || (before === after && !ONCE.includes(note.label));
}

/** What is wrong with a line of the ledger, and how to mend it. */
export function damagedLine(number: number, line: string, problem: string): UserError {
  return new UserError(
    `${LEDGER}, line ${number}: "${line.slice(0, 200)}" ${problem}. Correct the line, or delete the entry it belongs to: ` +
      "the next run then writes that entry anew, with the live value as the one to restore",
  );
}

const RANKS: Readonly<Record<Label, number>> = {
  "owned by nobody": 0,
  owner: 0,
  "owner until reboot": 0,
  was: 1,
  "set to": 2,
  "until now": 3,
  "along with it": 4,
  kept: 5,
};
const LABELS = ["owner", "owner until reboot", "was", "set to", "until now", "along with it", "kept"] as const;
const ONCE: readonly Label[] = ["was", "set to", "until now", "kept"];

// A tab is allowed: some values are several numbers, "4096\t87380".
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** `KEY = VALUE`, as we write it. */
function settingFrom(text: string): Assignment | undefined {
  const [, key, value] = /^([^\s=#;]+) = (.*)$/.exec(text) ?? [];
  return key === undefined || value === undefined ? undefined : { key, value };
}

/** A setting and its value. */
interface Assignment {
  readonly key: string;
  readonly value: string;
}
