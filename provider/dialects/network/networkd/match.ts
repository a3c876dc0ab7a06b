import { byName, nameOf } from "../../../facts/files/by-name";
import { CLASS, matchesAnyName } from "../../../facts/files/glob";
import { readUnitFiles, type Setting } from "../../../facts/files/unit-file";
import type { NetworkConfig } from "../../../facts/network/managers";
import { NETWORK_FOLDERS, readNetworkFile } from "./network-files";

/**
 * Why networkd would not apply the .network file at the next boot that it has applied to this interface, and what to do. It takes the first
 * file by name that matches, and what it has applied is of the time when it was started or reloaded.
 */
export function nextBootProblem(device: string, config: NetworkConfig): string | undefined {
  const file = config.activeConfigs.get(device)?.networkFile;
  if (file === undefined) return undefined;
  const { problem } = readNetworkFile(file, config);
  if (problem !== undefined)
    return (
      `systemd-networkd gives ${file} up, with its drop-ins, at ${problem.path}, line ${problem.line}: ${problem.reason}. ` +
      'Mend that line, or set "boot: false"'
    );
  const first = namedFor(device, config).find((path) => nameOf(path) < nameOf(file));
  if (first !== undefined)
    return (
      `${first} names ${device} and comes before ${file}, which systemd-networkd has applied to it: at the next boot the other one counts. ` +
      `Run "networkctl reload" where that is meant, or remove it; or set "boot: false"`
    );
  return undefined;
}

/** Files whose [Match] has names alone, with this device among them. Whether others match is for networkd to say. */
function namedFor(device: string, config: NetworkConfig): readonly string[] {
  const files = byName(NETWORK_FOLDERS, config.files.keys()).filter((path) => path.endsWith(".network"));
  return files.filter((path) => {
    const match = matchOf(path, config);
    return match.length === 1 && match.every((setting) => setting.key === "Name" && names(setting, device));
  });
}

function matchOf(path: string, { files }: NetworkConfig): readonly Setting[] {
  const { settings, problem } = readUnitFiles([[path, files.get(path) ?? []]]);
  return problem === undefined ? settings.filter(({ section }) => section === "Match") : [];
}

/** Patterns of a shell, and none of them where "!" is before the first. */
function names({ value }: Setting, device: string): boolean {
  const isNot = value.startsWith("!");
  const patterns = (isNot ? value.slice(1) : value).split(/[ \t]+/).filter((one) => one !== "");
  if (patterns.length === 0) return false;
  if (CLASS.test(value) || /["'\\]/.test(value)) return true;
  return patterns.some((pattern) => matchesAnyName(pattern, device) === true) !== isNot;
}
