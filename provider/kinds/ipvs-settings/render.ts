import { z } from "zod";
import { type BootChange, cleanupRules, isInBlock, renderBoot } from "../../dialects/ipvs/boot-rules";
import type { LoaderFacts } from "../../dialects/ipvs/loader";
import type { RuleOwner } from "../../dialects/ipvs/rules-file";
import { observedValues, renderClaim, renderRelease } from "../../dialects/sysctl/claim";
import { planRestore, type Restore, renderRestore, type SysctlSeen } from "../../dialects/sysctl/restore";
import { dropOriginal, type OriginalState, originalOf, recordChange } from "../../facts/files/original-state";
import { TIMEOUTS } from "../../facts/ipvs/rule-target";
import { run, type Step } from "../../step";
import type { IpvsState } from "./facts";
import { writeConnTabBits, writeLoadedEarly } from "./module-files";
import { TIMEOUT_NAMES, type TimeoutName, type Timeouts, vsSettings, type WantedIpvsSettings } from "./schema";

export interface SettingsSeen extends SysctlSeen, LoaderFacts {
  readonly state: IpvsState;
  readonly options: string | undefined;
  readonly load: string | undefined;
  readonly before: OriginalState;
}

export type SettingsChange =
  | { readonly op: "apply"; readonly want: WantedIpvsSettings }
  | { readonly op: "release" }
  | Restore
  | BootChange;

const KIND = "IpvsSettings";
export const OWNER = `${KIND} ipvs`;
export const TIMEOUTS_OWNER: RuleOwner = { service: TIMEOUTS, itself: true, servers: [] };

export function renderSettings(change: SettingsChange, seen: SettingsSeen): readonly Step[] {
  switch (change.op) {
    case "apply":
      return apply(change.want, seen);
    case "release":
      return [
        renderRelease(OWNER),
        writeConnTabBits(undefined),
        writeLoadedEarly(false),
        ...giveBack(ownedTimeouts(seen), seen),
        ...renderBoot({ op: "unboot", owner: TIMEOUTS_OWNER }, seen),
      ];
    case "restore":
    case "keepSetting":
      return renderRestore(change, seen);
    default:
      return renderBoot(change, seen);
  }
}

export function sweepSettings(seen: SettingsSeen, { timeouts = {} }: WantedIpvsSettings): readonly SettingsChange[] {
  return [
    ...planRestore(seen, (key) => key.startsWith("net.ipv4.vs.")),
    ...(Object.keys(timeouts).length > 0 ? cleanupRules(seen, TIMEOUTS_OWNER) : []),
  ];
}

/** Those that we have set, and whose former values are remembered. */
export function ownedTimeouts({ before }: Pick<SettingsSeen, "before">): TimeoutName[] {
  return TIMEOUT_NAMES.filter((name) => recorded(before, name) !== undefined);
}

/** As ipvsadm has it: 0 leaves one as it is. */
export function setWords(timeouts: Timeouts): string[] {
  return ["--set", ...TIMEOUT_NAMES.map((name) => String(timeouts[name] ?? 0))];
}

export function setLine(timeouts: Timeouts): string {
  return setWords(timeouts).join(" ");
}

/**
 * What was before can be told only once the module is loaded, so a host that has not loaded it yet takes two moves. The size
 * of the table comes ahead of that: it counts when the module is loaded.
 */
function apply(want: WantedIpvsSettings, seen: SettingsSeen): readonly Step[] {
  const settings = vsSettings(want);
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

function setTimeouts(wanted: Timeouts, seen: SettingsSeen): readonly Step[] {
  const { timeouts } = seen.state;
  const named = TIMEOUT_NAMES.filter((name) => wanted[name] !== undefined);
  const off = named.filter((name) => wanted[name] !== timeouts[name]);
  const givenUp = ownedTimeouts(seen).filter((name) => wanted[name] === undefined);
  return [
    ...named.map((name) =>
      recordChange(KIND, keyOf(name), { was: timeouts[name] ?? 0, set: wanted[name] ?? 0 }, RECORD),
    ),
    ...(off.length > 0 ? [run("ipvsadm", ...setWords(pick(wanted, off)))] : []),
    ...giveBack(givenUp, seen),
  ];
}

/** Back to what was, unless somebody has changed it since. */
function giveBack(names: readonly TimeoutName[], { state, before }: SettingsSeen): readonly Step[] {
  const still = names.filter((name) => state.timeouts[name] === recorded(before, name)?.set);
  const was = Object.fromEntries(still.map((name) => [name, recorded(before, name)?.was]));
  return [
    ...(still.length > 0 ? [run("ipvsadm", ...setWords(was))] : []),
    ...names.flatMap((name) => dropOriginal(KIND, keyOf(name))),
  ];
}

/** The timeout before us, and the one that we set last. */
const RECORD = z.object({ was: z.number(), set: z.number() });

function recorded(state: OriginalState, name: TimeoutName) {
  return originalOf(state, KIND, keyOf(name), RECORD);
}

function keyOf(name: TimeoutName): string {
  return `timeout ${name}`;
}

function bootTimeouts({ timeouts, boot, rulesLoader }: WantedIpvsSettings, seen: SettingsSeen): readonly Step[] {
  if (!boot || timeouts === undefined) {
    const left = isInBlock(seen, TIMEOUTS_OWNER) ? cleanupRules(seen, TIMEOUTS_OWNER) : [];
    return left.flatMap((change) => renderBoot(change, seen));
  }
  const lines = [setLine(timeouts)];
  return renderBoot(
    { op: "boot", owner: TIMEOUTS_OWNER, rules: lines, ...(rulesLoader !== undefined && { dialect: rulesLoader }) },
    seen,
  );
}

function pick(timeouts: Timeouts, names: readonly TimeoutName[]): Timeouts {
  return Object.fromEntries(names.map((name) => [name, timeouts[name]]));
}
