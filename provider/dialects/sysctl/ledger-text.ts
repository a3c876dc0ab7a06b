/** One setting, with its story. */
export interface Entry {
  readonly key: string;
  /** What the line says. Absent: somebody took it out. */
  readonly value?: string;
  readonly reason: string;
  readonly owners: readonly Owner[];
  /** The live value before we first touched it. */
  readonly was?: string;
  /** What we made of it: `value` is another one where somebody edited the line. */
  readonly given: string;
  /** Other settings, `key = value`, that the kernel changed along with it, and does not give back with it. */
  readonly along?: readonly string[];
  /** Why it stays although nobody owns it any more. */
  readonly kept?: string;
}

export interface Owner {
  readonly name: string;
  /** Whether this owner wants it at boot too. */
  readonly boot: boolean;
}

/** An entry, or lines of others' as they stand there. */
export type Block = Entry | string;

const HEADER = [
  "# Kernel settings for LVS, kept by pulumi-lvs. Each has those who need it, and what it was before. What is changed by hand",
  "# in an entry comes back at the next run; lines of your own are left alone.",
].join("\n");

/** Of this and of earlier versions. */
const HEADER_LINE = /^# (?:Kernel settings for LVS, kept by pulumi-lvs\. |in an entry comes back at the next run; )/;

/** What somebody wrote before an entry, into it or behind it is theirs, and stays. */
export function blocksOf(text: string | undefined): Block[] {
  const blocks: Block[] = [];
  let lines = (text ?? "").split("\n").filter((line) => !HEADER_LINE.test(line));
  let theirs: string[] = [];
  for (let at = firstNote(lines); at >= 0; at = firstNote(lines)) {
    const start = isComment(lines[at - 1]) ? at - 1 : at;
    const { entry, strangers, end } = readEntry(lines, start, at);
    theirs = [...theirs, ...lines.slice(0, start), ...strangers];
    lines = lines.slice(end);
    if (entry === undefined) continue;
    blocks.push(...trimmed(theirs), entry);
    theirs = [];
  }
  return [...blocks, ...trimmed([...theirs, ...lines])];
}

/** As one block, without empty lines around it. */
function trimmed(lines: readonly string[]): string[] {
  const text = lines.join("\n").replaceAll(/^\n+|\n+$/g, "");
  return text === "" ? [] : [text];
}

/** Where no entry is left, what others wrote is as it was before we came. */
export function textOf(blocks: readonly Block[]): string | undefined {
  if (blocks.length === 0) return undefined;
  const ours = blocks.some((block) => typeof block !== "string");
  return `${[...(ours ? [HEADER] : []), ...blocks.map(blockText)].join("\n\n")}\n`;
}

function blockText(block: Block): string {
  if (typeof block === "string") return block;
  const { key, value, reason, owners, was, given, along = [], kept } = block;
  // Kept settings stay at boot: so does what needs them.
  const atBoot = owners.length === 0 || owners.some(({ boot }) => boot);
  return [
    `# ${reason}`,
    ...(owners.length === 0 && was === undefined ? [NOBODY] : []),
    ...owners.map(({ name, boot }) => `# ${boot ? "owner" : "owner until reboot"}: ${name}`),
    ...(was === undefined ? [] : [`# was: ${was}`]),
    `# set to: ${key} = ${given}`,
    ...along.map((setting) => `# along with it: ${setting}`),
    ...(kept === undefined ? [] : [`# kept: ${kept}`]),
    ...(value === undefined ? [] : [`${atBoot ? "" : NOT_AT_BOOT}${key} = ${value}`]),
  ].join("\n");
}

/** Makes an entry one where nothing else would: the device of the setting was not there before, and its owner is gone. */
const NOBODY = "# owned by nobody";
const NOT_AT_BOOT = "# not at boot: ";
const NOTE = /^# (?:(?:owner|owner until reboot|was|set to|along with it|kept): |owned by nobody$)/;

/** Of each entry. It says which setting it is about, whatever became of the line that sets it. */
const SET_TO = /^# set to: (?<key>\S+) = (?<given>.*)$/;
const AFTER_SET_TO = /^# (?:along with it|kept): /;

function firstNote(lines: readonly string[]): number {
  return lines.findIndex((line) => NOTE.test(line));
}

function isComment(line = ""): boolean {
  return line.startsWith("# ");
}

/** Its reason is at `start`, its notes are from `at` on, its last line is the setting. No entry: it does not say of what. */
function readEntry(lines: readonly string[], start: number, at: number) {
  // An earlier version did not say it: then the line that sets it tells, and no entry of the file says it.
  const known = SET_TO.exec(lines.slice(at).find((line) => SET_TO.test(line)) ?? "")?.groups?.["key"];
  const reason = start === at ? "" : (lines[start] ?? "").slice(2);
  const notes: string[] = [];
  let end = at;
  for (const [index, line] of lines.entries()) {
    if (index < at) continue;
    const setting = settingIn(line, known);
    if (setting !== undefined) return found(setting.key, setting.value, index, index + 1);
    if (!NOTE.test(line)) continue;
    if (notes.some((note) => SET_TO.test(note)) && !AFTER_SET_TO.test(line)) break;
    notes.push(line);
    end = index + 1;
  }
  // Somebody took the setting out: what follows is the next entry, with its reason, or others' lines.
  return known === undefined
    ? { entry: undefined, strangers: lines.slice(start, end), end }
    : found(known, undefined, end, end);

  function found(key: string, value: string | undefined, until: number, next: number) {
    const strangers = lines.slice(at, until).filter((line) => !NOTE.test(line));
    return { entry: entryOf(key, value, reason, notes), strangers, end: next };
  }
}

const SETTING = /^(?:# not at boot: )?(?<key>[^\s=#;]+) = (?<value>.*)$/;

/** The line that sets it: as we write it, or where we know which it is, as somebody may have changed or silenced it. */
function settingIn(line: string, known: string | undefined): { key: string; value?: string } | undefined {
  const { key, value } = SETTING.exec(line)?.groups ?? {};
  if (key !== undefined && value !== undefined && (known ?? key) === key) return { key, value };
  const [, silenced, edited, other] = /^\s*([#;]?)\s*-?\s*([^\s=#;]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
  if (known === undefined || edited !== known || other === undefined) return undefined;
  return silenced === "" ? { key: known, value: other } : { key: known };
}

function entryOf(key: string, value: string | undefined, reason: string, notes: readonly string[]): Entry {
  const said = (label: string) =>
    notes.filter((line) => line.startsWith(`# ${label}: `)).map((line) => line.slice(label.length + 4));
  const [was] = said("was");
  const given = SET_TO.exec(notes.find((line) => SET_TO.test(line)) ?? "")?.groups?.["given"] ?? value ?? "";
  const along = said("along with it");
  const [kept] = said("kept");
  return {
    key,
    ...(value !== undefined && { value }),
    reason,
    owners: sorted([
      ...said("owner").map((name) => ({ name, boot: true })),
      ...said("owner until reboot").map((name) => ({ name, boot: false })),
    ]),
    ...(was !== undefined && { was }),
    given,
    ...(along.length > 0 && { along }),
    ...(kept !== undefined && { kept }),
  };
}

/** In one order, whoever came first: several writers make one text. */
export function sorted(owners: readonly Owner[]): Owner[] {
  return [...owners].sort((a, b) => (a.name < b.name ? -1 : 1));
}
