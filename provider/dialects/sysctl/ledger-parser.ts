import { type BootLine, parseBootLines } from "../../facts/sysctl/boot-line";
import { swapSeparators } from "../../facts/sysctl/values";
import { damagedLine, mayFollow, type Note, parseNote } from "./ledger-note";
import { HEADER_LINE, type LedgerBlock, type LedgerEntry, NOT_AT_BOOT, sortOwners } from "./ledger-text";

/**
 * The entries of a ledger, and between them the lines that others wrote, wherever those stand. Throws for a damaged entry: a
 * guess could restore a wrong value, or none.
 */
export function parseLedger(text = ""): LedgerBlock[] {
  const lines = text.split("\n").map(
    (line, index): Line => ({
      text: line,
      number: index + 1,
      note: parseNote(line, index + 1),
    }),
  );
  const parser = new LedgerParser(lines.some(({ note }) => note?.setting !== undefined));
  for (const line of lines) if (!HEADER_LINE.test(line.text)) parser.add(line);
  return parser.end();
}

interface Line {
  readonly text: string;
  readonly number: number;
  readonly note: Note | undefined;
}

/** An entry whose end has not been reached. */
interface OpenEntry {
  readonly first: Line;
  readonly reason: string;
  readonly notes: Note[];
  /** Of the note that names the setting. */
  setting: Note["setting"];
  /** Lines of others between the notes. */
  readonly inside: string[];
  /** Lines of others after the last note. */
  readonly behind: string[];
}

/** Takes one line after the other, and looks at none twice. */
class LedgerParser {
  readonly #blocks: LedgerBlock[] = [];
  readonly #keys = new Set<string>();
  readonly #named: boolean;
  #foreign: string[] = [];
  #open: OpenEntry | undefined;

  /** `named`: each entry names its setting. In files of early versions no entry does; there the line that sets it tells. */
  constructor(named: boolean) {
    this.#named = named;
  }

  add(line: Line): void {
    if (line.note !== undefined) {
      if (this.#open !== undefined && !mayFollow(line.note, this.#open.notes.at(-1)))
        this.#closeWithoutLine(this.#open);
      this.#addNote(this.#open ?? this.#openAt(line), line.note, line);
      return;
    }
    const set = this.#open === undefined ? undefined : settingIn(line.text, this.#named, this.#open.setting?.key);
    if (this.#open !== undefined && set !== undefined) this.#close(this.#open, set.key, set.value);
    else (this.#open?.behind ?? this.#foreign).push(line.text);
  }

  end(): LedgerBlock[] {
    if (this.#open !== undefined) this.#closeWithoutLine(this.#open);
    return [...this.#blocks, ...foreignBlock(this.#foreign)];
  }

  /** A comment right before the first note is the reason. */
  #openAt(first: Line): OpenEntry {
    const reason = this.#foreign.at(-1)?.startsWith("# ") === true ? (this.#foreign.pop() ?? "").slice(2) : "";
    this.#open = { first, reason, notes: [], setting: undefined, inside: [], behind: [] };
    return this.#open;
  }

  #addNote(entry: OpenEntry, note: Note, { number, text }: Line): void {
    if (this.#named && note.label === "set to" && note.setting === undefined) {
      throw damagedLine(number, text, 'must be "# set to: KEY = VALUE"');
    }
    entry.notes.push(note);
    entry.setting ??= note.setting;
    for (const foreign of entry.behind.splice(0)) entry.inside.push(foreign);
  }

  /** Somebody removed the line that sets it: what stands behind the last note is not part of this entry. */
  #closeWithoutLine(entry: OpenEntry): void {
    if (entry.setting === undefined) {
      throw damagedLine(
        entry.first.number,
        entry.first.text,
        'begins an entry that has no line "# set to: KEY = VALUE"',
      );
    }
    const after = entry.behind.splice(0);
    this.#close(entry, entry.setting.key, undefined);
    this.#foreign = after;
  }

  #close(entry: OpenEntry, key: string, written: string | undefined): void {
    if (this.#keys.has(key)) throw damagedLine(entry.first.number, entry.first.text, `begins a second entry of ${key}`);
    this.#keys.add(key);
    for (const foreign of [...entry.inside, ...entry.behind]) this.#foreign.push(foreign);
    this.#blocks.push(...foreignBlock(this.#foreign), closedEntry(entry, key, written));
    this.#foreign = [];
    this.#open = undefined;
  }
}

/** The line that sets an entry's value: as we write it, or as somebody edited it or commented it out (no value). */
function settingIn(line: string, named: boolean, key: string | undefined): { key: string; value?: string } | undefined {
  // A name without a value sets nothing: somebody has cut off the line's end. With a dash it would keep patterns from the setting.
  if (!line.includes("=")) return key !== undefined && line.trim() === key ? { key } : undefined;
  const { own, value } = OWN_LINE.exec(line)?.groups ?? {};
  if (own !== undefined && value !== undefined && (own === key || !named)) return { key: own, value };
  if (key === undefined) return undefined;
  const edited = lineFor(key, line);
  if (edited !== undefined) return { key, ...(edited.value !== undefined && { value: edited.value }) };
  const [, disabled] = /^\s*[#;](.*)$/.exec(line) ?? [];
  return disabled !== undefined && lineFor(key, disabled) !== undefined ? { key } : undefined;
}

/** As systemd-sysctl reads it: with dots or slashes, and a dash where errors do not count. */
function lineFor(key: string, text: string): BootLine | undefined {
  const [line, ...more] = parseBootLines(text.trim());
  return more.length === 0 && line?.setting === swapSeparators(key) ? line : undefined;
}

const OWN_LINE = new RegExp(`^(?:${NOT_AT_BOOT})?(?<own>[^\\s=#;]+) = (?<value>.*)$`);

function closedEntry({ reason, notes, setting }: OpenEntry, key: string, written: string | undefined): LedgerEntry {
  const valuesOf = (label: Note["label"]) => notes.filter((note) => note.label === label).map(({ value }) => value);
  const [original] = valuesOf("was");
  const [setTo] = valuesOf("set to");
  const [replaced] = valuesOf("until now");
  const [keptBecause] = valuesOf("kept");
  const alsoChanged = valuesOf("along with it");
  return {
    key,
    ...(written !== undefined && { written }),
    reason,
    owners: sortOwners([
      ...valuesOf("owner").map((name) => ({ name, boot: true })),
      ...valuesOf("owner until reboot").map((name) => ({ name, boot: false })),
    ]),
    ...(original !== undefined && { original }),
    desired: setting?.value ?? setTo ?? written ?? "",
    ...(replaced !== undefined && { replaced }),
    ...(alsoChanged.length > 0 && { alsoChanged }),
    ...(keptBecause !== undefined && { keptBecause }),
  };
}

/** Lines of others as one block, without empty lines around it. */
function foreignBlock(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line !== "");
  const last = lines.findLastIndex((line) => line !== "");
  return first === -1 ? [] : [lines.slice(first, last + 1).join("\n")];
}
