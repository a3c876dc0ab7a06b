import { z } from "zod";
import {
  dropOriginal,
  isSetByUs,
  type OriginalState,
  originalOf,
  type RecordedChange,
  recordChange,
  recordEnd,
  recordedChange,
} from "../../facts/files/original-state";
import type { FileStep } from "../../step";
import { defaultRoute, type RouteSeen } from "./observation";
import type { IpCommand } from "./routing/ip-commands";
import type { WantedReturnRoute } from "./schema";

/** The name of the kind, under which the host's file of original states has this record. */
export const KIND = "ReturnRoute";

const KEY = "default";

/** The default gateway before us (null: none) and the one that we set, each as arguments of ip(8). */
const RECORD = recordedChange(z.string().nullable());

export function gatewayRecordOf(originalState: OriginalState): RecordedChange<string | null> | undefined {
  return originalOf(originalState, KIND, KEY, RECORD);
}

/** Records the gateway before our first change. A later change updates what we set, never what was there before us. */
export function recordGateway(want: WantedReturnRoute, seen: RouteSeen): FileStep {
  return recordChange(KIND, KEY, { live: presentGateway(seen), set: desiredGateway(want) }, RECORD);
}

/** After the change. */
export function recordGatewayEnd(want: WantedReturnRoute, seen: RouteSeen): readonly FileStep[] {
  return recordEnd(seen.originalState, KIND, KEY, { set: desiredGateway(want), schema: RECORD });
}

function desiredGateway({ gateway, device }: WantedReturnRoute): string {
  return `default via ${gateway} dev ${device}`;
}

function presentGateway(seen: RouteSeen): string | null {
  return defaultRoute(seen)?.words.join(" ") ?? null;
}

export function dropGatewayRecord(): FileStep {
  return dropOriginal(KIND, KEY);
}

/** Restores the original gateway, if the present one is still the one that we set. */
export function restoreGateway(seen: RouteSeen): IpCommand[] {
  const record = gatewayRecordOf(seen.originalState);
  const now = presentGateway(seen);
  if (record === undefined || now === null || !isSetByUs(record, now) || now === record.was) return [];
  const revert = `route replace ${now}`;
  return [
    record.was === null ? { apply: `route del ${now}`, revert } : { apply: `route replace ${record.was}`, revert },
  ];
}
