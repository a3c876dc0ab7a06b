import { z } from "zod";
import { UserError } from "../errors";
import { dropOriginal, type OriginalState, originalOf, recordOriginal } from "../facts/files/original-state";
import type { PathState } from "../facts/files/path-state";
import { UNMAKE } from "../facts/files/path-state";
import type { Step } from "../step";

/** The topmost directory of `path` that we created; everything below it is ours too. */
export function createdFrom(state: OriginalState, kind: string, path: string): string | undefined {
  return originalOf(state, kind, path, CREATED)?.made;
}

const CREATED = z.object({ made: z.string() });

/** Steps that create a missing directory and record which of its parents were missing too. */
export function createDirectory(kind: string, path: string, place: PathState): readonly Step[] {
  if (place.state !== "missing") return [];
  return [
    recordOriginal(kind, path, { made: place.firstMissing ?? path }),
    { command: { run: ["mkdir", "-p", "--", path] }, places: [parentOf(path)] },
  ];
}

/** Steps that remove the directories that we created, as long as they are empty, and nobody is about to put something there. */
export function removeCreatedDirectory(kind: string, path: string, from: string): readonly Step[] {
  const releases = sharedDirectory(kind, path);
  const unmake = { command: { sh: UNMAKE, args: [path, from] }, places: [parentOf(from)] };
  return [unmake, dropOriginal(kind, path)].map((step) => ({ ...step, releases }));
}

/** The same steps where the record says that we created it, else none. */
export function leaveDirectory(state: OriginalState, kind: string, path: string): readonly Step[] {
  const from = createdFrom(state, kind, path);
  return from === undefined ? [] : removeCreatedDirectory(kind, path, from);
}

/** For a step that puts something into a directory that we may have created. */
export function sharedDirectory(kind: string, path: string): string {
  return `the directory ${path} of ${kind}`;
}

/** What has the entry of a directory. The directory itself may be mounted over later in the batch, by a server that does not answer. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

/** Throws for a path that is no directory, or is missing and must not be created. */
export function refuseUnusableDirectory(path: string, { state, real }: PathState, createPath: boolean): void {
  if (real !== path) {
    throw new UserError(`${path} leads through a symbolic link: write ${real}, which is the name that the kernel uses`);
  }
  if (state === "not a directory") throw new UserError(`${path} is not a directory on this host`);
  if (state === "missing" && !createPath) {
    throw new UserError(`${path} does not exist on this host: create it, or set createPath: true`);
  }
}
