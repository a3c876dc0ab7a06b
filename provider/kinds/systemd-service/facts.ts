import type { Fact } from "../../facts/fact";
import type { Advice } from "../../step";

/** What systemd says of a unit. */
export interface Unit {
  /** Its own name, where the one that was asked for is an alias: `ssh.service` for `sshd`. */
  readonly id: string;
  readonly exists: boolean;
  readonly activeState: string;
  readonly subState: string;
  /** `enabled`, `disabled`, `masked`, `static`, `enabled-runtime` ... */
  readonly fileState: string;
}

/** A unit, by one call; one more where it is an old init script, of which systemd does not know whether it is enabled. */
export function unit(name: string): Fact<Unit> {
  return { command: { sh: ASK, args: [name] }, parse: parseUnit, advice: systemdAdvice };
}

export const systemdAdvice: readonly Advice[] = [
  {
    when: /systemctl.*not found/,
    say: "This host has no systemd (Red Hat 6, for one): its services are not managed here.",
  },
  {
    when: /not been booted with systemd|Failed to connect to bus/,
    say: "systemd does not run on this host: is it a container?",
  },
];

// chkconfig says more than one line beside its answer, which is the last.
const ASK = `said=$(systemctl show -p Id -p LoadState -p ActiveState -p SubState -p UnitFileState -- "$1") || exit
printf '%s\\n' "$said"
case $said in
  *LoadState=not-found*) ;;
  *UnitFileState=generated* | *UnitFileState=bad* | *UnitFileState= | *"UnitFileState=
"*) printf 'IsEnabled=%s\\n' "$(systemctl is-enabled -- "$1" 2>/dev/null | tail -n 1)" ;;
esac`;

export function parseUnit(output: string): Unit {
  const said = new Map(
    output.split("\n").flatMap((line): [string, string][] => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
  const word = (name: string): string => {
    const value = said.get(name);
    if (value === undefined) throw new Error(`no ${name} in what systemctl show says: "${output.slice(0, 80)}"`);
    return value;
  };
  return {
    id: word("Id"),
    exists: word("LoadState") !== "not-found",
    activeState: word("ActiveState"),
    subState: said.get("SubState") ?? "",
    fileState: said.get("IsEnabled") ?? said.get("UnitFileState") ?? "",
  };
}
