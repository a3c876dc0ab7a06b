import { z } from "zod";
import { dropOriginal, type OriginalState, originalOf, recordChange } from "../../facts/files/original-state";
import type { FileStep } from "../../step";
import type { IpCommand } from "./ip-commands";
import { defaultRoute, type RouteSeen } from "./observation";
import type { WantedReturnRoute } from "./schema";

/** The name of the kind, under which the host's file of original states has this record. */
export const KIND = "ReturnRoute";

const KEY = "default";

/** The default gateway before us (null: none) and the one that we set, each as arguments of ip(8). */
const RECORD = z.object({ was: z.string().nullable(), set: z.string().nullable() });

export function gatewayRecordOf(originalState: OriginalState): z.output<typeof RECORD> | undefined {
  return originalOf(originalState, KIND, KEY, RECORD);
}

/** Records the gateway before our first change. A later change updates what we set, never what was there before us. */
export function recordGateway({ gateway, device }: WantedReturnRoute, seen: RouteSeen): FileStep {
  const was = defaultRoute(seen)?.words.join(" ") ?? null;
  return recordChange(KIND, KEY, { was, set: `default via ${gateway} dev ${device}` }, RECORD);
}

export function dropGatewayRecord(): FileStep {
  return dropOriginal(KIND, KEY);
}

/** Restores the original gateway, if the present one is still the one that we set. */
export function restoreGateway(seen: RouteSeen): IpCommand[] {
  const record = gatewayRecordOf(seen.originalState);
  const now = defaultRoute(seen)?.words.join(" ");
  if (record === undefined || now === undefined || now !== record.set || now === record.was) return [];
  const revert = `route replace ${now}`;
  return [
    record.was === null ? { apply: `route del ${now}`, revert } : { apply: `route replace ${record.was}`, revert },
  ];
}
