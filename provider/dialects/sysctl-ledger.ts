/**
 * The file of kernel settings that all our resources share. Beside what the host reads at boot it has, as comments, who
 * needs each setting and what it was before: a setting goes back only when its last owner is gone.
 *
 * All edits are functions from text to text, so those of many resources add up in one write.
 */
export const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";

/** One setting, with its story. */
export interface Entry {
  readonly key: string;
  /** What the line says. */
  readonly value: string;
  readonly reason: string;
  readonly owners: readonly Owner[];
  /** The live value before we first touched it. */
  readonly was?: string;
  /** What we made of it: `value` is another one where somebody edited the line. Absent: written by an earlier version. */
  readonly given?: string;
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

/** The entries in a ledger's text. Other lines, which somebody else wrote there, are left alone. */
export function entriesOf(text: string | undefined): Entry[] {
  return blocksOf(text).filter((block) => typeof block !== "string");
}

/** Makes the owner one of exactly these settings. `was` is recorded once, when a setting is new. */
export function claim(
  text: string | undefined,
  owner: Owner,
  wanted: readonly Omit<Entry, "owners" | "kept" | "given">[],
): string {
  const others = released(blocksOf(text), owner.name);
  const known = new Set(others.map((block) => (typeof block === "string" ? "" : block.key)));
  const updated = others.map((block) => {
    const want = typeof block === "string" ? undefined : wanted.find(({ key }) => key === block.key);
    if (typeof block === "string" || want === undefined) return block;
    const { kept: _, ...rest } = block;
    const { reason, value } = want;
    return { ...rest, reason, value, given: value, owners: sorted([...block.owners, owner]) };
  });
  const added = wanted
    .filter(({ key }) => !known.has(key))
    .map((want) => ({ ...want, given: want.value, owners: [owner] }));
  return textOf([...updated, ...added]) ?? "";
}

/** The owner needs nothing any more. What nobody owns then stays written until it is dropped or kept. */
export function release(text: string | undefined, owner: string): string | undefined {
  return textOf(released(blocksOf(text), owner));
}

/** Takes out those of the keys that nobody owns; a file with nothing left goes. */
export function drop(text: string | undefined, keys: readonly string[]): string | undefined {
  return textOf(blocksOf(text).filter((block) => !isOrphan(block, keys)));
}

/** Writes beside those of the keys that nobody owns why they stay. */
export function keep(text: string | undefined, keys: readonly string[], why: string): string | undefined {
  const kept = (entry: Entry) => ({ ...entry, value: entry.given ?? entry.value, kept: why });
  return textOf(blocksOf(text).map((block) => (isOrphan(block, keys) ? kept(block as Entry) : block)));
}

type Block = Entry | string;

const HEADER = [
  "# Kernel settings for LVS, kept by pulumi-lvs. Each has those who need it, and what it was before. What is changed by hand",
  "# in an entry comes back at the next run; lines of your own, apart from the entries by a blank line, are left alone.",
].join("\n");

function blocksOf(text: string | undefined): Block[] {
  if (text === undefined || text === "") return [];
  return text
    .replace(/\n$/, "")
    .split("\n\n")
    .filter((block) => block !== HEADER)
    .map((block) => entryOf(block) ?? block);
}

function textOf(blocks: readonly Block[]): string | undefined {
  if (blocks.length === 0) return undefined;
  return `${[HEADER, ...blocks.map(blockText)].join("\n\n")}\n`;
}

function blockText(block: Block): string {
  if (typeof block === "string") return block;
  const { key, value, reason, owners, was, given, along = [], kept } = block;
  return [
    `# ${reason}`,
    ...(owners.length === 0 && was === undefined ? [NOBODY] : []),
    ...owners.map(({ name, boot }) => `# ${boot ? "owner" : "owner until reboot"}: ${name}`),
    ...(was === undefined ? [] : [`# was: ${was}`]),
    ...(given === undefined ? [] : [`# set to: ${given}`]),
    ...along.map((setting) => `# along with it: ${setting}`),
    ...(kept === undefined ? [] : [`# kept: ${kept}`]),
    // Kept settings stay at boot: so does what needs them.
    `${owners.length === 0 || owners.some(({ boot }) => boot) ? "" : NOT_AT_BOOT}${key} = ${value}`,
  ].join("\n");
}

/** Makes an entry one where nothing else would: the device of the setting was not there before, and its owner is gone. */
const NOBODY = "# owned by nobody";
const NOT_AT_BOOT = "# not at boot: ";

function entryOf(block: string): Entry | undefined {
  const lines = block.split("\n");
  const setting = /^(?:# not at boot: )?([^\s=#;]+) = (.*)$/.exec(lines.at(-1) ?? "");
  const [, key, value] = setting ?? [];
  const notes = lines.slice(1, -1);
  if (key === undefined || value === undefined || !lines[0]?.startsWith("# ")) return undefined;
  if (!notes.some((line) => NOTE.test(line)) || !notes.every((line) => NOTE.test(line))) return undefined;
  const said = (label: string) =>
    notes.filter((line) => line.startsWith(`# ${label}: `)).map((line) => line.slice(label.length + 4));
  const [was] = said("was");
  const [given] = said("set to");
  const along = said("along with it");
  const [kept] = said("kept");
  return {
    key,
    value,
    reason: lines[0].slice(2),
    owners: sorted([
      ...said("owner").map((name) => ({ name, boot: true })),
      ...said("owner until reboot").map((name) => ({ name, boot: false })),
    ]),
    ...(was !== undefined && { was }),
    ...(given !== undefined && { given }),
    ...(along.length > 0 && { along }),
    ...(kept !== undefined && { kept }),
  };
}

const NOTE = /^# (?:(?:owner|owner until reboot|was|set to|along with it|kept): |owned by nobody$)/;

function released(blocks: readonly Block[], owner: string): Block[] {
  return blocks.map((block) =>
    typeof block === "string" ? block : { ...block, owners: block.owners.filter(({ name }) => name !== owner) },
  );
}

function isOrphan(block: Block, keys: readonly string[]): boolean {
  return typeof block !== "string" && block.owners.length === 0 && keys.includes(block.key);
}

/** In one order, whoever came first: several writers make one text. */
function sorted(owners: readonly Owner[]): Owner[] {
  return [...owners].sort((a, b) => (a.name < b.name ? -1 : 1));
}
