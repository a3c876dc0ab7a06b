import type { Files } from "../../facts/files/lines";
import { type NfsSetting, nfsSettings, withoutHidden } from "../../facts/files/nfs-config";

/** The files of nfs.conf(5), and those that SUSE's own includes. Versions differ in how many of them they read. */
export const SERVER_CONFIG: readonly string[] = [
  "/usr/etc/nfs.conf",
  "/usr/etc/nfs.conf.d/*.conf",
  "/etc/nfs.conf",
  "/etc/nfs.conf.d/*.conf",
  "/etc/nfs.conf.local",
  "/etc/sysconfig/nfs",
];

const INCLUDED = ["/etc/nfs.conf.local", "/etc/sysconfig/nfs"];

/** Whether a file is one of these, and none of exports(5). */
export function isServerConfig(path: string): boolean {
  return /^(?:\/usr)?\/etc\/nfs\.conf(?:\.d\/|$)/.test(path) || INCLUDED.includes(path);
}

/** Why exportfs means other directories by paths than this host, or keeps its table elsewhere. */
export function serverConfigProblem(files: Files): string | undefined {
  const read = withoutHidden(files, "/etc/nfs.conf").filter((file) => isServerConfig(file) && !INCLUDED.includes(file));
  return read
    .map((file) => problemIn(nfsSettings(files, file, isServerConfig)))
    .find((problem) => problem !== undefined);
}

/** Of several values in a file, the last one counts. */
function problemIn(settings: readonly NfsSetting[]): string | undefined {
  const last = new Map(settings.map((setting) => [`${setting.section} ${setting.name}`, setting]));
  const include = settings.find(({ name }) => name === "include");
  if (include !== undefined)
    return `${at(include)} includes ${include.value}, which may set rootdir, and is not read here: move its text to a file in /etc/nfs.conf.d`;
  const root = last.get("exports rootdir");
  if (root !== undefined && !/^(?:\/|\.(?=\/|$))*$/.test(root.value))
    return `${at(root)} sets rootdir=${root.value}, below which exportfs looks for every path that is exported: remove that line, or export by hand on this host`;
  const state = [last.get("mountd state-directory-path"), last.get("exportd state-directory-path")].find(
    (one) => one !== undefined && !/^\/+var\/+lib\/+nfs\/*$/.test(one.value),
  );
  return (
    state &&
    `${at(state)} sets state-directory-path=${state.value}, where exportfs then keeps its table, which is read in /var/lib/nfs here: remove that line, or export by hand on this host`
  );
}

function at({ file, line }: NfsSetting): string {
  return `${file}, line ${line},`;
}
