import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, DialError, reasonOf } from "../dial-error";
import { readLocalFile } from "../local-files";
import { matchesPattern } from "../patterns";
import { shownPath } from "../shown";

/**
 * The text of a file of ssh_config; undefined: there is none. `isPrivate`: nobody else may be able to write it, as ssh demands. A folder that
 * a pattern of `Include` finds beside files is passed over.
 */
export async function readConfigFile(
  path: string,
  { isPrivate, depth }: { readonly isPrivate: boolean; readonly depth: number },
): Promise<string | undefined> {
  try {
    if (isPrivate) refuseForeign(path, await stat(path));
    return await readLocalFile(path);
  } catch (error) {
    if (error instanceof DialError) throw error;
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    if (codeOf(error) === "EISDIR" && depth > 0) return undefined;
    throw new DialError(`cannot read ${shownPath(path)}: ${reasonOf(error)}`, [], []);
  }
}

function refuseForeign(path: string, { uid, mode }: Pick<Stats, "uid" | "mode">): void {
  const isOurs = uid === 0 || uid === process.getuid?.();
  if (isOurs && (mode & 0o022) === 0) return;
  throw new DialError(
    `${path} can be written by others, and ssh does not read it either`,
    [],
    [`chmod go-w ${path}, and see whose it is.`],
  );
}

/** The files that a pattern of `Include` names, in the order of their names. */
export async function filesOf(pattern: string): Promise<readonly string[]> {
  const [, ...segments] = pattern.split("/");
  let found: readonly string[] = ["/"];
  for (const segment of segments) {
    const next = await Promise.all(found.map((directory) => entriesOf(directory, segment)));
    found = next.flat();
  }
  return found;
}

async function entriesOf(directory: string, segment: string): Promise<readonly string[]> {
  if (!/[*?]/.test(segment)) return [join(directory, segment)];
  const names = await readdir(directory).catch(() => []);
  const shown = names.filter((name) => matchesPattern(name, segment) && !(name.startsWith(".") && segment[0] !== "."));
  return shown.toSorted().map((name) => join(directory, name));
}
