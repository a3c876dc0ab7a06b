import { z } from "zod";
import { originalOf } from "../../facts/files/original-state";
import { parentOf } from "../../model/path";
import type { FileSeen } from "./facts";

/** What was there before us. */
const ORIGINAL = z.object({ was: z.enum(["missing", "file"]) });

export function originalAt(path: string, { before }: FileSeen): "missing" | "file" | undefined {
  return originalOf(before, "File", path, ORIGINAL)?.was;
}

/** Whether the folder of a file has no other one of ours. */
export function isLastIn(path: string, { before }: FileSeen): boolean {
  const isBeside = (key: string) => key !== path && parentOf(key) === parentOf(path);
  return !before.some(({ kind, key, value }) => kind === "File" && isBeside(key) && ORIGINAL.safeParse(value).success);
}
