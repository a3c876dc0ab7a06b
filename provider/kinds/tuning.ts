import { isDeepStrictEqual } from "node:util";
import { overruledBy } from "../dialects/sysctl-files";
import { claim, LEDGER, release } from "../dialects/sysctl-ledger";
import { UserError } from "../errors";
import { addresses } from "../facts/addresses";
import { sysctlFiles, sysctlValues } from "../facts/sysctl";
import { type Setting, type Tuning, tuningSchema } from "../model/tuning";
import type { Step } from "../step";
import type { Kind } from "./kind";
import { ledger, planRestore, type Restore, renderRestore, type TuningSeen, writeValues } from "./tuning-restore";

export type TuningChange =
  | { readonly op: "claim"; readonly tuning: Tuning }
  | { readonly op: "release"; readonly tuning: Tuning }
  | Restore;

/** What one kind of tuning sets, and where it has to look. */
export interface TuningTable {
  readonly name: string;
  readonly settings: (devices: readonly string[]) => readonly Setting[];
  /** Patterns of all keys that it may ever set, the same for all its resources. */
  readonly patterns: readonly string[];
}

/** A resource kind that is a table of kernel settings: live, and at boot in the file that all of them share. */
export function tuningKind({ name, settings, patterns }: TuningTable): Kind<Tuning, Tuning, TuningSeen, TuningChange> {
  const key = ({ devices }: Tuning) => ["all", "lo", ...devices].join(" ");
  const owner = (tuning: Tuning) => `${name} ${key(tuning)}`;
  return {
    name,
    schema: tuningSchema(settings),
    identity: ["devices"],
    observed: ["devices", "settings", "boot"],
    key,
    rule: ({ devices }) => settings(devices).map(ruleOf).join("\n"),
    facts: () => ({ values: sysctlValues(...patterns), files: sysctlFiles, addresses }),
    find: (seen, want) => find(seen, want, owner(want), settings(want.devices)),
    plan,
    render: (change, seen) => {
      if (change.op === "restore" || change.op === "keepSetting") return renderRestore(change, seen);
      const { tuning } = change;
      if (change.op === "claim") return renderClaim(tuning, owner(tuning), settings(tuning.devices), seen);
      return [{ file: LEDGER, edit: (text) => release(text, owner(tuning)), says: `release ${owner(tuning)}` }];
    },
    sweep: (seen, gone) => planRestore(seen, (one) => one in gone.settings),
    advice: [
      {
        when: /permission denied|read-only file system/i,
        say: "The host does not let root write kernel settings: is it a container?",
      },
    ],
  };
}

export function plan(want: Tuning | undefined, have: Tuning | undefined): readonly TuningChange[] {
  if (!want) return have ? [{ op: "release", tuning: have }] : [];
  const { devices: _, ...wanted } = want;
  const { devices: __, ...found } = have ?? { devices: [] };
  return isDeepStrictEqual(wanted, found) ? [] : [{ op: "claim", tuning: want }];
}

function ruleOf({ key, value, reason }: Setting): string {
  return `${key}=${value}  # ${reason}`;
}

/** Ours is what the ledger says so of; its values are what the kernel says, also of a setting that we own and no longer want. */
function find(seen: TuningSeen, { devices }: Tuning, owner: string, table: readonly Setting[]): Tuning | undefined {
  const owned = ledger(seen).filter(({ owners }) => owners.some(({ name }) => name === owner));
  if (owned.length === 0) return undefined;
  const keys = [...new Set([...table.map(({ key }) => key), ...owned.map(({ key }) => key)])];
  const live = keys.flatMap((key) => {
    const value = seen.values.get(key);
    return value === undefined ? [] : [[key, Number(value)] as const];
  });
  const boot = table.every(({ key, value }) => {
    const entry = owned.find((one) => one.key === key && one.value === String(value));
    const atBoot = entry?.owners.some(({ name, boot: too }) => name === owner && too) === true;
    return atBoot && overruledBy(seen.files, key, String(value)) === undefined;
  });
  return { devices, settings: Object.fromEntries(live), boot };
}

function renderClaim(tuning: Tuning, owner: string, settings: readonly Setting[], seen: TuningSeen): readonly Step[] {
  for (const setting of settings) refuse(setting, tuning, owner, seen);
  const wanted = settings.map(({ key, value, reason }) => {
    const was = seen.values.get(key);
    return { key, value: String(value), reason, ...(was !== undefined && { was }) };
  });
  const off = wanted.filter(({ value, was }) => was !== value);
  const edit = (text: string | undefined) => claim(text, { name: owner, boot: tuning.boot }, wanted);
  // The file first: it holds what was before, and that must not be lost when this is cut off in the middle.
  return [
    {
      file: LEDGER,
      edit,
      says: `claim ${wanted.map(({ key, value }) => `${key} = ${value}`).join(", ")} for ${owner}`,
    },
    ...writeValues(off.map(({ key, value }) => [key, value])),
  ];
}

function refuse({ key, value }: Setting, { boot }: Tuning, owner: string, seen: TuningSeen): void {
  if (!seen.values.has(key)) {
    const [, device = ""] = /^net\.ipv4\.conf\.([^.]+)\./.exec(key) ?? [];
    const name = device.replaceAll("/", ".");
    throw new UserError(
      `this host has no setting ${key}: there is no device ${name}, only ${seen.addresses.devices.join(", ")}`,
    );
  }
  const entry = ledger(seen).find((one) => one.key === key);
  const rival = entry?.owners.find(({ name }) => name !== owner);
  if (entry !== undefined && rival !== undefined && entry.value !== String(value)) {
    throw new UserError(`${key} is to be ${value}, and ${rival.name} needs it to be ${entry.value} on this host`);
  }
  const other = boot ? overruledBy(seen.files, key, String(value)) : undefined;
  if (other === undefined) return;
  throw new UserError(
    `${other.path}, line ${other.number}, sets ${key} to ${other.value} and is read after ${LEDGER}, so ${value} would not ` +
      `last. Remove that line, or set "boot: false"`,
  );
}
