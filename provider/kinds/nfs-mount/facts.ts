import type { Fact } from "../../facts/fact";
import { escapeOctal, unescapeOctal } from "../../facts/files/octal";
import { type PathState, PLACE, parsePathState, placeIn } from "../../facts/files/path-state";
import type { LiveOptions } from "./options";

/** A line of the kernel's table of mounts. */
export interface Mounted extends LiveOptions {
  readonly source: string;
  readonly type: string;
}

/** The mount at a path. Without one, the state of the path. */
export type MountPoint =
  | (Mounted & {
      /** Addresses of the server that is desired, where it is given by its name and another source is mounted. */
      readonly addresses: readonly string[];
      /** What is mounted at the same path, and hidden by it. */
      readonly below: readonly Mounted[];
    })
  | { readonly unmounted: PathState };

/**
 * Reads the kernel's table of mounts only: to touch a mount whose server is dead would block for ever. The path itself is examined
 * only where nothing is mounted, and with a deadline, because it may lie below such a mount.
 */
export function mountPoint(path: string, source = "", server = ""): Fact<MountPoint> {
  return {
    command: { sh: LOOK, args: [escapeField(path), path, PLACE, escapeField(source), server], inShell: true },
    parse: parseMountPoint,
  };
}

/** A name as /proc/self/mountinfo and fstab(5) write it. */
export function escapeField(text: string): string {
  return escapeOctal(text, /[ \t\n\\]/g);
}

// Of several mounts at one path the last one counts: it hides the others. The table is read by a process: a shell reads letter by letter.
// shellcheck disable=SC2013: words end where lines do.
const LOOK = `found='' below='' end='
'
set -f; IFS=$end
for line in $(cat /proc/self/mountinfo); do
  line=\${line#* * * * }
  case $line in "$1 "*)
    [ -z "$found" ] || below="\${below}below $found$end"
    found=\${line#* } ;;
  esac
done
set +f; IFS=' \t\n'
if [ -n "$found" ]; then
  printf 'mounted %s\\n%s' "$found" "$below"
  case $found in
    *" $4 "*) ;;
    *) [ -z "$5" ] || timeout -s KILL 5 getent ahosts "$5"; : ;;
  esac
else
  ${placeIn("$2", "$3")}
fi`;

// Only what is not mounted is looked up: the kernel knows a mount by its real name, and its server may be dead.
// shellcheck disable=SC2059: the path is the format, so that its octal codes are resolved; one with a percent sign is left out.
const LINKS = `mounted='' end='
'
[ ! -f /etc/fstab ] || [ ! -r /etc/fstab ] || while read -r source at rest || [ -n "$source" ]; do
  case $source in '#'*) continue ;; esac
  case $at in /*) ;; *) continue ;; esac
  [ -n "$mounted" ] || mounted=$end$(cut -d ' ' -f 5 /proc/self/mountinfo)$end
  case $mounted in *"$end\${at%/}$end"* | *"$end$at$end"*) continue ;; esac
  case $at in
    *%*) ;;
    *\\\\*) at=$(printf "\${at}x" 2>/dev/null); at=\${at%x} ;;
  esac
  case $at in *[[:cntrl:]]*) ;; *) [ $# -gt 500 ] || set -- "$@" "$at" ;; esac
done </etc/fstab
[ $# = 0 ] || real=$(timeout -s KILL 5 readlink -m -- "$@")
for at; do
  printf '%s\\t%s\\n' "$at" "\${real%%"$end"*}"
  real=\${real#*"$end"}
done`;

export function parseMountPoint(output: string): MountPoint {
  const [line = "", ...others] = output.split("\n");
  if (!line.startsWith("mounted ")) return { unmounted: parsePathState(output) };
  const isBelow = (text: string) => text.startsWith("below ");
  const hosts = others.filter((text) => !isBelow(text));
  const addresses = hosts.flatMap((host) => host.split(" ")[0] ?? []).filter((address) => address !== "");
  return { ...parseMount(line), addresses, below: others.filter(isBelow).map(parseMount) };
}

function parseMount(line: string): Mounted {
  const [own, theirs] = line.slice(line.indexOf(" ") + 1).split(" - ");
  const [flags] = (own ?? "").split(" ");
  const [type, source, nfs] = (theirs ?? "").split(" ");
  if (flags === undefined || type === undefined || source === undefined || nfs === undefined) {
    throw new Error(`cannot read "${line}" as a line of /proc/self/mountinfo`);
  }
  return { type, source: unescapeOctal(source), flags: flags.split(","), nfs: nfs.split(",") };
}

/** Mount points of fstab that are reached through a symbolic link, as they are written there → the same place without links. */
export const linkedMountPoints: Fact<ReadonlyMap<string, string>> = {
  command: { sh: LINKS, inShell: true },
  parse: (output) =>
    new Map(
      output.split("\n").flatMap((line) => {
        const [written, real] = line.split("\t");
        return written !== undefined && real !== undefined && real !== "" ? [[written, real] as const] : [];
      }),
    ),
};

const MISSING = `for name in mount umount; do command -v "$name" >/dev/null || echo $name; done
[ -x /sbin/mount.nfs ] || [ -x /usr/sbin/mount.nfs ] || command -v mount.nfs >/dev/null || echo mount.nfs`;

/** Those of the programs for a mount that this host lacks. mount(8) and umount(8) look for those of NFS in /sbin, whatever PATH is. */
export const missingPrograms: Fact<readonly string[]> = {
  command: { sh: MISSING, inShell: true },
  parse: (output) => output.split("\n").filter((name) => name !== ""),
};
