import { refuseUnusableDirectory } from "../../dialects/created-directory";
import { UserError } from "../../errors";
import { exportsPath } from "./exports-file";
import { declaredExports } from "./facts";
import { type ExportSeen, isOwnFile } from "./find";
import type { WantedExport } from "./schema";

/** Throws for an export that this host cannot have. */
export function refuseExport(want: WantedExport, seen: ExportSeen): void {
  const { path } = want;
  refuseUnusableDirectory(path, seen.place, want.createPath);
  const file = exportsPath(want.file);
  const rival = declaredExports(seen.files).find(
    (one) =>
      one.path === path && one.client in want.clients && one.file !== file && !isOwnFile(seen.files, one.file, path),
  );
  if (rival !== undefined) {
    throw new UserError(
      `${rival.file}, line ${rival.line}, already exports ${path} to ${rival.client}, and exportfs uses only one of the two: ` +
        "remove that line, or leave this client out",
    );
  }
  if (seen.files.has(file) && !isOwnFile(seen.files, file, path)) {
    throw new UserError(`${file} exists and is not ours: give "file" another name, or remove that file`);
  }
  if (seen.threads === undefined || seen.threads === 0) {
    throw new UserError(
      "the NFS server of this host does not run, so no client could mount this: start it first, with " +
        'new SystemdService(..., { name: "nfs-server" }), and let this export depend on it',
    );
  }
}
