import { z } from "zod";
import { dropOriginal, type OriginalState, originalOf, recordOriginal } from "../../facts/files/original-state";
import { isRunning, type KeepalivedDaemon } from "../../facts/keepalived/daemon";
import type { FileStep } from "../../step";

/** The daemon before our first file. */
export interface OriginalDaemon {
  readonly running: boolean;
  readonly enabled: string;
}

const ORIGINAL = z.object({ running: z.boolean(), enabled: z.string() });
const KIND = "keepalived";
const KEY = "keepalived.service";

/** As recorded, or as it is before us. */
export function originalDaemon(before: OriginalState, { unit }: KeepalivedDaemon): OriginalDaemon {
  return recordedDaemon(before) ?? { running: isRunning(unit.activeState), enabled: unit.fileState };
}

export function recordedDaemon(before: OriginalState): OriginalDaemon | undefined {
  return originalOf(before, KIND, KEY, ORIGINAL);
}

export function recordDaemon(original: OriginalDaemon): FileStep {
  return recordOriginal(KIND, KEY, original);
}

export const dropDaemon: FileStep = dropOriginal(KIND, KEY);
