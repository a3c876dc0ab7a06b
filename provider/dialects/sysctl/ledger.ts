import type { Files } from "../../facts/files/lines";
import { type Block, blocksOf, type Entry, type Owner, sorted, textOf } from "./ledger-text";

/**
 * The file of kernel settings that all our resources share. Beside what the host reads at boot it has, as comments, who
 * needs each setting and what it was before: a setting goes back only when its last owner is gone.
 *
 * All edits are functions from text to text, so those of many resources add up in one write.
 */
export const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";

/** The entries in a ledger's text. Other lines, which somebody else wrote there, are left alone. */
export function entriesOf(text: string | undefined): Entry[] {
  return blocksOf(text).filter((block) => typeof block !== "string");
}

export function ledgerOf(files: Files): Entry[] {
  const lines = files.get(LEDGER);
  return entriesOf(lines && `${lines.map(({ text }) => text).join("\n")}\n`);
}

type Wanted = Pick<Entry, "key" | "reason" | "was" | "along"> & { readonly value: string };

/** Makes the owner one of exactly these settings. `was` is recorded once, when a setting is new. */
export function claim(text: string | undefined, owner: Owner, wanted: readonly Wanted[]): string {
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
  const kept = (entry: Entry): Entry => ({ ...entry, value: entry.given, kept: why });
  return textOf(blocksOf(text).map((block) => (isOrphan(block, keys) ? kept(block as Entry) : block)));
}

function released(blocks: readonly Block[], owner: string): Block[] {
  return blocks.map((block) =>
    typeof block === "string" ? block : { ...block, owners: block.owners.filter(({ name }) => name !== owner) },
  );
}

function isOrphan(block: Block, keys: readonly string[]): boolean {
  return typeof block !== "string" && block.owners.length === 0 && keys.includes(block.key);
}
