import type { Fact } from "../../facts/fact";
import { byName } from "../../facts/files/by-name";
import { type Files, fileLines } from "../../facts/files/lines";
import { OWN_UNIT_FOLDERS, readUnitFiles } from "../../facts/files/unit-file";

/** Units of an operator's own. systemd looks at these in place of what it makes of fstab; those of packages come after that. */
const OWN = [...OWN_UNIT_FOLDERS, "/etc/systemd/system.attached"];

/** Drop-ins of packages count as well. */
const FOLDERS = [...OWN, "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

/** The files of systemd that have a say in the mount unit of a path at boot. */
export function mountUnitFiles(path: string): Fact<Files> {
  const name = unitName(path);
  const paths = [
    ...OWN.map((folder) => `${folder}/${name}`),
    ...FOLDERS.flatMap((folder) => dropInNames(name).map((one) => `${folder}/${one}.d/*.conf`)),
  ];
  // A backslash would be a sign of patterns.
  return fileLines(...paths.map((one) => one.replaceAll("\\", "?")));
}

/** Why the next boot would not mount by the line of fstab. */
export function mountUnitProblem(files: Files, path: string): string | undefined {
  const name = unitName(path);
  const unit = OWN.map((folder) => `${folder}/${name}`).find((file) => files.has(file));
  if (unit !== undefined) {
    return files.get(unit)?.length === 0
      ? `${unit} masks the mount unit of ${path}, so that no boot mounts it: run "systemctl unmask ${name}", or set boot: false`
      : `${unit} is a mount unit for ${path}, which systemd takes at boot in place of the line of fstab: remove the unit, or this resource`;
  }
  const dropIns = dropInNames(name).flatMap((one) =>
    byName(
      FOLDERS.map((folder) => `${folder}/${one}.d`),
      files.keys(),
    ),
  );
  const { settings } = readUnitFiles(dropIns.map((file) => [file, files.get(file) ?? []] as const));
  const setting = settings.find(({ section, key }) => CHANGES.test(`${section}.${key}`));
  return setting === undefined
    ? undefined
    : `${setting.path}, line ${setting.line}, says ${setting.key}=${setting.value} for the mount unit of ${path}, whatever the line of ` +
        "fstab says: remove that line, or set boot: false";
}

const CHANGES = /^Mount\.(?:What|Where|Type|Options)$|^Unit\.(?:Condition|Assert)/;

/** `systemd-escape --path --suffix=mount`. */
function unitName(path: string): string {
  const escaped = [...Buffer.from(path.slice(1))].map((byte, index) => {
    const character = String.fromCharCode(byte);
    if (character === "/") return "-";
    const isPlain = /[0-9A-Za-z:_.]/.test(character) && !(index === 0 && character === ".");
    return isPlain ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `${escaped.join("")}.mount`;
}

/** `srv-my-docs.mount`, then for all units that begin so `srv-my-.mount` and `srv-.mount`, then for all mounts. */
function dropInNames(name: string): readonly string[] {
  const ends = [...name.slice(0, -".mount".length).matchAll(/-/g)].map(({ index }) => index + 1);
  return [name, ...ends.reverse().map((end) => `${name.slice(0, end)}.mount`), "mount"];
}
