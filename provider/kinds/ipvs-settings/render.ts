import { refuseBackupOnly } from "../../dialects/ipvs/backup-only";
import { type BootChange, cleanupRules, renderBoot } from "../../dialects/ipvs/boot-rules";
import { observedValues, renderClaim, renderRelease } from "../../dialects/sysctl/claim";
import { ownerName } from "../../dialects/sysctl/owner";
import { planRestore, type Restore, renderRestore } from "../../dialects/sysctl/restore";
import { UserError } from "../../errors";
import { earlyLoadProblem } from "../../facts/files/module-loading";
import { isWithin } from "../../model/sysctl/cpu-list";
import { run, type Step } from "../../step";
import { sizeProblem, writeConnTabBits, writeLoadedEarly } from "./module-files";
import { forgetNeeds, type Needs, needsOf, needsOfOthers, recordNeeds, refuseRivals } from "./needs";
import type { SettingsSeen } from "./observation";
import { OBJECT } from "./observe";
import { vsSettings, type WantedIpvsSettings } from "./schema";
import { bootTimeouts, bootTimeoutsOf, setTimeouts, TIMEOUTS_OWNER } from "./timeouts";

export type SettingsChange =
  | { readonly op: "apply"; readonly want: WantedIpvsSettings }
  | { readonly op: "release" }
  | Restore
  | BootChange;

export function renderSettings(
  change: SettingsChange,
  seen: SettingsSeen,
  resource: string | undefined,
): readonly Step[] {
  switch (change.op) {
    case "apply":
      return apply(change.want, seen, resource);
    case "release":
      return release(seen, resource);
    case "restore":
    case "keepSetting":
      return renderRestore(change, seen);
    default:
      return renderBoot(change, seen);
  }
}

/** What others need stays. */
function release(seen: SettingsSeen, resource: string | undefined): readonly Step[] {
  const others = needsOfOthers(seen.originals, resource);
  return [
    ...renderRelease(ownerName(OBJECT, resource), seen, isOurs),
    keepConnTabBits(others),
    keepLoadedEarly(others),
    ...setTimeouts({}, seen, others),
    ...bootTimeouts({ boot: false }, seen, others),
    ...forgetNeeds(resource),
  ];
}

/** The file has room for one value, and no two that need one differ. */
function keepConnTabBits(all: readonly Needs[]): Step {
  return writeConnTabBits(all.find(({ connTabBits }) => connTabBits !== undefined)?.connTabBits);
}

function keepLoadedEarly(all: readonly Needs[]): Step {
  return writeLoadedEarly(all.some(({ early }) => early));
}

/** After a delete: restores settings without an owner, and the loader. */
export function planCleanup(seen: SettingsSeen, resource: string | undefined): readonly SettingsChange[] {
  const isNeeded = Object.keys(bootTimeoutsOf(needsOfOthers(seen.originals, resource))).length > 0;
  return [
    ...planRestore(seen, isOurs),
    // Also where the state has no timeouts: a run that was cut may have begun to keep some.
    ...(isNeeded ? [] : cleanupRules(seen, TIMEOUTS_OWNER)),
  ];
}

const isOurs = (key: string) => key.startsWith("net.ipv4.vs.");

function refuseModule(needs: Needs, seen: SettingsSeen): void {
  const size = sizeProblem(seen, needs);
  if (size !== undefined) throw new UserError(size);
  const early = needs.early ? earlyLoadProblem(seen.modules, "ip_vs") : undefined;
  if (early !== undefined)
    throw new UserError(
      `the settings would be lost at boot, because ip_vs is not there yet: ${early}, or set boot: false`,
    );
}

/** The kernel leaves out those that the host does not have, without a word. */
function refuseProcessors({ estCpulist }: WantedIpvsSettings, { state }: SettingsSeen): void {
  const { processors } = state;
  if (estCpulist === undefined || processors === undefined || isWithin(estCpulist, processors)) return;
  throw new UserError(`estCpulist cannot be ${estCpulist}: this host has the processors ${processors}`);
}

/**
 * Original values can be read only when the module is loaded, so a host without it takes two passes: the first loads it. The size of
 * the table is written before that, because the module reads it when it is loaded.
 */
function apply(want: WantedIpvsSettings, seen: SettingsSeen, resource: string | undefined): readonly Step[] {
  const settings = vsSettings(want);
  const needs = needsOf(want);
  refuseModule(needs, seen);
  refuseBackupOnly(want.backupOnly === true, seen.daemons ?? []);
  const others = needsOfOthers(seen.originals, resource);
  refuseRivals(needs, others);
  const all = [needs, ...others];
  const bits = keepConnTabBits(all);
  // What this refuses is refused before the module is loaded.
  const atBoot = bootTimeouts(want, seen, others);
  const needsModule = settings.length > 0 || want.timeouts !== undefined;
  const record = recordNeeds(resource, want);
  if (needsModule && !seen.state.loaded) {
    return [...record, bits, { ...run("modprobe", "ip_vs"), once: true }];
  }
  refuseProcessors(want, seen);
  const claim = { owner: ownerName(OBJECT, resource), settings, boot: want.boot };
  const claims = settings.length > 0 || observedValues(seen, claim) !== undefined;
  return [
    ...record,
    bits,
    ...(claims ? renderClaim(claim, seen) : []),
    keepLoadedEarly(all),
    ...setTimeouts(want.timeouts ?? {}, seen, others),
    ...atBoot,
  ];
}
