import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { diskOf, type HostName, hosts } from "./hosts.ts";
import type { Disk } from "./image/image.ts";

/** The disks that hosts of these test files start from. Neither file nor lab is started for that: the sources are read. */
export function disksOf(testFiles: readonly string[]): readonly Disk[] {
  const disks = testFiles.flatMap((file) => {
    // Those of the lab itself name hosts that are not used.
    const sources = [...withImports(file)].flatMap(([path, text]) =>
      path.startsWith(import.meta.dirname) ? [] : [text],
    );
    if (!sources.some((text) => /\b(?:useLab|startLab)\(/.test(text))) return [];
    const named = Object.keys(hosts).filter((name) => sources.some((text) => text.includes(`"${name}"`)));
    // Who names no host takes the usual ones.
    return named.length === 0 ? ["usual" as const] : named.map((name) => diskOf(name as HostName));
  });
  return [...new Set(disks)];
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
