import { homedir } from "node:os";

/** `~/x` as a path: configuration is written by people. */
export function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? `${homedir()}${path.slice(1)}` : path;
}
