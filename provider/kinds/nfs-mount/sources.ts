import type { Parts } from "../kind";
import { desiredEntry, isMountedFrom, type MountSeen } from "./find";
import { entriesAt, formatEntry } from "./fstab";
import type { Mount, WantedMount } from "./schema";

const MOUNTED = "mounted by that line";

/** The source of a mount: its line of fstab looks like anybody's. */
export const sources: Parts<WantedMount, Mount, MountSeen> = {
  of: (want) => {
    const entry = desiredEntry({ ...want, source: want.ownSource ?? want.source });
    return new Map([[entry.source, [formatEntry(entry), MOUNTED]]]);
  },
  // We write the line first: what is mounted without one, somebody has mounted by hand.
  on: (seen, { path }, source) => {
    const lines = entriesAt(seen.fstab, path).filter((entry) => entry.isInOurWords && entry.source === source);
    const live = lines.length === 0 ? "mounted by hand" : MOUNTED;
    return [...lines.map(formatEntry), ...(isMountedFrom(seen, source) ? [live] : [])];
  },
  in: ({ source, ownSource }) => [ownSource ?? source],
  record: ({ before }) => before,
  with: (seen, ours) => ({ ...seen, ourSources: ours }),
};
