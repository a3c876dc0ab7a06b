import type { Files } from "../../facts/files/lines";
import type { OriginalState } from "../../facts/files/original-state";
import { clientConfigProblem } from "./client-config";
import type { Mounted, MountPoint } from "./facts";
import { entriesAt, type FoundEntry, findDisputed, findEntry, findLinked } from "./fstab";
import type { FstabEntry } from "./fstab-line";
import { mountUnitProblem } from "./mount-unit";
import { isLive, type LiveOptions, liveWords } from "./options";
import { IMPLIED, type Mount, type WantedMount } from "./schema";
import { isSource } from "./source";

/** The observation of a host that may mount something at a path. */
export interface MountSeen {
  readonly at: MountPoint;
  readonly fstab: string | undefined;
  /** Mount points of fstab → the same places without symbolic links. */
  readonly links: ReadonlyMap<string, string>;
  readonly before: OriginalState;
  /** The configuration of mount.nfs. */
  readonly config: Files;
  /** Units and drop-ins of systemd for the mount point. */
  readonly units: Files;
  /** Programs that a mount needs and the host lacks. */
  readonly missing: readonly string[];
  /** Sources that the host's record says are ours. */
  readonly ourSources?: readonly string[];
}

/** The desired line of fstab. Without `boot` it is written too, so that `mount PATH` works. */
export function desiredEntry({ source, path, version, options, boot }: WantedMount): FstabEntry {
  return {
    source,
    path,
    type: "nfs",
    options: [...(version === undefined ? [] : [`vers=${version}`]), ...options, boot ? "nofail" : "noauto", "_netdev"],
  };
}

/** The mount as it is; without one, as the next `mount PATH` would make it. */
export function findMount(
  seen: MountSeen,
  known: WantedMount,
  lastApplied?: Mount,
  lastRequested?: WantedMount,
): Mount | undefined {
  const want = { ...known, source: known.ownSource ?? known.source };
  const entry = findEntry(seen.fstab, want.path);
  const line = entry !== undefined && isNfs(entry.type) ? entry : undefined;
  const live = "unmounted" in seen.at || !isNfs(seen.at.type) ? undefined : seen.at;
  const own = ownSources(seen, known, lastApplied, lastRequested);
  const source = live === undefined ? line?.source : sourceOf(live, own);
  if (source === undefined) return undefined;
  const isAlone =
    findDisputed(seen.fstab, want.path) === undefined &&
    findLinked(seen, want.path) === undefined &&
    findRival(seen, want) === undefined &&
    clientConfigProblem(seen.config, want) === undefined &&
    (!want.boot || mountUnitProblem(seen.units, want.path) === undefined);
  const written = line !== undefined && sameEntry(line, desiredEntry(want)) && isAlone;
  const version = live === undefined ? versionIn(line?.options ?? []) : versionIn(live.nfs);
  return {
    source,
    ...(!own.includes(source) && { ownSource: want.source }),
    path: want.path,
    ...versionOf(want.version, version),
    options: optionsOf(want, live, line),
    boot: written ? want.boot : !want.boot,
    live: live !== undefined,
  };
}

/** Of several entries of the mount point, one that mounts another source: a boot may take it in place of ours, or over it. */
export function findRival({ at, fstab }: Pick<MountSeen, "at" | "fstab">, want: WantedMount): FoundEntry | undefined {
  const entries = entriesAt(fstab, want.path);
  const addresses = "unmounted" in at ? [] : at.addresses;
  const isOther = ({ source, type }: FoundEntry) => !isNfs(type) || !isSource({ source }, want.source, addresses);
  return entries.length > 1 ? entries.findLast(isOther) : undefined;
}

/**
 * What a removal takes away: our entry, which has a source of ours and is written in our words, and the live mount of such a source. What
 * an entry of somebody else mounts stays.
 */
export function findOwnMount(
  seen: MountSeen,
  want: WantedMount,
  lastApplied?: Mount,
  lastRequested?: WantedMount,
): Mount | undefined {
  const hidden = findHidden(seen, want, lastApplied, lastRequested);
  if (hidden !== undefined) {
    const own = findOwnMount(hidden.seen, want, lastApplied, lastRequested);
    return own?.live === true ? { ...own, under: hidden.under } : own;
  }
  const have = findMount(seen, want, lastApplied, lastRequested);
  if (have === undefined) return undefined;
  const entries = entriesAt(seen.fstab, want.path);
  const sources = ownSources(seen, want, lastApplied, lastRequested);
  const own = entries.find((entry) => entry.isInOurWords && isNfs(entry.type) && sources.includes(entry.source));
  const others = entries.filter((entry) => !(entry.isInOurWords && sources.includes(entry.source)));
  const live = have.live && sources.includes(have.source) && !others.some((entry) => isMounted(entry, seen));
  if (own === undefined && !live) return undefined;
  return { ...have, source: own?.source ?? have.source, live };
}

/** A mount of ours that another one hides, by name, and the host as it would be without that one. */
export function findHidden(
  seen: MountSeen,
  ...known: readonly (Mount | WantedMount | undefined)[]
): { readonly under: string; readonly seen: MountSeen } | undefined {
  const { at } = seen;
  if ("unmounted" in at) return undefined;
  const own = ownSources(seen, ...known);
  const isOurs = (one: Mounted) => isNfs(one.type) && own.includes(sourceOf({ ...one, addresses: at.addresses }, own));
  const ours = isOurs(at) ? undefined : at.below.findLast(isOurs);
  if (ours === undefined) return undefined;
  return {
    under: `${at.source} (${at.type})`,
    seen: { ...seen, at: { ...ours, addresses: at.addresses, below: [] } },
  };
}

/** Whether the live mount is the one of this entry. */
function isMounted({ source }: FoundEntry, { at }: MountSeen): boolean {
  if ("unmounted" in at) return false;
  const address = addressIn(at);
  return isSource({ source: at.source, ...(address !== undefined && { address }) }, source, []);
}

/** What earlier runs and this one put there. Where a refresh has found somebody else's source, the state still knows ours. */
function ownSources(
  { ourSources = [] }: MountSeen,
  ...known: readonly (Mount | WantedMount | undefined)[]
): readonly string[] {
  const all = known.flatMap((one) => (one === undefined ? [] : [one.ownSource ?? one.source]));
  return [...new Set([...all, ...ourSources])];
}

/** Our own words where the mount is one of our sources. */
function sourceOf(live: Omit<LiveMount, "below">, own: readonly string[]): string {
  const { source, addresses } = live;
  const address = addressIn(live);
  const mounted = { source, ...(address !== undefined && { address }) };
  return own.find((one) => isSource(mounted, one, addresses)) ?? source;
}

/** Whether something of this source is mounted, also below something else. */
export function isMountedFrom({ at }: MountSeen, source: string): boolean {
  if ("unmounted" in at) return false;
  const { addresses } = at;
  return [at, ...at.below].some((one) => isNfs(one.type) && sourceOf({ ...one, addresses }, [source]) === source);
}

/** The address of the server, as the kernel shows it. */
function addressIn({ nfs }: Mounted): string | undefined {
  return nfs.find((option) => option.startsWith("addr="))?.slice("addr=".length);
}

type LiveMount = Exclude<MountPoint, { readonly unmounted: unknown }>;

export function isNfs(type: string): boolean {
  return type === "nfs" || type === "nfs4";
}

/** Whether two lines do the same. The order of options does not matter. */
export function sameEntry(one: FstabEntry, other: FstabEntry): boolean {
  const sorted = ({ options }: FstabEntry) => JSON.stringify(options.filter((word) => word !== "defaults").sort());
  return one.source === other.source && isNfs(one.type) === isNfs(other.type) && sorted(one) === sorted(other);
}

/** No version where none is desired: the one in use would look like a change. "4" means any 4.x. */
function versionOf(want: string | undefined, have: string | undefined): { version?: string } {
  if (want === undefined || have === undefined) return {};
  return { version: have === want || (want === "4" && have.startsWith("4.")) ? want : have };
}

function versionIn(options: readonly string[]): string | undefined {
  return options.map((option) => /^(?:nfs)?vers=(.*)$/.exec(option)?.[1]).find((found) => found !== undefined);
}

/**
 * The user's own list where the kernel and fstab agree with it. fstab is consulted for options that the kernel does not show as
 * they were given, such as rsize.
 */
function optionsOf(
  { options }: WantedMount,
  live: LiveOptions | undefined,
  line: FstabEntry | undefined,
): readonly string[] {
  const written = line?.options.filter((word) => !IMPLIED.includes(word) && !/^(?:no)?auto$|^(?:nfs)?vers=/.test(word));
  const isDesired = (list: readonly string[]) =>
    JSON.stringify([...list].sort()) === JSON.stringify([...options].sort());
  const known = written === undefined ? options : isDesired(written) ? options : written;
  return live === undefined || isLive(known, live) ? known : liveWords(live);
}
