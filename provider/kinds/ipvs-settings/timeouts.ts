import { z } from "zod";
import { cleanupRules, renderBoot } from "../../dialects/ipvs/boot-rules";
import type { RuleOwner } from "../../dialects/ipvs/rules-file";
import {
  dropOriginal,
  isSetByUs,
  type OriginalState,
  originalOf,
  recordChange,
  recordEnd,
  recordedChange,
} from "../../facts/files/original-state";
import { TIMEOUTS } from "../../facts/ipvs/rule-target";
import type { RulesLoaderName } from "../../model/ipvs/rules-loader";
import { run, type Step } from "../../step";
import { joinTimeouts, type Needs } from "./needs";
import type { SettingsSeen } from "./observation";
import { TIMEOUT_NAMES, type TimeoutName, type Timeouts, type WantedIpvsSettings } from "./schema";

/** The owner of the line `--set` in the rules for boot. */
export const TIMEOUTS_OWNER: RuleOwner = { service: TIMEOUTS, itself: true, servers: [] };

/** The timeouts that we have set, whose original values are recorded. */
export function ownedTimeouts({ originals }: Pick<SettingsSeen, "originals">): TimeoutName[] {
  return TIMEOUT_NAMES.filter((name) => recorded(originals, name) !== undefined);
}

/** `--set 300 0 30`: 0 leaves a timeout unchanged. */
export function timeoutArgs(timeouts: Timeouts): string[] {
  return ["--set", ...TIMEOUT_NAMES.map((name) => String(timeouts[name] ?? 0))];
}

export function timeoutRule(timeouts: Timeouts): string {
  return timeoutArgs(timeouts).join(" ");
}

/** Records the original values and sets the desired ones. Timeouts that nobody desires any more are restored. */
export function setTimeouts(desired: Timeouts, seen: SettingsSeen, others: readonly Needs[]): readonly Step[] {
  const { timeouts: live } = seen.state;
  const names = TIMEOUT_NAMES.filter((name) => desired[name] !== undefined);
  const different = names.filter((name) => desired[name] !== live[name]);
  const theirs = joinTimeouts(others);
  const released = ownedTimeouts(seen).filter((name) => desired[name] === undefined && theirs[name] === undefined);
  return [
    ...names.map((name) =>
      recordChange(KIND, recordKey(name), { live: live[name] ?? 0, set: desired[name] ?? 0 }, RECORD),
    ),
    ...(different.length > 0 ? [run("ipvsadm", ...timeoutArgs(pick(desired, different)))] : []),
    ...names.flatMap((name) =>
      recordEnd(seen.originals, KIND, recordKey(name), { set: desired[name] ?? 0, schema: RECORD }),
    ),
    ...restoreTimeouts(released, seen),
  ];
}

/** Sets the original values, except where somebody else has changed a timeout since. */
function restoreTimeouts(names: readonly TimeoutName[], { state, originals }: SettingsSeen): readonly Step[] {
  const unchanged = names.filter((name) => {
    const record = recorded(originals, name);
    return record !== undefined && isSetByUs(record, state.timeouts[name] ?? 0);
  });
  const values = Object.fromEntries(unchanged.map((name) => [name, recorded(originals, name)?.was]));
  return [
    ...(unchanged.length > 0 ? [run("ipvsadm", ...timeoutArgs(values))] : []),
    ...names.map((name) => dropOriginal(KIND, recordKey(name))),
  ];
}

/** Persists the timeouts in the rules for boot, beside those of other resources, or removes them from there. */
export function bootTimeouts(
  { timeouts, boot, rulesLoader }: Pick<WantedIpvsSettings, "timeouts" | "boot" | "rulesLoader">,
  seen: SettingsSeen,
  others: readonly Needs[],
): readonly Step[] {
  const joined = bootTimeoutsOf([...others, { timeouts: timeouts ?? {}, boot }]);
  if (Object.keys(joined).length === 0) {
    return cleanupRules(seen, TIMEOUTS_OWNER).flatMap((change) => renderBoot(change, seen));
  }
  const rules = [timeoutRule(joined)];
  const named = rulesLoader ?? loaderNamedBy(others);
  const dialect = named === undefined ? {} : { dialect: named };
  return renderBoot({ op: "boot", owner: TIMEOUTS_OWNER, rules, ...dialect }, seen);
}

/** The loader that others name for what all have at boot. No two name different ones. */
export function loaderNamedBy(others: readonly Needs[]): RulesLoaderName | undefined {
  return others.find(({ rulesLoader }) => rulesLoader !== undefined)?.rulesLoader;
}

/** Those that the next boot shall set. */
export function bootTimeoutsOf(all: readonly Pick<Needs, "timeouts" | "boot">[]): Timeouts {
  return joinTimeouts(all.filter(({ boot }) => boot));
}

const KIND = "IpvsSettings";

/** The timeout before us, and the one that we set last. */
const RECORD = recordedChange(z.number());

/** Whether a run was cut in the middle of a change of one of them. */
export function isChangeCut({ originals }: Pick<SettingsSeen, "originals">, timeouts: Timeouts = {}): boolean {
  return TIMEOUT_NAMES.some((name) => timeouts[name] !== undefined && recorded(originals, name)?.until !== undefined);
}

function recorded(originals: OriginalState, name: TimeoutName) {
  return originalOf(originals, KIND, recordKey(name), RECORD);
}

function recordKey(name: TimeoutName): string {
  return `timeout ${name}`;
}

function pick(timeouts: Timeouts, names: readonly TimeoutName[]): Timeouts {
  return Object.fromEntries(names.map((name) => [name, timeouts[name]]));
}
