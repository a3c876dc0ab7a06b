import type { Fact } from "../../facts/fact";
import type { Advice } from "../../step";

/** The state of a unit. */
export interface Unit {
  /** The unit's own name, which differs from an alias: `ssh.service` for `sshd`. */
  readonly id: string;
  /** That, and all of its aliases. */
  readonly names: readonly string[];
  readonly exists: boolean;
  readonly activeState: string;
  readonly subState: string;
  /** `enabled`, `disabled`, `masked`, `static`, `enabled-runtime` ... */
  readonly fileState: string;
}

/** A unit, by one call of systemctl. A second call for an init script: `show` does not tell whether it is enabled. */
export function unit(name: string): Fact<Unit> {
  return { command: { sh: ASK, args: [name], inShell: true }, parse: parseUnit, advice: systemdAdvice };
}

export const systemdAdvice: readonly Advice[] = [
  {
    when: /systemctl.*not found/,
    say: "This host has no systemd, as Red Hat 6: its services are not supported.",
  },
  {
    when: /not been booted with systemd|Failed to connect to bus/,
    say: "systemd does not run on this host: is it a container?",
  },
];

// For an init script, is-enabled prints lines of chkconfig before its answer.
const ASK = `shown=$(systemctl show -p Id -p Names -p LoadState -p ActiveState -p SubState -p UnitFileState -- "$1") && {
  printf '%s\\n' "$shown"
  case $shown in
    *LoadState=not-found*) ;;
    *UnitFileState=generated* | *UnitFileState=bad* | *UnitFileState= | *"UnitFileState=
"*) printf 'IsEnabled=%s\\n' "$(systemctl is-enabled -- "$1" 2>/dev/null | tail -n 1)" ;;
  esac
}`;

export function parseUnit(output: string): Unit {
  const properties = new Map(
    output.split("\n").flatMap((line): [string, string][] => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
  const word = (name: string): string => {
    const value = properties.get(name);
    if (value === undefined) throw new Error(`no ${name} in the output of systemctl show: "${output.slice(0, 80)}"`);
    return value;
  };
  return {
    id: word("Id"),
    names: (properties.get("Names") ?? word("Id")).split(" "),
    exists: word("LoadState") !== "not-found",
    activeState: word("ActiveState"),
    subState: properties.get("SubState") ?? "",
    fileState: properties.get("IsEnabled") ?? properties.get("UnitFileState") ?? "",
  };
}
