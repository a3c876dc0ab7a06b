import type { Files } from "../../facts/files/lines";
import { parseLedger } from "./ledger-parser";
import { formatLedger, LEDGER, type LedgerBlock, type LedgerEntry, type LedgerOwner, sortOwners } from "./ledger-text";

/*
 * The edits of the ledger. All are functions from text to text, so those of many resources add up in one write; lines that
 * others wrote into the file stay.
 */

/** The entries of the ledger among a host's files. */
export function ledgerEntries(files: Files): LedgerEntry[] {
  const lines = files.get(LEDGER);
  return parseEntries(lines && `${lines.map(({ text }) => text).join("\n")}\n`);
}

/** The entries in a ledger's text. */
export function parseEntries(text: string | undefined): LedgerEntry[] {
  return parseLedger(text).filter((block) => typeof block !== "string");
}

type ClaimedSetting = Pick<LedgerEntry, "key" | "reason" | "original" | "alsoChanged" | "desired">;

/** Makes the owner one of exactly these settings. `original` is recorded once, with a new entry. */
export function addOwner(text: string | undefined, owner: LedgerOwner, settings: readonly ClaimedSetting[]): string {
  const blocks = withoutOwner(parseLedger(text), owner.name);
  const known = new Set(blocks.map((block) => (typeof block === "string" ? "" : block.key)));
  const updated = mapEntries(blocks, (entry) => {
    const setting = settings.find(({ key }) => key === entry.key);
    if (setting === undefined) return entry;
    const { keptBecause: _, ...rest } = entry;
    const { reason, desired } = setting;
    return { ...rest, reason, written: desired, desired, owners: sortOwners([...entry.owners, owner]) };
  });
  const added = settings
    .filter(({ key }) => !known.has(key))
    .map((setting) => ({ ...setting, written: setting.desired, owners: [owner] }));
  return formatLedger([...updated, ...added]) ?? "";
}

/** Removes the owner from all entries. Entries without an owner stay until `dropUnowned` or `keepUnowned`. */
export function removeOwner(text: string | undefined, owner: string): string | undefined {
  return formatLedger(withoutOwner(parseLedger(text), owner));
}

/** Removes those of the keys that have no owner. A file with nothing left is removed. */
export function dropUnowned(text: string | undefined, keys: readonly string[]): string | undefined {
  return formatLedger(parseLedger(text).filter((block) => typeof block === "string" || !isUnowned(block, keys)));
}

/** Records for those of the keys that have no owner why they stay. */
export function keepUnowned(text: string | undefined, keys: readonly string[], why: string): string | undefined {
  return formatLedger(
    mapEntries(parseLedger(text), (entry) =>
      isUnowned(entry, keys) ? { ...entry, written: entry.desired, keptBecause: why } : entry,
    ),
  );
}

function withoutOwner(blocks: readonly LedgerBlock[], owner: string): LedgerBlock[] {
  return mapEntries(blocks, (entry) => ({ ...entry, owners: entry.owners.filter(({ name }) => name !== owner) }));
}

function mapEntries(blocks: readonly LedgerBlock[], change: (entry: LedgerEntry) => LedgerEntry): LedgerBlock[] {
  return blocks.map((block) => (typeof block === "string" ? block : change(block)));
}

function isUnowned({ key, owners }: LedgerEntry, keys: readonly string[]): boolean {
  return owners.length === 0 && keys.includes(key);
}
