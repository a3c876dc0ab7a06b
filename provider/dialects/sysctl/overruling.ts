import { UserError } from "../../errors";
import type { BootSetting } from "../../facts/sysctl/boot-settings";
import { isKernelValue } from "../../facts/sysctl/kernel-value";
import { matchesSetting } from "../../facts/sysctl/pattern";
import { namesOf } from "./at-boot";
import { LEDGER } from "./ledger-text";
import { type Overruling, overruledBy } from "./precedence";
import type { SysctlSeen } from "./restore";

/** Of the host's own: a line of a file that is applied after ours, or a command of the boot. */
export function overruling(
  { files, commands = [] }: Pick<SysctlSeen, "files" | "commands">,
  key: string,
  value: string,
): Overruling | undefined {
  return overruledBy(files, key, value) ?? overruledByCommand(commands, key, value);
}

/** Throws where the next boot would not have the value. */
export function refuseOverruled(seen: SysctlSeen, key: string, value: string): void {
  const other = overruling(seen, key, value);
  if (other === undefined) return;
  const set = other.value === "" ? "nothing" : other.value;
  const does = set === undefined ? `keeps ${key} from being set` : `sets ${key} to ${set}`;
  throw new UserError(
    `${other.path}, line ${other.number}, ${does} and is applied after ${other.after}, ` +
      `so ${value} would be lost at boot. Remove that line, or set "boot: false"`,
  );
}

/**
 * A command of the boot that sets another value than ours. A script that sets ours, too, is passed over: most are given "start" or "stop", and
 * which of its lines runs is not known.
 */
function overruledByCommand(commands: readonly BootSetting[], key: string, value: string): Overruling | undefined {
  const names = namesOf(key);
  const all = commands.filter(({ setting }) => names.some((name) => matchesSetting(setting, name) === true));
  const right = new Set(all.filter((one) => isKernelValue(one.value, value)).map(({ path }) => path));
  const wrong = all.find(({ path }) => !right.has(path));
  return wrong && { ...wrong, after: LEDGER };
}
