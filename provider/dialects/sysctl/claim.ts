import { isKernelValue } from "../../facts/sysctl/kernel-value";
import { sideEffectsOf } from "../../facts/sysctl/side-effects";
import type { Claim } from "../../model/sysctl/setting";
import type { Step } from "../../step";
import { addOwner, endChange, ledgerEntries, removeOwner } from "./ledger";
import { LEDGER, type LedgerEntry } from "./ledger-text";
import { overruling } from "./overruling";
import { deviceOf, maskOf, refuseClaim } from "./refusals";
import {
  describeRestore,
  planRestore,
  type Restore,
  restoredValues,
  type SysctlSeen,
  withoutRestored,
} from "./restore";
import { writeValues } from "./write";

/**
 * The live values of all settings that the owner wants and has, and of those that it has and no longer wants. Undefined: it owns none.
 * One whose entry does not say the value that is wanted is missing: what a run began that was cut has to be done again.
 */
export function observedValues(
  seen: SysctlSeen,
  { owner, settings }: Omit<Claim, "boot">,
): Map<string, string> | undefined {
  const owned = entriesOwnedBy(seen, owner);
  if (owned.length === 0) return undefined;
  const wanted = new Map(settings.map(({ key, value }) => [key, String(value)]));
  return new Map(
    owned.flatMap(({ key, desired, replaced }) => {
      const want = wanted.get(key);
      const live = seen.values.get(key) ?? (want === undefined ? desired : undefined);
      const isHalfDone = want !== undefined && (want !== desired || replaced !== undefined);
      return live === undefined || isHalfDone ? [] : [[key, live] as const];
    }),
  );
}

/** Whether the next boot sets exactly these values; of a claim that is not for boot, whether it sets anything for its owner. */
export function isClaimPersisted(seen: SysctlSeen, { owner, settings, boot }: Claim): boolean {
  const owned = entriesOwnedBy(seen, owner);
  if (!boot) return owned.some(({ owners }) => owners.some((one) => one.name === owner && one.boot));
  if (settings.length > 0 && maskOf(seen.files) !== undefined) return false;
  return settings.every(({ key, value }) => {
    const entry = owned.find((one) => one.key === key && isWritten(one, String(value)));
    const atBoot = entry?.owners.some(({ name, boot }) => name === owner && boot) === true;
    return atBoot && overruling(seen, key, String(value)) === undefined;
  });
}

/** Whether the line sets the value, in whatever words. */
function isWritten({ written }: LedgerEntry, value: string): boolean {
  return written !== undefined && isKernelValue(written, value);
}

/** Devices of the resource itself. */
export interface OwnDevices {
  /** Made or brought up by earlier steps, so they have no settings yet. */
  readonly coming: readonly string[];
  /** Their settings had no value before us, also where a run made them that was cut. */
  readonly made: readonly string[];
}

/** Steps that set the values now and record the owner. */
export function renderClaim(
  claim: Claim,
  seen: SysctlSeen,
  { coming, made }: OwnDevices = { coming: [], made: [] },
): readonly Step[] {
  refuseClaim(claim, seen, coming);
  const keys = claim.settings.map(({ key }) => key);
  const known = new Map(ledgerEntries(seen.files).map((entry) => [entry.key, entry]));
  const claimed = claim.settings.map(({ key, value, reason }) => {
    const desired = String(value);
    const live = seen.values.get(key);
    const entry = known.get(key);
    // Who has it now may leave it in the same batch, before us: the live value is not the original one then.
    const original = entry === undefined && !made.includes(deviceOf(key) ?? "") ? live : entry?.original;
    const alsoChanged = entry?.alsoChanged ?? sideEffectsOf(key, desired, seen.values, keys);
    return {
      key,
      desired,
      reason,
      ...(live !== undefined && { live }),
      ...(original !== undefined && { original }),
      ...(alsoChanged.length > 0 && { alsoChanged }),
    };
  });
  const differing = claimed.filter(({ desired, live }) => live !== desired);
  const unclaimed = planUnclaimed(claim, seen);
  return [
    // The ledger first: if the job is cut off, the original values are on record.
    {
      file: LEDGER,
      record: true,
      edit: (text) => addOwner(text, { name: claim.owner, boot: claim.boot }, claimed),
      summary: `claim ${claimed.map(({ key, desired }) => `${key} = ${desired}`).join(", ")} for ${claim.owner}`,
    },
    ...writeValues([
      ...unclaimed.flatMap((change) => restoredValues(change, seen)),
      ...differing.map(({ key, desired }) => [key, desired] as const),
    ]),
    ...end(claim, seen, unclaimed),
  ];
}

/**
 * Steps that take the owner off all of its settings, and restore those of these keys that nobody else has. The ledger last: until then it
 * tells the next run what is left to do.
 */
export function renderRelease(owner: string, seen: SysctlSeen, isOurs: (key: string) => boolean): readonly Step[] {
  const unclaimed = planRestore(seen, isOurs, owner);
  return [
    ...writeValues(unclaimed.flatMap((change) => restoredValues(change, seen))),
    {
      file: LEDGER,
      record: true,
      edit: (text) => unclaimed.reduce<string | undefined>(withoutRestored, removeOwner(text, owner)),
      summary: [`release ${owner}`, ...unclaimed.map(describeRestore)].join(", "),
    },
  ];
}

/** Settings that the owner has and no longer wants are restored as if it had gone, and those that nobody owns. */
function planUnclaimed({ owner, settings }: Claim, seen: SysctlSeen): readonly Restore[] {
  const owned = new Set(entriesOwnedBy(seen, owner).map(({ key }) => key));
  const isUnclaimed = (key: string) =>
    (owned.has(key) || seen.values.has(key)) && settings.every((setting) => setting.key !== key);
  return planRestore(seen, isUnclaimed, owner);
}

/** What the ledger forgets once the values are live. Until then it tells the next run what is left to do. */
function end({ owner, settings }: Claim, seen: SysctlSeen, unclaimed: readonly Restore[]): readonly Step[] {
  const keys = settings.map(({ key }) => key);
  const isLeft = ({ key, owners }: LedgerEntry) => !keys.includes(key) && owners.some(({ name }) => name === owner);
  const isChanged = ({ key, desired, replaced }: LedgerEntry) =>
    replaced !== undefined || settings.some((setting) => setting.key === key && String(setting.value) !== desired);
  const isDone = !ledgerEntries(seen.files).some((entry) => isLeft(entry) || isChanged(entry));
  if (isDone && unclaimed.length === 0) return [];
  return [
    {
      file: LEDGER,
      record: true,
      edit: (text) => unclaimed.reduce<string | undefined>(withoutRestored, endChange(text, owner, keys)),
      summary: [`${owner} has what it needs`, ...unclaimed.map(describeRestore)].join(", "),
    },
  ];
}

function entriesOwnedBy(seen: SysctlSeen, owner: string): LedgerEntry[] {
  return ledgerEntries(seen.files).filter(({ owners }) => owners.some(({ name }) => name === owner));
}
