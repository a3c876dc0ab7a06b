import { refuseUnusableDirectory } from "../../dialects/created-directory";
import { UserError } from "../../errors";
import { exportsPath } from "./exports-file";
import type { ExportSeen } from "./find";
import { isOwnFile, pathIn } from "./own-file";
import { type Rival, rivalsOf } from "./rivals";
import type { WantedExport } from "./schema";
import { serverConfigProblem } from "./server-config-facts";

/** Throws for an export that this host cannot have. */
export function refuseExport(want: WantedExport, seen: ExportSeen): void {
  const { path } = want;
  if (!seen.hasExportfs) {
    throw new UserError(
      'this host has no NFS server (exportfs): install it first, with new Package(..., { name: "nfs-server" }), which is ' +
        "nfs-kernel-server on Debian and nfs-utils on Red Hat, and let this export depend on it",
    );
  }
  const misled = serverConfigProblem(seen.files);
  if (misled !== undefined) throw new UserError(misled);
  refuseUnusableDirectory(path, seen.place, want.createPath);
  const file = exportsPath(want.file);
  // Of an empty file nothing is lost: ours, that somebody has emptied.
  const isEmpty = seen.files.get(file)?.every(({ text }) => text.trim() === "") ?? true;
  if (!isEmpty && !isOwnFile(seen.files, file, path)) {
    throw new UserError(describeForeign(file, pathIn(seen.files, file)));
  }
  const [unread] = seen.meanings.unread;
  if (unread !== undefined) {
    throw new UserError(
      `${unread} may export ${path}, too, and cannot be read here, because its name has a blank: rename that file`,
    );
  }
  const rivals = rivalsOf(seen, path, Object.keys(want.clients));
  const rival = rivals.find(({ isSameHost, isSamePath }) => isSameHost && isSamePath) ?? rivals[0];
  if (rival !== undefined) throw new UserError(describeRival(rival, path));
  if (seen.threads === undefined || seen.threads === 0) {
    throw new UserError(
      "the NFS server of this host does not run, so no client could mount this: start it first, with " +
        'new SystemdService(..., { name: "nfs-server" }), and let this export depend on it',
    );
  }
}

function describeForeign(file: string, path: string | undefined): string {
  return path === undefined
    ? `${file} exists and is not ours: give "file" another name, or remove that file`
    : `${file} is the file of the NfsExport of ${path}, in this or another stack: give one of the two another "file"`;
}

function describeRival({ entry, client, isSameHost, isSamePath }: Rival, path: string): string {
  const line = `${entry.file}, line ${entry.line},`;
  const advice = "remove that line, or leave this client out";
  if (isSameHost && isSamePath) {
    const relation = client === entry.client ? "" : `, which has hosts in common with ${client}`;
    return `${line} already exports ${entry.path} to ${entry.client}${relation}, and exportfs uses only one of the two: ${advice}`;
  }
  const unknown = isSamePath
    ? `whether ${entry.client} and ${client} have hosts in common`
    : `whether ${entry.path} leads to ${path}`;
  return (
    `${line} exports ${entry.path} to ${entry.client}, and this host cannot tell ${unknown}; exportfs would use only one of the ` +
    `two lines: ${advice}`
  );
}
