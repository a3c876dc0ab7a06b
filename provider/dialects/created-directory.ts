import { z } from "zod";
import { UserError } from "../errors";
import { dropOriginal, type OriginalState, originalOf, recordOriginal } from "../facts/files/original-state";
import type { PathState } from "../facts/files/path-state";
import { UNMAKE } from "../facts/files/path-state";
import { isAtOrBelow, parentOf } from "../model/path";
import type { Step } from "../step";

/** Directories that we made for one path, from the topmost down to it, and who needs them. */
interface Made {
  readonly kind: string;
  readonly path: string;
  readonly top: string;
}

/** The topmost directory of `path` that we created; everything below it is ours too. */
export function createdFrom(state: OriginalState, kind: string, path: string): string | undefined {
  return originalOf(state, kind, path, CREATED)?.made;
}

const CREATED = z.object({ made: z.string() });

/**
 * Steps that create a missing directory and record which of its parents were missing too. What is inside a directory that we made for another
 * object is recorded from that one's top, so that whoever goes last takes all.
 */
export function createDirectory(kind: string, path: string, place: PathState, state: OriginalState): readonly Step[] {
  const top = topOf(path, place, state);
  if (top === undefined) return [];
  const record = recordOriginal(kind, path, { made: top });
  return [
    ...(createdFrom(state, kind, path) === undefined ? [{ ...record, claims: claimOf(top) }] : []),
    ...(place.state === "missing"
      ? [{ command: { run: ["mkdir", "-p", "--", path] as const }, places: [parentOf(path)] }]
      : []),
  ];
}

/**
 * Steps that remove the directories that we created, as long as they are empty, and nobody is about to put something there. Those that another
 * object needs stay for it. Where that one goes in the same batch, the record of the last one stays, for the cleanup.
 */
export function removeCreatedDirectory(kind: string, path: string, state: OriginalState): readonly Step[] {
  const top = createdFrom(state, kind, path);
  if (top === undefined) return [];
  const neededBy = (now: OriginalState) => {
    const others = madeIn(now).filter((one) => one.kind !== kind || one.path !== path);
    return (directory: string) => others.some((one) => isAtOrBelow(one.path, directory));
  };
  const all = directoriesTo(path, top);
  const shared = all.filter(neededBy(state));
  const [from] = all.filter((one) => !shared.includes(one));
  const unmake = from === undefined ? [] : [{ command: { sh: UNMAKE, args: [path, from] }, places: [parentOf(from)] }];
  const drop = dropOriginal(kind, path, (now) => shared.every(neededBy(now)));
  return [...unmake, drop].map((step) => ({ ...step, releases: claimOf(top) }));
}

/** For a step that puts something into a directory that we may have created. */
export function useOf(path: string, place: PathState, state: OriginalState): string {
  return claimOf(topOf(path, place, state) ?? path);
}

function claimOf(top: string): string {
  return `the directory ${top}`;
}

/** The topmost of the directories of ours at this path, or to come. */
function topOf(path: string, { state: is, firstMissing = path }: PathState, state: OriginalState): string | undefined {
  return is === "missing" ? (topAt(parentOf(firstMissing), state) ?? firstMissing) : topAt(path, state);
}

/** The topmost directory that we made, of those with this one in them. */
function topAt(directory: string, state: OriginalState): string | undefined {
  const made = madeIn(state).find(({ path, top }) => isAtOrBelow(path, directory) && isAtOrBelow(directory, top));
  return made && (topAt(parentOf(made.top), state) ?? made.top);
}

function madeIn(state: OriginalState): readonly Made[] {
  return state.flatMap(({ kind, key, value }) => {
    const { data } = MAKERS.includes(kind) ? CREATED.safeParse(value) : {};
    return data === undefined ? [] : [{ kind, path: key, top: data.made }];
  });
}

const MAKERS: readonly string[] = ["File", "NfsExport", "NfsMount"];

/** From the topmost to the path itself. */
function directoriesTo(path: string, top: string): readonly string[] {
  return path.length <= top.length ? [top] : [...directoriesTo(parentOf(path), top), path];
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
