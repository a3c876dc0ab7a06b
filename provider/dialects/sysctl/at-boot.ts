import { UserError } from "../../errors";
import { type BootLine } from "../../facts/sysctl/boot-line";
import { kernelNumbers } from "../../facts/sysctl/kernel-value";
import { isPattern, matchesSetting } from "../../facts/sysctl/pattern";
import { swapSeparators } from "../../facts/sysctl/values";

/** A line and where it stands. */
export interface LocatedLine extends BootLine {
  readonly path: string;
  readonly number: number;
}

/** A line whose value systemd-sysctl writes. */
export interface SetLine extends LocatedLine {
  readonly value: string;
}

/** What systemd-sysctl does at boot with the lines of all files. */
export interface AtBoot {
  /** The line that holds the place of a key. It is the first of those that say the same value, if no other value is between them. */
  lineOf(key: string): LocatedLine | undefined;
  /** The line whose value the kernel has in the end. Undefined: none sets it, or the kernel takes none of the values. */
  lastSetting(key: string): SetLine | undefined;
}

/**
 * systemd-sysctl reads all lines first and keeps one of each key. One that says what is already known of its key stays in the
 * earlier line's place, so that a line between the two, for another name of the same setting, is applied after both.
 */
export function atBoot(lines: readonly LocatedLine[]): AtBoot {
  const kept = new Map<string, LocatedLine>();
  for (const line of lines) {
    const known = kept.get(line.setting);
    if (known !== undefined && known.value === line.value) continue;
    kept.delete(line.setting);
    kept.set(line.setting, line);
  }
  const applied = [...kept.values()].filter(isAccepted);
  return {
    lineOf: (key) => kept.get(swapSeparators(key)),
    lastSetting: (key) => {
      const names = namesOf(key);
      // A pattern passes over what has a line of its own.
      const open = names.filter((name) => !kept.has(name));
      return applied.findLast((line) =>
        isPattern(line.setting) ? open.some((name) => isFor(line, name)) : names.includes(line.setting),
      );
    },
  };
}

/** The names below /proc/sys of the setting with this key. */
export function namesOf(key: string): readonly string[] {
  const name = swapSeparators(key);
  return FORWARDING.includes(name) ? FORWARDING : [name];
}

/** Two names of one setting. */
const FORWARDING: readonly string[] = ["net/ipv4/ip_forward", "net/ipv4/conf/all/forwarding"];

/** Every setting of ours is made of numbers. */
export function isAccepted(line: LocatedLine): line is SetLine {
  return line.value !== undefined && kernelNumbers(line.value, 1) !== undefined;
}

function isFor({ setting, path, number }: LocatedLine, name: string): boolean {
  const matches = matchesSetting(setting, name);
  if (matches !== undefined) return matches;
  throw new UserError(
    `${path}, line ${number}: cannot tell whether the pattern ${setting} is for ${name}. Write it with *, ? and [0-9] alone`,
  );
}
