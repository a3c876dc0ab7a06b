import { UserError } from "../../errors";
import type { Files } from "../../facts/files/lines";
import { isKernelValue } from "../../facts/sysctl/kernel-value";
import { sideEffectsOf } from "../../facts/sysctl/side-effects";
import { SYSCTL_UNITS } from "../../facts/sysctl/values";
import type { Setting } from "../../model/sysctl/setting";
import type { Step } from "../../step";
import { addOwner, ledgerEntries, removeOwner } from "./ledger";
import { LEDGER, type LedgerEntry } from "./ledger-text";
import { overruledBy } from "./precedence";
import { planRestore, renderRestore, type SysctlSeen } from "./restore";
import { writeValues } from "./write";

/** The settings that one resource wants. */
export interface Claim {
  readonly owner: string;
  readonly boot: boolean;
  readonly settings: readonly Setting[];
}

/** The live values of all settings that the owner wants or still owns. Undefined: it owns none. */
export function observedValues(
  seen: SysctlSeen,
  { owner, settings }: Omit<Claim, "boot">,
): Map<string, string> | undefined {
  const owned = entriesOwnedBy(seen, owner);
  if (owned.length === 0) return undefined;
  const keys = new Set([...settings.map(({ key }) => key), ...owned.map(({ key }) => key)]);
  return new Map(
    [...keys].flatMap((key) => {
      const value = seen.values.get(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** Whether the next boot sets exactly these values. */
export function isClaimPersisted(seen: SysctlSeen, { owner, settings }: Omit<Claim, "boot">): boolean {
  const owned = entriesOwnedBy(seen, owner);
  if (settings.length > 0 && maskOf(seen.files) !== undefined) return false;
  return settings.every(({ key, value }) => {
    const entry = owned.find((one) => one.key === key && isWritten(one, String(value)));
    const atBoot = entry?.owners.some(({ name, boot }) => name === owner && boot) === true;
    return atBoot && overruledBy(seen.files, key, String(value)) === undefined;
  });
}

/** Whether the line sets the value, in whatever words. */
function isWritten({ written }: LedgerEntry, value: string): boolean {
  return written !== undefined && isKernelValue(written, value);
}

/** Steps that set the values now and record the owner. `newDevices`: made by earlier steps, so they have no settings yet. */
export function renderClaim(claim: Claim, seen: SysctlSeen, newDevices: readonly string[] = []): readonly Step[] {
  for (const setting of claim.settings) refuse(setting, claim, seen, newDevices);
  refuseMask(claim, seen);
  const keys = claim.settings.map(({ key }) => key);
  const claimed = claim.settings.map(({ key, value, reason }) => {
    const desired = String(value);
    const original = seen.values.get(key);
    const alsoChanged = sideEffectsOf(key, desired, seen.values, keys);
    return {
      key,
      desired,
      reason,
      ...(original !== undefined && { original }),
      ...(alsoChanged.length > 0 && { alsoChanged }),
    };
  });
  const differing = claimed.filter(({ desired, original }) => original !== desired);
  return [
    // The ledger first: if the job is cut off, the original values are on record.
    {
      file: LEDGER,
      record: true,
      edit: (text) => addOwner(text, { name: claim.owner, boot: claim.boot }, claimed),
      summary: `claim ${claimed.map(({ key, desired }) => `${key} = ${desired}`).join(", ")} for ${claim.owner}`,
    },
    ...restoreUnclaimed(claim, seen),
    ...writeValues(differing.map(({ key, desired }) => [key, desired])),
  ];
}

/** The step that takes the owner off all of its settings. What has no owner then is the subject of `planRestore`. */
export function renderRelease(owner: string): Step {
  return { file: LEDGER, record: true, edit: (text) => removeOwner(text, owner), summary: `release ${owner}` };
}

/** Settings that the owner has and no longer wants are restored as if it had gone. */
function restoreUnclaimed({ owner, settings }: Claim, seen: SysctlSeen): Step[] {
  const owned = new Set(entriesOwnedBy(seen, owner).map(({ key }) => key));
  const isUnclaimed = (key: string) => owned.has(key) && settings.every((setting) => setting.key !== key);
  return planRestore(seen, isUnclaimed, owner).flatMap((change) => renderRestore(change, seen));
}

function entriesOwnedBy(seen: SysctlSeen, owner: string): LedgerEntry[] {
  return ledgerEntries(seen.files).filter(({ owners }) => owners.some(({ name }) => name === owner));
}

function refuse(
  { key, value }: Setting,
  { owner, boot }: Claim,
  seen: SysctlSeen,
  newDevices: readonly string[],
): void {
  if (!seen.values.has(key)) refuseMissing(key, seen, newDevices);
  const entry = ledgerEntries(seen.files).find((one) => one.key === key);
  const rival = entry?.owners.find(({ name }) => name !== owner);
  if (entry !== undefined && rival !== undefined && entry.desired !== String(value)) {
    throw new UserError(
      `${key} cannot be ${value}: ${rival.name} needs ${entry.desired} on this host. Give both the same value`,
    );
  }
  const other = boot ? overruledBy(seen.files, key, String(value)) : undefined;
  if (other === undefined) return;
  const set = other.value === "" ? "nothing" : other.value;
  const does = set === undefined ? `keeps ${key} from being set` : `sets ${key} to ${set}`;
  throw new UserError(
    `${other.path}, line ${other.number}, ${does} and is applied after ${other.after}, ` +
      `so ${value} would be lost at boot. Remove that line, or set "boot: false"`,
  );
}

function refuseMask({ boot, settings }: Claim, { files }: SysctlSeen): void {
  const mask = maskOf(files);
  if (!boot || settings.length === 0 || mask === undefined) return;
  throw new UserError(
    `${mask} masks the unit that sets kernel settings at boot. Run "systemctl unmask systemd-sysctl", or set "boot: false"`,
  );
}

/** An empty file, or a link to /dev/null. */
function maskOf(files: Files): string | undefined {
  return SYSCTL_UNITS.find((path) => files.get(path)?.length === 0);
}

function refuseMissing(key: string, { addresses }: SysctlSeen, newDevices: readonly string[]): void {
  const [, device] = /^net\.ipv[46]\.conf\.([^.]+)\./.exec(key) ?? [];
  if (device === undefined) throw new UserError(`the kernel of this host has no setting ${key}`);
  const name = device.replaceAll("/", ".");
  if (newDevices.includes(name)) return;
  throw new UserError(
    `this host has no setting ${key}: it has no device ${name}, only ${addresses.devices.join(", ")}`,
  );
}
