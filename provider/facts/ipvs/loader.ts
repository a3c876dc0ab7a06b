import type { Fact } from "../fact";

/** The loaders of IPVS rules that a host has. */
export interface IpvsLoader {
  /** The files of loaders that were found, for messages: `/etc/init.d/ipvsadm`, `/etc/default/ipvsadm`. */
  readonly seen: readonly string[];
  readonly installed: boolean;
  readonly initScript: boolean;
  readonly defaults: boolean;
  /** The links of the SysV init script: to start it at boot, not to start it, or none. */
  readonly links: LoaderState;
  /** Whether an ipvsadm.service reads /etc/sysconfig/ipvsadm. */
  readonly unit: boolean;
  /** Whether ipvsadm.service is enabled. */
  readonly unitEnabled: boolean;
  /** The text of our drop-in. */
  readonly dropIn?: string;
}

export type LoaderState = "enabled" | "disabled" | "absent";

/** The options of Debian's init script. */
export const DEFAULTS = "/etc/default/ipvsadm";
export const DROP_IN_DIRECTORY = "/etc/systemd/system/ipvsadm.service.d";
export const DROP_IN = `${DROP_IN_DIRECTORY}/10-pulumi-lvs.conf`;

/** File tests and shell builtins only: no process is started, and systemd is not called. */
export const ipvsLoader: Fact<IpvsLoader> = {
  command: {
    inShell: true,
    changedOnlyBy: [`file ${DEFAULTS}`, `file ${DROP_IN}`],
    sh: `command -v ipvsadm >/dev/null && echo installed
[ -e /etc/init.d/ipvsadm ] && echo seen /etc/init.d/ipvsadm
[ -e ${DEFAULTS} ] && echo seen ${DEFAULTS}
set -- /etc/rc[2345].d/S[0-9][0-9]ipvsadm && [ -e "$1" ] && echo links enabled
set -- /etc/rc[2345].d/K[0-9][0-9]ipvsadm && [ -e "$1" ] && echo links disabled
set -- /etc/systemd/system/*.wants/ipvsadm.service && [ -L "$1" ] && echo enabled
for unit in /etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
  unit=$unit/ipvsadm.service
  [ -e "$unit" ] || continue
  echo "seen $unit"
  while read -r line || [ -n "$line" ]; do case $line in */etc/sysconfig/ipvsadm | */etc/sysconfig/ipvsadm[!-a-z]*) echo unit; break ;; esac; done <"$unit"
  break
done
if [ -e ${DROP_IN} ]; then while read -r line || [ -n "$line" ]; do echo "drop-in $line"; done <${DROP_IN}; fi
:`,
  },
  parse: parseLoader,
};

function parseLoader(output: string): IpvsLoader {
  const lines = output.split("\n").filter((line) => line !== "");
  const after = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const seen = after("seen");
  const dropIn = after("drop-in");
  const links = after("links");
  return {
    seen,
    installed: lines.includes("installed"),
    initScript: seen.includes("/etc/init.d/ipvsadm"),
    defaults: seen.includes(DEFAULTS),
    links: links.includes("enabled") ? "enabled" : links.includes("disabled") ? "disabled" : "absent",
    unit: lines.includes("unit"),
    unitEnabled: lines.includes("enabled"),
    ...(dropIn.length === 0 ? {} : { dropIn: dropIn.map((line) => `${line}\n`).join("") }),
  };
}
