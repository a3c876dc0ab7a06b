import { type BootChange, cleanupRules, renderBoot } from "../../dialects/ipvs/boot-rules";
import { observedValues, renderClaim, renderRelease } from "../../dialects/sysctl/claim";
import { planRestore, type Restore, renderRestore } from "../../dialects/sysctl/restore";
import { UserError } from "../../errors";
import { earlyLoadProblem } from "../../facts/files/module-loading";
import { run, type Step } from "../../step";
import { sizeProblem, writeConnTabBits, writeLoadedEarly } from "./module-files";
import type { SettingsSeen } from "./observation";
import { OWNER } from "./observe";
import { vsSettings, type WantedIpvsSettings } from "./schema";
import { bootTimeouts, ownedTimeouts, restoreTimeouts, setTimeouts, TIMEOUTS_OWNER } from "./timeouts";

export type SettingsChange =
  | { readonly op: "apply"; readonly want: WantedIpvsSettings }
  | { readonly op: "release" }
  | Restore
  | BootChange;

export function renderSettings(change: SettingsChange, seen: SettingsSeen): readonly Step[] {
  switch (change.op) {
    case "apply":
      return apply(change.want, seen);
    case "release":
      return [
        renderRelease(OWNER),
        writeConnTabBits(undefined),
        writeLoadedEarly(false),
        ...restoreTimeouts(ownedTimeouts(seen), seen),
        ...renderBoot({ op: "unboot", owner: TIMEOUTS_OWNER }, seen),
      ];
    case "restore":
    case "keepSetting":
      return renderRestore(change, seen);
    default:
      return renderBoot(change, seen);
  }
}

/** After a delete: restores settings without an owner, and the loader. */
export function planCleanup(seen: SettingsSeen, { timeouts = {} }: WantedIpvsSettings): readonly SettingsChange[] {
  return [
    ...planRestore(seen, (key) => key.startsWith("net.ipv4.vs.")),
    ...(Object.keys(timeouts).length > 0 ? cleanupRules(seen, TIMEOUTS_OWNER) : []),
  ];
}

function refuseModule(want: WantedIpvsSettings, seen: SettingsSeen): void {
  const size = sizeProblem(seen, want);
  if (size !== undefined) throw new UserError(size);
  const isEarly = want.boot && vsSettings(want).length > 0;
  const early = isEarly ? earlyLoadProblem(seen.modules, "ip_vs") : undefined;
  if (early !== undefined)
    throw new UserError(
      `the settings would be lost at boot, because ip_vs is not there yet: ${early}, or set boot: false`,
    );
}

/**
 * Original values can be read only when the module is loaded, so a host without it takes two passes: the first loads it. The size of
 * the table is written before that, because the module reads it when it is loaded.
 */
function apply(want: WantedIpvsSettings, seen: SettingsSeen): readonly Step[] {
  const settings = vsSettings(want);
  refuseModule(want, seen);
  const bits = writeConnTabBits(want.connTabBits);
  const needsModule = settings.length > 0 || want.timeouts !== undefined;
  if (needsModule && !seen.state.loaded) return [bits, { ...run("modprobe", "ip_vs"), once: true }];
  const claim = { owner: OWNER, settings, boot: want.boot };
  const claims = settings.length > 0 || observedValues(seen, claim) !== undefined;
  return [
    bits,
    ...(claims ? renderClaim(claim, seen) : []),
    writeLoadedEarly(want.boot && settings.length > 0),
    ...setTimeouts(want.timeouts ?? {}, seen),
    ...bootTimeouts(want, seen),
  ];
}
