import { onceFor } from "../../facts/files/lines";
import { parseLedger } from "./ledger-parser";
import { formatLedger, LEDGER, type LedgerBlock, type LedgerEntry, type LedgerOwner, sortOwners } from "./ledger-text";

/*
 * The edits of the ledger. All are functions from text to text, so those of many resources add up in one write; lines that
 * others wrote into the file stay.
 */

/** The entries of the ledger among a host's files. */
export const ledgerEntries = onceFor((files): readonly LedgerEntry[] => {
  const lines = files.get(LEDGER);
  return parseEntries(lines && `${lines.map(({ text }) => text).join("\n")}\n`);
});

/** The entries in a ledger's text. */
export function parseEntries(text: string | undefined): LedgerEntry[] {
  return parseLedger(text).filter((block) => typeof block !== "string");
}

/** `live`: the value that the host has now. */
type ClaimedSetting = Pick<LedgerEntry, "key" | "reason" | "original" | "alsoChanged" | "desired"> & {
  readonly live?: string;
};

/**
 * Makes the owner one of those of these settings. `original` is recorded once, with a new entry. Others that it has stay its own until
 * `endChange`: they are restored first, and whoever is cut in between has to find them.
 */
export function addOwner(text: string | undefined, owner: LedgerOwner, settings: readonly ClaimedSetting[]): string {
  const blocks = parseLedger(text);
  const known = new Set(blocks.map((block) => (typeof block === "string" ? "" : block.key)));
  const updated = mapEntries(blocks, (entry) => {
    const setting = settings.find(({ key }) => key === entry.key);
    return setting === undefined ? entry : claimed(entry, owner, setting);
  });
  const added = settings
    .filter(({ key }) => !known.has(key))
    .map(({ live: _, ...setting }) => ({ ...setting, written: setting.desired, owners: [owner] }));
  return formatLedger([...updated, ...added]) ?? "";
}

function claimed(entry: LedgerEntry, owner: LedgerOwner, { reason, desired, live }: ClaimedSetting): LedgerEntry {
  const { keptBecause: _, replaced, ...rest } = entry;
  const isOurs = live !== undefined && live !== desired && [entry.desired, replaced].includes(live);
  const owners = sortOwners([...entry.owners.filter(({ name }) => name !== owner.name), owner]);
  return { ...rest, reason, written: desired, desired, owners, ...(isOurs && { replaced: live }) };
}

/** The end of a change: these keys have the values that are wanted, and the owner leaves all others. */
export function endChange(text: string | undefined, owner: string, keys: readonly string[]): string | undefined {
  return formatLedger(
    mapEntries(parseLedger(text), ({ replaced, ...entry }) => {
      if (keys.includes(entry.key)) return entry;
      const owners = entry.owners.filter(({ name }) => name !== owner);
      return { ...entry, owners, ...(replaced !== undefined && { replaced }) };
    }),
  );
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
