import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder that is there until the test ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-lvs-scratch-"));
  folders.push(folder);
  return folder;
}

export const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** A file of another user: root can make one at this path, and others find one. */
export function fileOfAnother(path: string, text = ""): string {
  if (process.getuid?.() !== 0) return "/etc/passwd";
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  chownSync(path, 65534, 65534);
  return path;
}
