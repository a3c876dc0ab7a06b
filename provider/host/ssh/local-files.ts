import { readFile, realpath, stat } from "node:fs/promises";
import { devNull, homedir, userInfo } from "node:os";

/** `~/x` as a path: configuration is written by people. */
export function expandHome(path: string, home = homedir()): string {
  return path === "~" || path.startsWith("~/") ? `${home}${path.slice(1)}` : path;
}

/** Where ssh looks for what is below `~`: it asks the list of users, and not HOME, which containers of CI set to another folder. */
export function sshHome(): string {
  return userInfo().homedir;
}

/** The text of a file of this machine. A FIFO or a terminal would keep us waiting for whoever writes there, and /dev/zero has no end. */
export async function readLocalFile(path: string): Promise<string> {
  const found = await stat(path);
  const isNothing = found.isCharacterDevice() && (await realpath(path)) === devNull;
  if (!found.isFile() && !found.isDirectory() && !isNothing) throw new Error("it is not a file");
  if (found.size > LARGEST_MIB * 2 ** 20) throw new Error(`it has more than ${LARGEST_MIB} MiB`);
  return readFile(path, "utf8");
}

/** More is no key, and no list of hosts. */
const LARGEST_MIB = 16;
