import type { Network } from "../../facts/network/managers";
import type { NetworkName } from "../../model/network/manager-name";
import type { Vip } from "../../model/network/vip";
import type { Step } from "../../step";

/** One way in which hosts bring addresses up at boot. A further manager is a further file with one of these. */
export interface NetworkDialect {
  readonly name: NetworkName;
  /** What must be there for it to be in charge: all of it. Patterns of paths. */
  readonly detectedBy: readonly Sign[];
  /** Patterns of paths that are asked for as well, and tell what it can do. */
  readonly probes?: readonly string[];
  /** Patterns of the files that have to be read for what follows. */
  readonly reads: readonly string[];
  /** Whether this interface is its own: where several managers share a host, each has some. */
  readonly manages: (device: string, network: Network) => boolean;
  /** The files that bring this VIP up at boot. */
  readonly files: (vip: Vip, network: Network) => readonly BootFile[];
  /** What is to be done when they have been written. */
  readonly after?: (vip: Vip, network: Network) => readonly Step[];
  /** Files that are there for this VIP alone, whatever their name or content today: what has to go with it. */
  readonly filesFor: (vip: Vip, network: Network) => readonly string[];
  /** Takes this VIP out of files that have other things in them. */
  readonly removeFrom?: (vip: Vip, network: Network) => readonly Step[];
  /** Files of ours that carry VIPs on this interface, and carry none any more. */
  readonly unusedFiles: (device: string, network: Network) => readonly string[];
  /** Why files of ours would not do on this host, and what to do about it; undefined: they would. */
  readonly blockedBy: (vip: Vip, network: Network) => string | undefined;
  /** Whether the address has its label after a boot. Where it is not said, it has. */
  readonly keepsLabel?: (vip: Vip, network: Network) => boolean;
}

/** Something on a host that tells a manager from others. */
export interface Sign {
  readonly path: string;
  /** What it shows, for a message. */
  readonly shows: string;
}

/** A file that we write as a whole, unless there is an `edit`. */
export interface BootFile {
  readonly path: string;
  readonly text: string;
  /** Of a file that does not exist yet. */
  readonly mode?: string;
  /** For a file that has other things in it. */
  readonly edit?: (before: string | undefined) => string | undefined;
  /** Whether these lines of an existing file come to the same. */
  readonly matches: (lines: readonly string[]) => boolean;
  /** Whether these lines of an existing file are for another address, so that we leave it alone. */
  readonly foreign?: (lines: readonly string[]) => boolean;
}

/** The lines that mean something: no comments, no blanks, no indentation. */
export function significantLines(lines: readonly string[]): string[] {
  return lines
    .map((line) => line.replace(/^[ \t]+|[ \t]+$/g, ""))
    .filter((line) => line !== "" && !line.startsWith("#"));
}
