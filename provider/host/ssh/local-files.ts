import { readFile, stat } from "node:fs/promises";
import { homedir, userInfo } from "node:os";

/** `~/x` as a path: configuration is written by people. */
export function expandHome(path: string, home = homedir()): string {
  return path === "~" || path.startsWith("~/") ? `${home}${path.slice(1)}` : path;
}

/** Where ssh looks for what is below `~`: it asks the list of users, and not HOME, which containers of CI set to another folder. */
export function sshHome(): string {
  return userInfo().homedir;
}

/** The text of a file of this machine. A FIFO would keep us waiting for whoever writes to it. */
export async function readLocalFile(path: string): Promise<string> {
  if ((await stat(path)).isFIFO()) throw new Error("it is not a file");
  return readFile(path, "utf8");
}
