import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { foundValues, isSetAtBoot, renderClaim } from "../../dialects/sysctl/claim";
import { LEDGER, release } from "../../dialects/sysctl/ledger";
import { planRestore, type Restore, renderRestore, type TuningSeen } from "../../dialects/sysctl/restore";
import { addresses } from "../../facts/network/addresses";
import { sysctlFiles, sysctlValues } from "../../facts/sysctl/values";
import type { Setting, Tuning } from "../../model/sysctl/setting";
import type { Advice, Step } from "../../step";
import type { Kind } from "../kind";

export type TuningChange<T extends Tuning = Tuning> =
  | { readonly op: "claim"; readonly tuning: T }
  | { readonly op: "release"; readonly tuning: Tuning }
  | Restore;

/** What one kind of tuning sets, and where it has to look. */
export interface TuningTable<T extends Tuning> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly key: (tuning: Pick<T, "devices">) => string;
  readonly settings: (tuning: T) => readonly Setting[];
  /** Patterns of all keys that it may ever set, and of those that change along, the same for all its resources. */
  readonly patterns: readonly string[];
}

/** A resource kind that is a table of kernel settings: live, and at boot in the file that all of them share. */
export function tuningKind<T extends Tuning>(table: TuningTable<T>): Kind<T, Tuning, TuningSeen, TuningChange<T>> {
  const { name, schema, key, settings, patterns } = table;
  const ownerOf = (tuning: Pick<T, "devices">) => `${name} ${key(tuning)}`;
  return {
    name,
    schema,
    identity: ["devices"],
    observedProperties: ["devices", "settings", "boot"],
    key,
    commands: (want) => settings(want).map(ruleOf),
    facts: () => ({ values: sysctlValues(...patterns), files: sysctlFiles, addresses }),
    observe: (seen, want) => find(seen, want.devices, ownerOf(want), settings(want)),
    plan,
    render: (change, seen) => render(change, seen, ownerOf, settings),
    cleanup: (seen, gone) => planRestore(seen, (one) => one in gone.settings),
    advice: sysctlAdvice,
  };
}

/** What to do when a setting is refused. */
export const sysctlAdvice: readonly Advice[] = [
  {
    when: /permission denied|read-only file system/i,
    say: "The host does not let root write kernel settings: is it a container?",
  },
];

export function ruleOf({ key, value, reason }: Setting): string {
  return `${key}=${value}  # ${reason}`;
}

export function releaseOf(owner: string): Step {
  return { file: LEDGER, edit: (text) => release(text, owner), summary: `release ${owner}` };
}

function plan<T extends Tuning>(want: T | undefined, have: Tuning | undefined): readonly TuningChange<T>[] {
  if (!want) return have ? [{ op: "release", tuning: have }] : [];
  const same = have && have.boot === want.boot && isDeepStrictEqual(have.settings, want.settings);
  return same === true ? [] : [{ op: "claim", tuning: want }];
}

/** Ours is what the ledger says so of; its values are what the kernel says, also of a setting that we own and no longer want. */
function find(
  seen: TuningSeen,
  devices: readonly string[],
  owner: string,
  settings: readonly Setting[],
): Tuning | undefined {
  const values = foundValues(seen, { owner, settings });
  if (values === undefined) return undefined;
  const live = Object.fromEntries([...values].map(([key, value]) => [key, Number(value)]));
  return { devices, settings: live, boot: isSetAtBoot(seen, { owner, settings }) };
}

function render<T extends Tuning>(
  change: TuningChange<T>,
  seen: TuningSeen,
  ownerOf: (tuning: Pick<T, "devices">) => string,
  settings: (tuning: T) => readonly Setting[],
): readonly Step[] {
  if (change.op === "restore" || change.op === "keepSetting") return renderRestore(change, seen);
  const { tuning } = change;
  if (change.op === "release") return [releaseOf(ownerOf(tuning))];
  return renderClaim({ owner: ownerOf(tuning), boot: change.tuning.boot, settings: settings(change.tuning) }, seen);
}
