import { refuseUnusableDirectory } from "../../dialects/created-directory";
import { UserError } from "../../errors";
import { isNfs, type MountSeen } from "./find";
import { FSTAB, findEntry } from "./fstab";
import type { WantedMount } from "./schema";

/** Throws for a mount that this host cannot have. */
export function refuseMount({ path, createPath, allowNonEmpty }: WantedMount, { at, fstab }: MountSeen): void {
  const entry = findEntry(fstab, path);
  if (entry !== undefined && !isNfs(entry.type)) {
    throw new UserError(
      `${FSTAB} mounts ${entry.source} (${entry.type}) at ${path}: remove that line, or choose another path`,
    );
  }
  if (!("unmounted" in at)) {
    if (isNfs(at.type)) return;
    throw new UserError(`${at.source} (${at.type}) is mounted at ${path}: unmount it, or choose another path`);
  }
  refuseUnusableDirectory(path, at.unmounted, createPath);
  if (at.unmounted.state === "full" && !allowNonEmpty) {
    throw new UserError(
      `${path} is not empty, and a mount would hide what is in it: move that away, or set allowNonEmpty: true`,
    );
  }
}
