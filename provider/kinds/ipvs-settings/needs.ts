import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { UserError } from "../../errors";
import { dropOriginal, keysOf, type OriginalState, originalOf, recordValue } from "../../facts/files/original-state";
import { rulesLoader } from "../../model/ipvs/rules-loader";
import type { Step } from "../../step";
import { TIMEOUT_NAMES, type Timeouts, vsSettings, type WantedIpvsSettings } from "./schema";

const KIND = "IpvsSettings";

/** What one resource needs of the things that have room for one value and for no note of an owner. */
const NEEDS = z.strictObject({
  timeouts: z.strictObject({ tcp: z.number().optional(), tcpFin: z.number().optional(), udp: z.number().optional() }),
  connTabBits: z.number().optional(),
  boot: z.boolean(),
  /** The loader that it names for its timeouts at boot. */
  rulesLoader,
  /** It has kernel settings that the next boot shall set, for which the module has to be loaded early. */
  early: z.boolean(),
});

export type Needs = z.output<typeof NEEDS>;

export interface NamedNeeds extends Needs {
  readonly resource: string;
}

export function needsOf(want: WantedIpvsSettings): Needs {
  const { timeouts = {}, connTabBits, boot } = want;
  const loader = boot && Object.keys(timeouts).length > 0 ? want.rulesLoader : undefined;
  const early = boot && vsSettings(want).length > 0;
  return {
    timeouts,
    ...(connTabBits !== undefined && { connTabBits }),
    boot,
    ...(loader !== undefined && { rulesLoader: loader }),
    early,
  };
}

/** As recorded. Undefined: this resource has recorded nothing, or is of 0.1.0, which recorded none. */
export function ownNeeds(originals: OriginalState, resource: string | undefined): NamedNeeds | undefined {
  return allNeeds(originals).find((one) => one.resource === resource);
}

/** Whether exactly these are. A run that was cut may have recorded others. */
export function areNeedsRecorded(
  originals: OriginalState,
  resource: string | undefined,
  want: WantedIpvsSettings,
): boolean {
  const own = ownNeeds(originals, resource);
  return own === undefined || isDeepStrictEqual({ ...needsOf(want), resource }, own);
}

export function needsOfOthers(originals: OriginalState, resource: string | undefined): readonly NamedNeeds[] {
  return allNeeds(originals).filter((one) => one.resource !== resource);
}

/** The timeouts of several, of which no two differ. */
export function joinTimeouts(all: readonly Pick<Needs, "timeouts">[]): Timeouts {
  return Object.assign({}, ...all.map(({ timeouts }) => timeouts)) as Timeouts;
}

export function recordNeeds(resource: string | undefined, want: WantedIpvsSettings): readonly Step[] {
  return resource === undefined ? [] : [recordValue(KIND, keyOf(resource), needsOf(want))];
}

export function forgetNeeds(resource: string | undefined): readonly Step[] {
  return resource === undefined ? [] : [dropOriginal(KIND, keyOf(resource))];
}

/** Throws where another resource needs another value. */
export function refuseRivals({ timeouts, connTabBits, rulesLoader }: Needs, others: readonly NamedNeeds[]): void {
  for (const other of others) {
    for (const name of TIMEOUT_NAMES)
      refuseRival(`timeouts.${name}`, timeouts[name], other.timeouts[name], other.resource);
    refuseRival("connTabBits", connTabBits, other.connTabBits, other.resource);
    refuseRival("rulesLoader", rulesLoader, other.rulesLoader, other.resource);
  }
}

function refuseRival<Value extends number | string>(
  property: string,
  mine: Value | undefined,
  theirs: Value | undefined,
  resource: string,
): void {
  if (mine === undefined || theirs === undefined || mine === theirs) return;
  throw new UserError(
    `${property} cannot be ${mine}: ${KIND} of ${resource} needs ${theirs} on this host. Give both the same value`,
  );
}

function allNeeds(originals: OriginalState): readonly NamedNeeds[] {
  const keys = keysOf(originals, KIND).filter((key) => key.startsWith(PREFIX));
  return keys.flatMap((key) => {
    const needs = originalOf(originals, KIND, key, NEEDS);
    return needs === undefined ? [] : [{ ...needs, resource: key.slice(PREFIX.length) }];
  });
}

const PREFIX = "needs of ";

function keyOf(resource: string): string {
  return `${PREFIX}${resource}`;
}
