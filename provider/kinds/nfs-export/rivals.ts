import { posix } from "node:path";
import type { Files } from "../../facts/files/lines";
import { overlap } from "./clients";
import { type DeclaredExport, declaredExports } from "./exports-facts";
import type { Meanings } from "./facts";
import { isOwnFile } from "./own-file";

/** An entry of another file that exportfs may use instead of ours for hosts of this client. */
export interface Rival {
  readonly entry: DeclaredExport;
  readonly client: string;
  /** False: nobody can tell whether a host is both clients, because of a name or a netgroup. */
  readonly isSameHost: boolean;
  /** False: nobody can tell whether the path of the entry leads to our directory. */
  readonly isSamePath: boolean;
}

/** The rivals of an export, in whatever words they are written. */
export function rivalsOf(
  { files, meanings }: { readonly files: Files; readonly meanings: Meanings },
  path: string,
  clients: readonly string[],
): readonly Rival[] {
  return declaredExports(files).flatMap((entry) => {
    if (isOwnFile(files, entry.file, path)) return [];
    const isSamePath = leadsTo(path, entry.path, meanings.paths);
    if (isSamePath === false) return [];
    return clients.flatMap((client): Rival[] => {
      const isSameHost = overlap(client, entry.client, meanings.hosts);
      if (isSameHost === false) return [];
      return [{ entry, client, isSameHost: isSameHost === true, isSamePath: isSamePath === true }];
    });
  });
}

/** Undefined where the host did not say to which directory the written path leads. */
function leadsTo(path: string, written: string, paths: ReadonlyMap<string, string>): boolean | undefined {
  // A boot reads the files with / as working directory.
  if (posix.resolve("/", written) === path) return true;
  const real = paths.get(written);
  return real === undefined ? undefined : real === path;
}
