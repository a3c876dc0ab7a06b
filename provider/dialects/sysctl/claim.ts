import { UserError } from "../../errors";
import { sideEffectsOf } from "../../facts/sysctl/side-effects";
import type { Setting } from "../../model/sysctl/setting";
import type { Step } from "../../step";
import { claim, LEDGER, ledgerOf } from "./ledger";
import type { Entry } from "./ledger-text";
import { overruledBy } from "./precedence";
import { planRestore, renderRestore, type TuningSeen, writeValues } from "./restore";

/** What one resource wants of the kernel. */
export interface Claim {
  readonly owner: string;
  readonly boot: boolean;
  readonly settings: readonly Setting[];
}

/** The live values of what is wanted, and of what is owned and no longer wanted. Undefined: this owner has nothing here. */
export function foundValues(
  seen: TuningSeen,
  { owner, settings }: Omit<Claim, "boot">,
): Map<string, string> | undefined {
  const owned = ownedBy(seen, owner);
  if (owned.length === 0) return undefined;
  const keys = new Set([...settings.map(({ key }) => key), ...owned.map(({ key }) => key)]);
  return new Map(
    [...keys].flatMap((key) => {
      const value = seen.values.get(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** Whether the next boot sets exactly this. */
export function isSetAtBoot(seen: TuningSeen, { owner, settings }: Omit<Claim, "boot">): boolean {
  const owned = ownedBy(seen, owner);
  return settings.every(({ key, value }) => {
    const entry = owned.find((one) => one.key === key && one.value === String(value));
    const atBoot = entry?.owners.some(({ name, boot }) => name === owner && boot) === true;
    return atBoot && overruledBy(seen.files, key, String(value)) === undefined;
  });
}

/** `made`: devices that earlier steps of the same change bring about, which have no settings yet. */
export function renderClaim(want: Claim, seen: TuningSeen, made: readonly string[] = []): readonly Step[] {
  for (const setting of want.settings) refuse(setting, want, seen, made);
  const keys = want.settings.map(({ key }) => key);
  const wanted = want.settings.map(({ key, value, reason }) => {
    const was = seen.values.get(key);
    const along = sideEffectsOf(key, String(value), seen.values, keys);
    return { key, value: String(value), reason, ...(was !== undefined && { was }), ...(along.length > 0 && { along }) };
  });
  const off = wanted.filter(({ value, was }) => was !== value);
  const edit = (text: string | undefined) => claim(text, { name: want.owner, boot: want.boot }, wanted);
  const says = `claim ${wanted.map(({ key, value }) => `${key} = ${value}`).join(", ")} for ${want.owner}`;
  // The file first: it holds what was before, and that must not be lost when this is cut off in the middle.
  return [
    { file: LEDGER, edit, summary: says },
    ...givenUp(want, seen),
    ...writeValues(off.map(({ key, value }) => [key, value])),
  ];
}

/** What this owner had and wants no more goes back, as it would if the owner went. */
function givenUp({ owner, settings }: Claim, seen: TuningSeen): Step[] {
  const owned = new Set(ownedBy(seen, owner).map(({ key }) => key));
  const isLeft = (key: string) => owned.has(key) && settings.every((setting) => setting.key !== key);
  return planRestore(seen, isLeft, owner).flatMap((change) => renderRestore(change, seen));
}

function ownedBy(seen: TuningSeen, owner: string): Entry[] {
  return ledgerOf(seen.files).filter(({ owners }) => owners.some(({ name }) => name === owner));
}

function refuse({ key, value }: Setting, { owner, boot }: Claim, seen: TuningSeen, made: readonly string[]): void {
  if (!seen.values.has(key)) refuseMissing(key, seen, made);
  const entry = ledgerOf(seen.files).find((one) => one.key === key);
  const rival = entry?.owners.find(({ name }) => name !== owner);
  if (entry !== undefined && rival !== undefined && entry.given !== String(value)) {
    throw new UserError(`${key} is to be ${value}, and ${rival.name} needs it to be ${entry.given} on this host`);
  }
  const other = boot ? overruledBy(seen.files, key, String(value)) : undefined;
  if (other === undefined) return;
  throw new UserError(
    `${other.path}, line ${other.number}, sets ${key} to ${other.value} and is read after ${other.path === LEDGER ? "our own" : LEDGER}, so ${value} would not ` +
      `last. Remove that line, or set "boot: false"`,
  );
}

function refuseMissing(key: string, { addresses }: TuningSeen, made: readonly string[]): void {
  const [, device] = /^net\.ipv[46]\.conf\.([^.]+)\./.exec(key) ?? [];
  if (device === undefined) throw new UserError(`the kernel of this host has no setting ${key}`);
  const name = device.replaceAll("/", ".");
  if (made.includes(name)) return;
  throw new UserError(
    `this host has no setting ${key}: there is no device ${name}, only ${addresses.devices.join(", ")}`,
  );
}
