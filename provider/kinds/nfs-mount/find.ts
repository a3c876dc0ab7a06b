import type { MountPoint } from "./facts";
import { entryFor, type FstabEntry } from "./fstab";
import { isLive, type LiveOptions, liveWords } from "./options";
import { IMPLIED, type Mount, type WantedMount } from "./schema";

/** What has to be known of a host to say what it mounts at a path. */
export interface MountSeen {
  readonly at: MountPoint;
  readonly fstab: string | undefined;
  readonly before: string | undefined;
}

/** The line of fstab that a wish comes to. One that is not for boot is there as well, so that `mount PATH` works. */
export function entryOf({ source, path, version, options, boot }: WantedMount): FstabEntry {
  return {
    source,
    path,
    type: "nfs",
    options: [...(version === undefined ? [] : [`vers=${version}`]), ...options, boot ? "nofail" : "noauto", "_netdev"],
  };
}

/** What is mounted counts; where nothing is, what the next `mount PATH` would do. */
export function findMount(seen: MountSeen, want: WantedMount): Mount | undefined {
  const entry = entryFor(seen.fstab, want.path);
  const line = entry !== undefined && isNfs(entry.type) ? entry : undefined;
  const live = "nothing" in seen.at || !isNfs(seen.at.type) ? undefined : seen.at;
  const source = live?.source ?? line?.source;
  if (source === undefined) return undefined;
  const written = line !== undefined && sameEntry(line, entryOf(want));
  const version = live === undefined ? versionIn(line?.options ?? []) : versionIn(live.nfs);
  return {
    source,
    path: want.path,
    ...versionOf(want.version, version),
    options: optionsOf(want, live, line),
    boot: written ? want.boot : !want.boot,
    live: live !== undefined,
  };
}

export function isNfs(type: string): boolean {
  return type === "nfs" || type === "nfs4";
}

/** Two lines that do the same: blanks and the order of options do not count. */
export function sameEntry(one: FstabEntry, other: FstabEntry): boolean {
  const sorted = ({ options }: FstabEntry) => JSON.stringify(options.filter((word) => word !== "defaults").sort());
  return one.source === other.source && isNfs(one.type) === isNfs(other.type) && sorted(one) === sorted(other);
}

/** What nobody asked for is not told: it would look like a change. "4" asks for any 4.x. */
function versionOf(want: string | undefined, have: string | undefined): { version?: string } {
  if (want === undefined || have === undefined) return {};
  return { version: have === want || (want === "4" && have.startsWith("4.")) ? want : have };
}

function versionIn(options: readonly string[]): string | undefined {
  return options.map((option) => /^(?:nfs)?vers=(.*)$/.exec(option)?.[1]).find((found) => found !== undefined);
}

/**
 * In the user's words, where the kernel and fstab agree with them: fstab is the memory for what a kernel does not tell, such as
 * the rsize that was asked for.
 */
function optionsOf(
  { options }: WantedMount,
  live: LiveOptions | undefined,
  line: FstabEntry | undefined,
): readonly string[] {
  const written = line?.options.filter((word) => !IMPLIED.includes(word) && !/^(?:no)?auto$|^(?:nfs)?vers=/.test(word));
  const same = (list: readonly string[]) => JSON.stringify([...list].sort()) === JSON.stringify([...options].sort());
  const known = written === undefined ? options : same(written) ? options : written;
  return live === undefined || isLive(known, live) ? known : liveWords(live);
}
