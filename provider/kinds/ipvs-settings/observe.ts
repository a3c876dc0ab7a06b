import { isInBlock, isPersisted } from "../../dialects/ipvs/boot-rules";
import { isClaimPersisted, observedValues } from "../../dialects/sysctl/claim";
import { earlyLoadProblem } from "../../facts/files/module-loading";
import { connTabBitsIn, isLoadedEarly, sizeProblem } from "./module-files";
import type { SettingsSeen } from "./observation";
import {
  type IpvsSettings,
  readVsSettings,
  TIMEOUT_NAMES,
  type Timeouts,
  vsSettings,
  type WantedIpvsSettings,
} from "./schema";
import { ownedTimeouts, TIMEOUTS_OWNER, timeoutRule } from "./timeouts";

/** The owner of the settings in the sysctl ledger. */
export const OWNER = "IpvsSettings ipvs";

/** The settings that we own, with their live values. Undefined if we own none. */
export function observe(seen: SettingsSeen, want: WantedIpvsSettings): IpvsSettings | undefined {
  const values = observedValues(seen, { owner: OWNER, settings: vsSettings(want) });
  const bits = connTabBitsIn(seen.options);
  const owned = ownedTimeouts(seen);
  const persisted = isInBlock(seen, TIMEOUTS_OWNER) || isLoadedEarly(seen.load);
  if (values === undefined && bits === undefined && owned.length === 0 && !persisted) return undefined;
  const timeouts = liveTimeouts(seen, [...owned, ...Object.keys(want.timeouts ?? {})]);
  return {
    ...(Object.keys(timeouts).length > 0 && { timeouts }),
    ...readVsSettings(values ?? new Map<string, string>()),
    ...(bits !== undefined && { connTabBits: bits }),
    boot: observeBoot(seen, want),
    ...observePending(seen, bits),
  };
}

function liveTimeouts({ state }: SettingsSeen, names: readonly string[]): Timeouts {
  const present = TIMEOUT_NAMES.filter((name) => names.includes(name) && state.timeouts[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, state.timeouts[name]]));
}

/** Whether timeouts and settings are at boot as desired, and nothing else says another size of the table. */
function observeBoot(seen: SettingsSeen, want: WantedIpvsSettings): boolean {
  const settings = vsSettings(want);
  const claim = { owner: OWNER, settings };
  const inBlock = isInBlock(seen, TIMEOUTS_OWNER);
  const early = isLoadedEarly(seen.load);
  if (!want.boot) return inBlock || early || (settings.length > 0 && isClaimPersisted(seen, claim));
  const isLoaded = early && earlyLoadProblem(seen.modules, "ip_vs") === undefined;
  const settingsCurrent = settings.length === 0 ? !early : isLoaded && isClaimPersisted(seen, claim);
  const timeoutsCurrent =
    want.timeouts === undefined
      ? !inBlock
      : isPersisted(seen, TIMEOUTS_OWNER, [timeoutRule(want.timeouts)], want.rulesLoader);
  return settingsCurrent && timeoutsCurrent && sizeProblem(seen, want) === undefined;
}

function observePending({ state }: SettingsSeen, bits: number | undefined): { pending?: string } {
  if (bits === undefined || state.connTabBits === undefined || state.connTabBits === bits) return {};
  return { pending: `connTabBits is ${state.connTabBits} until the next boot` };
}
