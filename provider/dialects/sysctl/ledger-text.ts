/**
 * The file of kernel settings that all our resources share. The host reads it at boot; its comments record who needs each
 * setting and what it was before, so that a setting is restored when its last owner is gone.
 */
export const LEDGER = "/etc/sysctl.d/99-zz-pulumi-lvs.conf";

/** One setting in the ledger. */
export interface LedgerEntry {
  readonly key: string;
  /** The value that the file sets now. Absent: somebody removed or commented out the line. */
  readonly written?: string;
  readonly reason: string;
  readonly owners: readonly LedgerOwner[];
  /** The live value before our first change. */
  readonly original?: string;
  /** The value that the owners want; `written` differs where somebody edited the line. */
  readonly desired: string;
  /** What the owners wanted until now: the live value may still be that one, while the change is under way. */
  readonly replaced?: string;
  /** Other settings, `key = value`, as they were before the kernel changed them together with this one. */
  readonly alsoChanged?: readonly string[];
  /** Why the setting stays although it has no owner. */
  readonly keptBecause?: string;
}

/** A resource that needs a setting. */
export interface LedgerOwner {
  readonly name: string;
  /** Whether this owner wants the setting persisted. */
  readonly boot: boolean;
}

/** An entry of ours, or lines that somebody else wrote, unchanged. */
export type LedgerBlock = LedgerEntry | string;

/** The text of the file. With no entry left it is what others wrote, as it was before us. */
export function formatLedger(blocks: readonly LedgerBlock[]): string | undefined {
  if (blocks.length === 0) return undefined;
  const ours = blocks.some((block) => typeof block !== "string");
  return `${[...(ours ? [HEADER] : []), ...blocks.map(formatBlock)].join("\n\n")}\n`;
}

const HEADER = [
  "# Kernel settings for LVS, kept by pulumi-lvs. Each has those who need it, and what it was before. What is changed by hand",
  "# in an entry comes back at the next run; lines of your own are left alone.",
].join("\n");

/** The header of this and of earlier versions. */
export const HEADER_LINE =
  /^# (?:Kernel settings for LVS, kept by pulumi-lvs\. |in an entry comes back at the next run; )/;

/** Makes an entry recognisable that has no owner and no original value: the setting's device did not exist before us. */
export const UNOWNED = "# owned by nobody";
export const NOT_AT_BOOT = "# not at boot: ";

function formatBlock(block: LedgerBlock): string {
  if (typeof block === "string") return block;
  const { key, written, reason, owners, original, desired, replaced, alsoChanged = [], keptBecause } = block;
  // A setting that is kept without an owner stays persisted: what depends on it is persisted too.
  const persisted = owners.length === 0 || owners.some(({ boot }) => boot);
  return [
    `# ${reason}`,
    ...(owners.length === 0 && original === undefined ? [UNOWNED] : []),
    ...owners.map(({ name, boot }) => `# ${boot ? "owner" : "owner until reboot"}: ${name}`),
    ...(original === undefined ? [] : [`# was: ${original}`]),
    `# set to: ${key} = ${desired}`,
    ...(replaced === undefined ? [] : [`# until now: ${replaced}`]),
    ...alsoChanged.map((setting) => `# along with it: ${setting}`),
    ...(keptBecause === undefined ? [] : [`# kept: ${keptBecause}`]),
    ...(written === undefined ? [] : [`${persisted ? "" : NOT_AT_BOOT}${key} = ${written}`]),
  ].join("\n");
}

/** Sorted, so that the text does not depend on who came first. */
export function sortOwners(owners: readonly LedgerOwner[]): LedgerOwner[] {
  return [...owners].sort((a, b) => (a.name < b.name ? -1 : 1));
}
