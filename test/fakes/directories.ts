import type { FakeHost } from "./fake-host";

type WithDirectories = Pick<FakeHost, "files" | "directories">;

/** The answer of `pathState`. */
export function placeAt(path: string, { files, directories }: WithDirectories): string {
  if (files.has(path)) return `not a directory\n${path}\n`;
  const full = placeThatIsFull(path, [...files.keys(), ...directories]);
  if (full !== undefined) return full;
  if (directories.has(path)) return `empty\n${path}\n`;
  const first = wayTo(path).find((one) => !directories.has(one) && !isFull(one, { files, directories }));
  return `missing\n${path}\n${first ?? path}\n`;
}

/** The answer of `pathState` for a directory that has any of these; undefined: it has none. */
function placeThatIsFull(directory: string, paths: readonly string[]): string | undefined {
  const inside = paths.filter((path) => path.startsWith(`${directory}/`));
  const names = new Set(inside.map((path) => path.slice(directory.length + 1).split("/")[0]));
  const [only] = names.size === 1 ? names : [""];
  return names.size === 0 ? undefined : `full\n${directory}\n${only}\n`;
}

/** `mkdir -p` */
export function makeDirectory(path: string, { directories }: WithDirectories): void {
  for (const one of wayTo(path)) directories.add(one);
}

/** Removes directories as UNMAKE does, which does not touch what something is mounted on. */
export function unmake(
  [path = "", from = ""]: readonly string[],
  host: WithDirectories,
  isUsed: (path: string) => boolean = () => false,
): void {
  for (const one of wayTo(path).reverse()) {
    if (isFull(one, host) || isUsed(one)) return;
    host.directories.delete(one);
    if (one === from) return;
  }
}

function isFull(path: string, { files, directories }: WithDirectories): boolean {
  return [...directories, ...files.keys()].some((other) => other.startsWith(`${path}/`));
}

/** `/srv`, `/srv/a`, `/srv/a/b` */
function wayTo(path: string): string[] {
  const parts = path.split("/").slice(1);
  return parts.map((_, at) => `/${parts.slice(0, at + 1).join("/")}`);
}
