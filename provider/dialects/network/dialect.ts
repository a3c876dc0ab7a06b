import type { Network } from "../../facts/network";
import type { NetworkName, Vip } from "../../model/vip";

/** One way in which hosts bring addresses up at boot. A further manager is a further file with one of these. */
export interface NetworkDialect {
  readonly name: NetworkName;
  /** What must be there for it to be in charge: all of it. Patterns of paths. */
  readonly signs: readonly Sign[];
  /** Patterns of the files that have to be read for what follows. */
  readonly reads: readonly string[];
  /** The files that bring this VIP up at boot. */
  readonly files: (vip: Vip) => readonly BootFile[];
  /** Files that are there for this VIP alone, whatever their name or content today: what has to go with it. */
  readonly holds: (vip: Vip, network: Network) => readonly string[];
  /** Files of ours that carry VIPs on this interface, and carry none any more. */
  readonly idle: (device: string, network: Network) => readonly string[];
  /** Why files of ours would not do on this host, and what to do about it; undefined: they would. */
  readonly obstacle: (vip: Vip, network: Network) => string | undefined;
}

/** Something on a host that tells a manager from others. */
export interface Sign {
  readonly path: string;
  /** What it shows, for a message. */
  readonly shows: string;
}

/** A file that we write as a whole. */
export interface BootFile {
  readonly path: string;
  readonly text: string;
  /** Whether these lines of an existing file come to the same. */
  readonly matches: (lines: readonly string[]) => boolean;
  /** Whether these lines of an existing file are for another address, so that we leave it alone. */
  readonly foreign?: (lines: readonly string[]) => boolean;
}

/** The lines that mean something: no comments, no blanks, no indentation. */
export function meaning(lines: readonly string[]): string[] {
  return lines
    .map((line) => line.replace(/^[ \t]+|[ \t]+$/g, ""))
    .filter((line) => line !== "" && !line.startsWith("#"));
}
