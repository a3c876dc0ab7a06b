/**
 * Those of the paths that are directly in one of these folders, as systemd and its like read them: in the order of their names, whatever
 * the folder. A file in an earlier folder hides one of the same name in a later one.
 */
export function byName(folders: readonly string[], paths: Iterable<string>): string[] {
  const all = [...paths];
  const kept = new Map<string, string>();
  for (const folder of folders) {
    for (const path of all) {
      const name = nameOf(path);
      if (path === `${folder}/${name}` && !kept.has(name)) kept.set(name, path);
    }
  }
  return [...kept].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, path]) => path);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
