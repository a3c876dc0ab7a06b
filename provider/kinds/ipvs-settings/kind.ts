import { isDeepStrictEqual } from "node:util";
import { isInBlock, isPersisted, rulesFacts } from "../../dialects/ipvs/boot-rules";
import { isClaimPersisted, observedValues } from "../../dialects/sysctl/claim";
import { describeSetting, sysctlAdvice } from "../../dialects/sysctl/write";
import { originalState } from "../../facts/files/original-state";
import { ipvsAdvice } from "../../facts/ipvs/table";
import { addresses } from "../../facts/network/addresses";
import { sysctlFiles } from "../../facts/sysctl/values";
import { defineKind } from "../define-kind";
import { ipvsState, vsValues } from "./facts";
import { connTabBitsIn, isLoadedEarly, loadFile, optionsFile } from "./module-files";
import {
  OWNER,
  ownedTimeouts,
  renderSettings,
  type SettingsChange,
  type SettingsSeen,
  setLine,
  setWords,
  sweepSettings,
  TIMEOUTS_OWNER,
} from "./render";
import {
  type IpvsSettings,
  readVsSettings,
  SETTING_NAMES,
  ipvsSettings as schema,
  TIMEOUT_NAMES,
  type Timeouts,
  vsSettings,
  type WantedIpvsSettings,
} from "./schema";

/** What a director's IPVS goes by as a whole: timeouts, kernel settings, the size of the connection table. */
export const ipvsSettings = defineKind<WantedIpvsSettings, IpvsSettings, SettingsSeen, SettingsChange>({
  name: "IpvsSettings",
  schema,
  identity: [],
  observedProperties: [...SETTING_NAMES, "boot", "pending"],
  renamed: { rules: "rulesLoader" },
  key: () => "ipvs",
  commands: (want) => [
    ...(want.timeouts === undefined ? [] : [["ipvsadm", ...setWords(want.timeouts)].join(" ")]),
    ...vsSettings(want).map(describeSetting),
    ...(want.connTabBits === undefined
      ? []
      : [`options ip_vs conn_tab_bits=${want.connTabBits}  # when the module is loaded next: at the next boot`]),
  ],
  facts: () => ({
    state: ipvsState,
    values: vsValues,
    files: sysctlFiles,
    addresses,
    options: optionsFile,
    load: loadFile,
    before: originalState,
    ...rulesFacts,
  }),
  observe: find,
  plan,
  render: renderSettings,
  cleanup: sweepSettings,
  advice: [...sysctlAdvice, ...ipvsAdvice],
});

function find(seen: SettingsSeen, want: WantedIpvsSettings): IpvsSettings | undefined {
  const claim = { owner: OWNER, settings: vsSettings(want) };
  const owned = observedValues(seen, claim);
  const bits = connTabBitsIn(seen.options);
  const mine = ownedTimeouts(seen);
  const booted = isInBlock(seen, TIMEOUTS_OWNER) || isLoadedEarly(seen.load);
  if (owned === undefined && bits === undefined && mine.length === 0 && !booted) return undefined;
  const timeouts = timeoutsOf(seen, [...mine, ...Object.keys(want.timeouts ?? {})]);
  return {
    ...(Object.keys(timeouts).length > 0 && { timeouts }),
    ...readVsSettings(owned ?? new Map<string, string>()),
    ...(bits !== undefined && { connTabBits: bits }),
    boot: bootOf(seen, want),
    ...pendingOf(seen, bits),
  };
}

function timeoutsOf({ state }: SettingsSeen, names: readonly string[]): Timeouts {
  const known = TIMEOUT_NAMES.filter((name) => names.includes(name) && state.timeouts[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, state.timeouts[name]]));
}

/** The size of the table is in a file in any case: it is nothing but what the next boot does. */
function bootOf(seen: SettingsSeen, want: WantedIpvsSettings): boolean {
  const settings = vsSettings(want);
  const claim = { owner: OWNER, settings };
  const inBlock = isInBlock(seen, TIMEOUTS_OWNER);
  const parts = [
    ...(settings.length === 0 ? [] : [isClaimPersisted(seen, claim) && isLoadedEarly(seen.load)]),
    ...(want.timeouts === undefined
      ? []
      : [isPersisted(seen, TIMEOUTS_OWNER, [setLine(want.timeouts)], want.rulesLoader)]),
  ];
  const strays = [settings.length === 0 && isLoadedEarly(seen.load), want.timeouts === undefined && inBlock];
  if (want.boot) return parts.every(Boolean) && !strays.some(Boolean);
  return inBlock || isLoadedEarly(seen.load) || (settings.length > 0 && isClaimPersisted(seen, claim));
}

function pendingOf({ state }: SettingsSeen, bits: number | undefined): { pending?: string } {
  if (bits === undefined || state.connTabBits === undefined || state.connTabBits === bits) return {};
  return { pending: `connTabBits is ${state.connTabBits} until the next boot` };
}

function plan(want: WantedIpvsSettings | undefined, have: IpvsSettings | undefined): readonly SettingsChange[] {
  if (!want) return have ? [{ op: "release" }] : [];
  const { rulesLoader: _, ...wanted } = want;
  const { pending: __, ...found } = have ?? {};
  return isDeepStrictEqual(wanted, found) ? [] : [{ op: "apply", want }];
}
