import { type BootCommand, bootCommandArgs, LOOK_AT_BOOT_COMMANDS, parseBootCommands } from "../boot/boot-commands";
import type { Fact } from "../fact";
import { type BootLine, parseBootLines, settingOf } from "./boot-line";

/** A kernel setting of a command that the next boot runs, or of a file that it hands to sysctl(8): after systemd-sysctl, or beside it. */
export interface BootSetting {
  readonly path: string;
  readonly number: number;
  /** The path below /proc/sys, or a pattern with `*`. */
  readonly setting: string;
  readonly value: string;
}

/** What other commands of the boot set than systemd-sysctl. */
export const bootSettings: Fact<readonly BootSetting[]> = {
  command: { sh: LOOK_AT_BOOT_COMMANDS, args: bootCommandArgs("sysctl"), inShell: true },
  parse: parseBootSettings,
};

export function parseBootSettings(output: string): readonly BootSetting[] {
  const lines = output.split("\n");
  const ran = parseBootCommands(lines, "runs").flatMap((command) => locate(command, settingsIn(command.text)));
  const read = parseBootCommands(lines, "sets").flatMap((command) => locate(command, parseBootLines(command.text)));
  return [...ran, ...read];
}

function locate({ file, line }: BootCommand, found: readonly BootLine[]): BootSetting[] {
  return found.flatMap(({ setting, value }) =>
    value === undefined ? [] : [{ path: file, number: line, setting, value }],
  );
}

/**
 * `sysctl -w net.ipv4.ip_forward=0`, `echo 0 > /proc/sys/net/ipv4/ip_forward`, and the same in a loop over names. Of a variable that is not
 * known, a pattern. A value that is no number is not judged.
 */
function settingsIn(text: string): readonly BootLine[] {
  const variables = new Map<string, readonly string[]>();
  return text.split(/[;&]+|\|\|/).flatMap((part) => {
    const words = part.split(/\s\d>|[\s"'`()[\],<>|]+/).filter((word) => word !== "");
    const loop = words.indexOf("for");
    const name = words[loop + 1];
    if (loop !== -1 && name !== undefined && words[loop + 2] === "in") {
      const values = words.slice(loop + 3);
      variables.set(name, values.some((one) => /^(?:\$.*|ls|find)$/.test(one)) ? ["*"] : values);
      return [];
    }
    return [...assignedIn(words), ...writtenIn(words)].flatMap(({ setting, value }) =>
      expand(setting, variables).map((one) => ({ setting: settingOf(one.replace(/^\/proc\/sys\//, "")), value })),
    );
  });
}

/** Words of sysctl(8): `net.ipv4.ip_forward=0`, also with blanks around the sign. */
function assignedIn(words: readonly string[]): Required<BootLine>[] {
  if (!words.some((word) => /(?:^|\/)sysctl$/.test(word) || /SYSCTL\}?$/.test(word))) return [];
  return words.flatMap((word, at) => {
    const equals = word.indexOf("=");
    if (equals === -1) return [];
    const setting = equals === 0 ? words[at - 1] : word.slice(0, equals);
    const value = equals === word.length - 1 ? words[at + 1] : word.slice(equals + 1);
    if (setting === undefined || value === undefined || !/^\/?net[./]/.test(setting)) return [];
    return isNumber(value) ? [{ setting, value }] : [];
  });
}

/** What is written into files below /proc/sys: the first number behind the program. */
function writtenIn(words: readonly string[]): Required<BootLine>[] {
  const program = words.findIndex((word) => /(?:^|\/)(?:echo|printf)$/.test(word));
  const at = program === -1 ? -1 : words.findIndex((word, index) => index > program && isNumber(word));
  const value = words[at];
  if (at === -1 || value === undefined) return [];
  const isPath = (word: string) => word.startsWith("/proc/sys/net/") || /^\$\{?\w+\}?$/.test(word);
  return words
    .slice(at + 1)
    .filter(isPath)
    .map((setting) => ({ setting, value }));
}

const isNumber = (word: string): boolean => /^-?\d+$/.test(word);

/** Its settings, with each value of the loop's variable. */
function expand(word: string, variables: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const [variable, name] = /\$\{?(\w+)\}?/.exec(word) ?? [];
  if (variable === undefined || name === undefined) return [word];
  const values = variables.get(name) ?? ["*"];
  const texts = values.map((value) => word.replace(variable, () => value));
  return texts
    .filter((text) => /^(?:\/proc\/sys\/)?\/?net[./]/.test(text))
    .map((text) => text.replaceAll(/\$\{?\w+\}?/g, "*"));
}
