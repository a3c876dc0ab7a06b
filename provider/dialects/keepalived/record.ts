import { z } from "zod";
import { dropOriginal, type OriginalState, originalOf, recordOriginal } from "../../facts/files/original-state";
import { isRunning, type KeepalivedDaemon } from "../../facts/keepalived/daemon";
import type { FileStep } from "../../step";

/** The daemon before our first file. */
export interface OriginalDaemon {
  readonly running: boolean;
  readonly enabled: string;
  /** It had written its file for iproute2. */
  readonly protocol: boolean;
}

const ORIGINAL = z.object({ running: z.boolean(), enabled: z.string(), protocol: z.boolean() });
const KIND = "keepalived";
const KEY = "keepalived.service";

/** As recorded, or as it is before us. */
export function originalDaemon(before: OriginalState, daemon: KeepalivedDaemon): OriginalDaemon {
  return (
    recordedDaemon(before) ?? {
      running: isRunning(daemon.unit.activeState),
      enabled: daemon.unit.fileState,
      protocol: daemon.hasProtocolFile,
    }
  );
}

export function recordedDaemon(before: OriginalState): OriginalDaemon | undefined {
  return originalOf(before, KIND, KEY, ORIGINAL);
}

export function recordDaemon(original: OriginalDaemon): FileStep {
  return recordOriginal(KIND, KEY, original);
}

export const dropDaemon: FileStep = dropOriginal(KIND, KEY);
