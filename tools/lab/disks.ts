import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  diskOf,
  type HostName,
  hosts,
  isHostName,
  knownRelease,
  type Releases,
  releaseOf,
  usualHosts,
} from "./hosts.ts";
import type { Disk } from "./image/image.ts";

/** The disks that hosts of these test files start from. Neither file nor lab is started for that: the sources are read. */
export function disksOf(testFiles: readonly string[]): readonly Disk[] {
  const disks = testFiles.flatMap((file) => {
    // Those of the lab itself name hosts that are not used.
    const sources = [...withImports(file)].flatMap(([path, text]) =>
      path.startsWith(import.meta.dirname) ? [] : [text],
    );
    if (!sources.some((text) => /\b(?:useLab|startLab)\(/.test(text))) return [];
    const named = (Object.keys(hosts) as HostName[]).filter((name) =>
      sources.some((text) => text.includes(`"${name}"`)),
    );
    const releases = wantedReleases(sources);
    // Who names no host takes the usual ones.
    return (named.length === 0 ? usualHosts : named).map((name) => diskOf(name, releaseOf(name, releases)));
  });
  return [...new Set(disks)];
}

/** What useLab or startLab is told: releases: { web2: "trixie" }. */
function wantedReleases(sources: readonly string[]): Releases {
  const told = sources.flatMap((text) => [...text.matchAll(/\breleases: \{([^}]*)\}/g)]).map(([, body = ""]) => body);
  const pairs = told.flatMap((body) => [...body.matchAll(/(\w+): "(\w+)"/g)]);
  return Object.fromEntries(
    pairs.flatMap(([, host = "", release = ""]) => (isHostName(host) ? [[host, knownRelease(release)]] : [])),
  );
}

/** The text of a file and of each file that it imports by a relative path, by path. Types bring no host along. */
function withImports(path: string, found = new Map<string, string>()): ReadonlyMap<string, string> {
  if (found.has(path) || !existsSync(path)) return found;
  const text = readFileSync(path, "utf8");
  found.set(path, text);
  for (const [, target = ""] of text.matchAll(/^import (?!type\b)[^;]*? from "(\.[^"]+)";$/gms))
    withImports(join(dirname(path), target), found);
  return found;
}
