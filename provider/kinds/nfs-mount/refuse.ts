import { refuseUnusableDirectory } from "../../dialects/created-directory";
import { UserError } from "../../errors";
import { quote } from "../../step";
import { clientConfigProblem } from "./client-config";
import { findHidden, findRival, isNfs, type MountSeen } from "./find";
import { FSTAB, findDisputed, findEntry, findLinked } from "./fstab";
import { mountUnitProblem } from "./mount-unit";
import type { WantedMount } from "./schema";

/** Throws for a mount that this host cannot have. */
export function refuseMount(want: WantedMount, seen: MountSeen): void {
  const { path, createPath, allowNonEmpty } = want;
  const { at } = seen;
  const [missing] = seen.missing;
  if (missing !== undefined) throw new UserError(describeMissing(missing));
  refuseLines(want, seen);
  const misled = clientConfigProblem(seen.config, want);
  if (misled !== undefined) throw new UserError(misled);
  const overruled = want.boot ? mountUnitProblem(seen.units, path) : undefined;
  if (overruled !== undefined) throw new UserError(overruled);
  const hidden = findHidden(seen, want);
  if (hidden !== undefined) throw new UserError(describeHidden(path, hidden.under));
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

export function describeHidden(path: string, under: string): string {
  return `${under} is mounted over this mount at ${path}: unmount it with umount -- ${quote(path)}, and run again`;
}

function describeMissing(program: string): string {
  return program === "mount.nfs"
    ? "this host has no NFS client (mount.nfs): install it first, with " +
        'new Package(..., { name: "nfs-client" }), which is nfs-common on Debian and nfs-utils on Red Hat, and let this mount depend on it'
    : `this host has no ${program}(8), as minimal images do: install it first, from the package "mount" on Debian and "util-linux" ` +
        'elsewhere, with new Package(..., { name: "mount" }), and let this mount depend on it';
}

/** Throws for a line of fstab that mounts something else at this path, in whatever words. */
function refuseLines(want: WantedMount, seen: MountSeen): void {
  const { path } = want;
  const advice = "remove that line, or choose another path";
  const entry = findEntry(seen.fstab, path);
  if (entry !== undefined && !isNfs(entry.type)) {
    throw new UserError(
      `${FSTAB}, line ${entry.line}, mounts ${entry.source} (${entry.type}) at ${entry.path}: ${advice}`,
    );
  }
  const rival = findRival(seen, want);
  if (rival !== undefined) {
    throw new UserError(
      `${FSTAB}, line ${rival.line}, mounts ${rival.source} at ${rival.path}, too: systemd takes only the first line of a mount point, ` +
        `and "mount -a" mounts one over the other. To have one, ${advice}`,
    );
  }
  const linked = findLinked(seen, path);
  if (linked !== undefined) {
    throw new UserError(
      `${FSTAB}, line ${linked.line}, mounts ${linked.source} at ${linked.path}, which is a symbolic link to ${path}: ${advice}`,
    );
  }
  const disputed = findDisputed(seen.fstab, path);
  if (disputed !== undefined) {
    throw new UserError(
      `${FSTAB}, line ${disputed}, is an entry for ${path} to one of mount(8) and systemd only, because they read it in different ` +
        `ways: ${advice}`,
    );
  }
}
