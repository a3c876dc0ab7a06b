import { UserError } from "../../errors";
import { exportsPath } from "./exports-file";
import { declaredExports } from "./facts";
import { type ExportSeen, isOwn } from "./find";
import type { WantedExport } from "./schema";

/** Throws what stands in the way of an export on this host. */
export function refuseExport(want: WantedExport, seen: ExportSeen): void {
  const { path } = want;
  if (seen.place.real !== path)
    throw new UserError(
      `${path} leads through a symbolic link: write ${seen.place.real}, which is what exportfs exports`,
    );
  if (seen.place.state === "not a directory") throw new UserError(`${path} is not a directory on this host`);
  if (seen.place.state === "missing" && !want.createPath) {
    throw new UserError(`${path} does not exist on this host: create it, or set createPath: true`);
  }
  const file = exportsPath(want.file);
  const declared = declaredExports(seen.files);
  const rival = declared.find(
    (one) => !isOwn(seen.files, one.file, path) && one.file !== file && one.path === path && one.client in want.clients,
  );
  if (rival !== undefined) {
    throw new UserError(
      `${rival.file}, line ${rival.line}, exports ${path} to ${rival.client} already, and exportfs takes one of the two: ` +
        "remove that line, or leave this client out",
    );
  }
  if (seen.files.has(file) && !isOwn(seen.files, file, path)) {
    throw new UserError(
      `${file} is on this host already and is not ours: give "file" another name, or remove that file`,
    );
  }
  if (seen.threads === undefined || seen.threads === 0) {
    throw new UserError(
      "the NFS server of this host does not run, so nobody could mount this: start it first, with " +
        'new SystemdService(..., { name: "nfs-server" }), and let this export depend on it',
    );
  }
}
