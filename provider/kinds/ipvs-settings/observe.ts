import { hasBootTraces, isInBlock, isPersisted } from "../../dialects/ipvs/boot-rules";
import { isClaimPersisted, observedValues } from "../../dialects/sysctl/claim";
import { ownerName } from "../../dialects/sysctl/owner";
import { earlyLoadProblem } from "../../facts/files/module-loading";
import { connTabBitsIn, isLoadedEarly, sizeProblem } from "./module-files";
import { areNeedsRecorded, type Needs, needsOfOthers, ownNeeds } from "./needs";
import type { SettingsSeen } from "./observation";
import {
  type IpvsSettings,
  readVsSettings,
  TIMEOUT_NAMES,
  type Timeouts,
  vsSettings,
  type WantedIpvsSettings,
} from "./schema";
import { bootTimeoutsOf, isChangeCut, loaderNamedBy, ownedTimeouts, TIMEOUTS_OWNER, timeoutRule } from "./timeouts";

/** The object that owns settings in the sysctl ledger. */
export const OBJECT = "IpvsSettings ipvs";

/** The settings that the resource owns, with their live values. Undefined if it owns none. */
export function observe(
  seen: SettingsSeen,
  want: WantedIpvsSettings,
  resource: string | undefined,
): IpvsSettings | undefined {
  const values = observedValues(seen, { owner: ownerName(OBJECT, resource), settings: vsSettings(want) });
  const own = ownNeeds(seen.originals, resource);
  const others = needsOfOthers(seen.originals, resource);
  if (values === undefined && own === undefined && (others.length > 0 || !hasTraces(seen))) return undefined;
  const bits = others.length > 0 && own?.connTabBits === undefined ? undefined : connTabBitsIn(seen.options);
  const owned = own === undefined && others.length === 0 ? ownedTimeouts(seen) : Object.keys(own?.timeouts ?? {});
  const timeouts = liveTimeouts(seen, [...owned, ...Object.keys(want.timeouts ?? {})]);
  return {
    ...(Object.keys(timeouts).length > 0 && { timeouts }),
    ...readVsSettings(values ?? new Map<string, string>()),
    ...(bits !== undefined && { connTabBits: bits }),
    boot: observeBoot(seen, want, resource, others),
    ...observePending(seen, bits),
  };
}

/** Of a resource whose needs are not recorded: one of 0.1.0, or one whose first run was interrupted. */
function hasTraces(seen: SettingsSeen): boolean {
  const persisted = isInBlock(seen, TIMEOUTS_OWNER) || isLoadedEarly(seen.load);
  return connTabBitsIn(seen.options) !== undefined || ownedTimeouts(seen).length > 0 || persisted;
}

function liveTimeouts({ state }: SettingsSeen, names: readonly string[]): Timeouts {
  const present = TIMEOUT_NAMES.filter((name) => names.includes(name) && state.timeouts[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, state.timeouts[name]]));
}

/** Whether timeouts and settings are at boot as desired, beside those of other resources, and nothing else says another size of the table. */
function observeBoot(
  seen: SettingsSeen,
  want: WantedIpvsSettings,
  resource: string | undefined,
  others: readonly Needs[],
): boolean {
  const settings = vsSettings(want);
  const claim = { owner: ownerName(OBJECT, resource), settings, boot: want.boot };
  const theirs = bootTimeoutsOf(others);
  const isTheirs = { early: others.some(({ early }) => early), inBlock: Object.keys(theirs).length > 0 };
  const inBlock = hasBootTraces(seen, TIMEOUTS_OWNER) && !isTheirs.inBlock;
  const early = isLoadedEarly(seen.load);
  const isRecorded = areNeedsRecorded(seen.originals, resource, want) && !isChangeCut(seen, want.timeouts);
  if (!want.boot) return !isRecorded || inBlock || (early && !isTheirs.early) || isClaimPersisted(seen, claim);
  if (!isRecorded) return false;
  const isLoaded = early && earlyLoadProblem(seen.modules, "ip_vs") === undefined;
  const settingsCurrent = settings.length === 0 ? !early || isTheirs.early : isLoaded && isClaimPersisted(seen, claim);
  const timeoutsCurrent =
    want.timeouts === undefined
      ? !inBlock
      : isPersisted(
          seen,
          TIMEOUTS_OWNER,
          [timeoutRule({ ...theirs, ...want.timeouts })],
          want.rulesLoader ?? loaderNamedBy(others),
        );
  return settingsCurrent && timeoutsCurrent && sizeProblem(seen, want) === undefined;
}

function observePending({ state }: SettingsSeen, bits: number | undefined): { pending?: string } {
  if (bits === undefined || state.connTabBits === undefined || state.connTabBits === bits) return {};
  return { pending: `connTabBits is ${state.connTabBits} until the next boot` };
}
