import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { isClaimPersisted, observedValues, renderClaim, renderRelease } from "../../dialects/sysctl/claim";
import { LEDGER } from "../../dialects/sysctl/ledger-text";
import { ownerName } from "../../dialects/sysctl/owner";
import { planRestore, type Restore, renderRestore, type SysctlSeen } from "../../dialects/sysctl/restore";
import { describeSetting, sysctlAdvice } from "../../dialects/sysctl/write";
import { addresses } from "../../facts/network/addresses";
import { bootSettings } from "../../facts/sysctl/boot-settings";
import { sysctlFiles, sysctlValues } from "../../facts/sysctl/values";
import type { Claim, Setting, Tuning } from "../../model/sysctl/setting";
import type { Step } from "../../step";
import type { Kind } from "../kind";
import { OBSERVED } from "./properties";

export type TuningChange<T extends Tuning = Tuning> =
  | { readonly op: "claim"; readonly tuning: T }
  | { readonly op: "release"; readonly tuning: Tuning }
  | Restore;

/** What one kind of tuning sets. */
export interface TuningTable<T extends Tuning> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly key: (tuning: Pick<T, "devices">) => string;
  readonly settings: (tuning: T) => readonly Setting[];
  /** Patterns of every key that it may set or change as a side effect. Constant, so that all its resources share one fact. */
  readonly patterns: readonly string[];
}

/** A resource kind that is a table of kernel settings: set now, and persisted in the ledger that all such kinds share. */
export function tuningKind<T extends Tuning>(
  table: TuningTable<T>,
  resource?: string,
): Kind<T, Tuning, SysctlSeen, TuningChange<T>> {
  const { name, schema, key, settings, patterns } = table;
  const ownerOf = (tuning: Pick<T, "devices">) => ownerName(`${name} ${key(tuning)}`, resource);
  const claimOf = (tuning: T) => ({ owner: ownerOf(tuning), boot: tuning.boot, settings: settings(tuning) });
  return {
    name,
    needs: ["ip", "sysctl"],
    schema,
    identity: ["devices"],
    observedProperties: OBSERVED,
    key,
    commands: (want) => settings(want).map(describeSetting),
    facts: () => ({ values: sysctlValues(...patterns), files: sysctlFiles, addresses, commands: bootSettings }),
    edits: () => [LEDGER],
    observe: (seen, want) => observe(seen, want.devices, claimOf(want)),
    plan,
    render: (change, seen) => render(change, seen, ownerOf, claimOf),
    // Also what a run claimed that was cut, and no state knows.
    cleanup: (seen, gone) => planRestore(seen, isOurs(gone, seen)),
    ownedBy: (one) => tuningKind(table, one),
    advice: sysctlAdvice,
  };
}

function plan<T extends Tuning>(want: T | undefined, have: Tuning | undefined): readonly TuningChange<T>[] {
  if (!want) return have ? [{ op: "release", tuning: have }] : [];
  const same = have && have.boot === want.boot && isDeepStrictEqual(have.settings, want.settings);
  return same === true ? [] : [{ op: "claim", tuning: want }];
}

const isOurs =
  ({ settings }: Tuning, { values }: SysctlSeen) =>
  (key: string) =>
    Object.hasOwn(settings, key) || values.has(key);

/** Ownership comes from the ledger, values from the kernel, including those of settings that are no longer desired. */
function observe(seen: SysctlSeen, devices: readonly string[], claim: Claim): Tuning | undefined {
  const values = observedValues(seen, claim);
  if (values === undefined) return undefined;
  const live = Object.fromEntries([...values].map(([key, value]) => [key, Number(value)]));
  return { devices, settings: live, boot: isClaimPersisted(seen, claim) };
}

function render<T extends Tuning>(
  change: TuningChange<T>,
  seen: SysctlSeen,
  ownerOf: (tuning: Pick<T, "devices">) => string,
  claimOf: (tuning: T) => Claim,
): readonly Step[] {
  if (change.op === "restore" || change.op === "keepSetting") return renderRestore(change, seen);
  if (change.op === "release") return renderRelease(ownerOf(change.tuning), seen, isOurs(change.tuning, seen));
  return renderClaim(claimOf(change.tuning), seen);
}
