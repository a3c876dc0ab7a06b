import { dropOriginal, originalOf, recordOriginal } from "../facts/files/original-state";
import type { PathState } from "../facts/files/path-state";
import { UNMAKE } from "../facts/files/path-state";
import type { Step } from "../step";

/** Which directories on the way to a path are ours: from this one down. */
export function madeFrom(text: string | undefined, kind: string, path: string): string | undefined {
  const value = originalOf(text, kind, path);
  return typeof value === "object" && value !== null && "made" in value ? String(value.made) : undefined;
}

/** Makes a directory that is missing, and remembers which parts of it were. */
export function makeDirectory(kind: string, path: string, place: PathState): readonly Step[] {
  if (place.state !== "missing") return [];
  return [
    recordOriginal(kind, path, { made: place.firstMissing ?? path }),
    { command: { run: ["mkdir", "-p", "--", path] } },
  ];
}

/** Takes away what we made, where nobody has put anything since. */
export function unmakeDirectory(kind: string, path: string, from: string): readonly Step[] {
  return [{ command: { sh: UNMAKE, args: [path, from] } }, ...dropOriginal(kind, path)];
}
