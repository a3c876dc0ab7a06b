import type { Files } from "../../facts/files/lines";
import { type NfsSetting, nfsSettings, withoutHidden } from "../../facts/files/nfs-config";
import { isLive } from "./options";
import type { WantedMount } from "./schema";

/** The files of nfsmount.conf(5), in the order in which mount.nfs reads them. */
export const CLIENT_CONFIG: readonly string[] = [
  "/usr/etc/nfsmount.conf",
  "/usr/etc/nfsmount.conf.d/*.conf",
  "/etc/nfsmount.conf",
  "/etc/nfsmount.conf.d/*.conf",
];

/** An option that mount.nfs appends to those of fstab, with the line that says so. */
interface Added {
  readonly word: string;
  readonly setting: NfsSetting;
}

/** The option that contradicts the desired ones. mount.nfs appends what fstab does not name, so that `soft` wins over a `hard` of ours. */
export function clientConfigProblem(files: Files, want: WantedMount): string | undefined {
  const contradicting = addedOptions(files, want).find(({ word }) => {
    const all = [...want.options, word];
    return !isLive(want.options, { flags: all, nfs: all });
  });
  if (contradicting === undefined) return undefined;
  const { word, setting } = contradicting;
  return (
    `${setting.file}, line ${setting.line}, adds ${word} to this mount, now and at each boot, and "options" says otherwise: ` +
    `add "${word}" to "options", or remove that line`
  );
}

/** Of the mount point, then of the server, then of all mounts: the first that sets an option counts. */
function addedOptions(files: Files, { source, path, options }: WantedMount): readonly Added[] {
  const settings = read(files);
  const [server = ""] = source.split(":");
  const sections: readonly (readonly [string, string])[] = [
    ["mountpoint", path],
    ["server", server],
    ["nfsmount_global_options", ""],
  ];
  const added = new Map<string, Added>();
  const named = new Set(options.map((option) => option.split("=")[0] ?? option));
  for (const [section, argument] of sections) {
    // Of several lines for one option in a section, the last one counts.
    const own = new Map(
      settings
        .filter((one) => one.section === section && one.argument.toLowerCase() === argument.toLowerCase())
        .map((one) => [one.name, one]),
    );
    for (const [name, setting] of own) {
      if (named.has(name) || named.has(`no${name}`)) continue;
      named.add(name);
      added.set(name, { word: wordOf(setting), setting });
    }
  }
  return [...added.values()];
}

function wordOf({ name, value }: NfsSetting): string {
  if (/^true$/i.test(value)) return name;
  return /^false$/i.test(value) ? `no${name}` : `${name}=${value}`;
}

function read(files: Files): readonly NfsSetting[] {
  const read = withoutHidden(files, "/etc/nfsmount.conf");
  return read.flatMap((file) => nfsSettings(files, file, (path) => files.has(path)));
}
