import type { Fact } from "../fact";
import { FRAGMENTS_PATTERN, fragmentName, LOADED, MAIN_FILE, PENDING, PROTOCOL_FILE } from "./paths";

/** The daemon of a host, and what it has read of our files. */
export interface KeepalivedDaemon {
  /** `2.2.7`; undefined where it is not installed. */
  readonly version: string | undefined;
  readonly unit: KeepalivedUnit;
  /** Lines of the files of its options. */
  readonly options: readonly string[];
  /** Files with a mode by which it passes over them. */
  readonly executable: readonly string[];
  /** The names of our files. */
  readonly fragments: readonly string[];
  /** Of these, those that it has read as they are. */
  readonly loaded: readonly string[];
  /** Whether it has left a file for iproute2. */
  readonly hasProtocolFile: boolean;
  /** Names of files that are gone, and that it may still have. */
  readonly stillLoaded: readonly string[];
}

export interface KeepalivedUnit {
  readonly exists: boolean;
  /** `active`, `inactive`, `failed`. */
  readonly activeState: string;
  /** `enabled`, `disabled`, `masked`. */
  readonly fileState: string;
}

// One that a boot or an operator has started has read the files that were there before its pid file.
const LOOK = `if command -v keepalived >/dev/null 2>&1; then
  keepalived -v 2>&1 | { read -r line; printf 'version %s\\n' "$line"; }
fi
[ ! -d /run/systemd/system ] ||
  systemctl show --property=LoadState --property=ActiveState --property=UnitFileState --property=MainPID keepalived.service
for file in /etc/default/keepalived /etc/sysconfig/keepalived; do
  [ ! -f "$file" ] || while read -r line || [ -n "$line" ]; do
    case $line in \\#*) ;; *=?*) printf 'option %s\\n' "$line" ;; esac
  done <"$file"
done
process=
for file in /run/keepalived.pid /run/keepalived/keepalived.pid; do [ ! -f "$file" ] || process=$file; done
[ ! -f ${MAIN_FILE} ] || [ ! -x ${MAIN_FILE} ] || printf 'executable %s\\n' ${MAIN_FILE}
set -- ${FRAGMENTS_PATTERN}
for file; do
  [ -f "$file" ] || continue
  [ ! -x "$file" ] || printf 'executable %s\\n' "$file"
  [ -n "$process" ] && [ "$file" -nt "$process" ] && printf 'newer %s\\n' "$file"
done
[ ! -e "$1" ] || stat -c 'file %n %i %s %y' -- "$@"
[ ! -e ${PROTOCOL_FILE} ] || echo protocol
[ ! -f ${LOADED} ] || while read -r line; do printf 'loaded %s\\n' "$line"; done <${LOADED}
[ ! -f ${PENDING} ] || while read -r line; do printf 'pending %s\\n' "$line"; done <${PENDING}`;

export const keepalivedDaemon: Fact<KeepalivedDaemon> = {
  command: { sh: LOOK, inShell: true },
  parse: parseKeepalivedDaemon,
};

export function parseKeepalivedDaemon(output: string): KeepalivedDaemon {
  const lines = output.split("\n");
  const after = (word: string) => lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length));
  const [version] = after("version ").flatMap((line) => /^Keepalived v(\d+(?:\.\d+)+)/.exec(line)?.[1] ?? []);
  const [activeState = "inactive"] = after("ActiveState=");
  const files = after("file ");
  const fragments = new Set(files.map(nameIn));
  const pending = new Set(after("pending "));
  const newer = new Set(after("newer ").map(fragmentName));
  // Of another process, of an earlier start, nothing is known.
  const [first = "", ...rest] = after("loaded ");
  const read = new Set(first === `MainPID=${after("MainPID=")[0] ?? ""}` ? rest : []);
  const isLoaded = (file: string) => (read.has(file) || !newer.has(nameIn(file))) && !pending.has(nameIn(file));
  const gone = [...read].map(nameIn).concat(...pending);
  const ifActive = (names: readonly string[]) => (isRunning(activeState) ? [...new Set(names)] : []);
  return {
    version,
    unit: {
      exists: after("LoadState=").some((state) => state !== "not-found"),
      activeState,
      fileState: after("UnitFileState=")[0] ?? "",
    },
    options: after("option "),
    executable: after("executable "),
    hasProtocolFile: lines.includes("protocol"),
    fragments: [...fragments],
    loaded: ifActive(files.filter(isLoaded).map(nameIn)),
    stillLoaded: ifActive(gone.filter((name) => !fragments.has(name))),
  };
}

/** Also while it reads its files anew. */
export function isRunning(activeState: string): boolean {
  return activeState === "active" || activeState === "reloading";
}

/** Whether a version is this one or a later one, by its numbers. */
export function isAtLeast(version: string, least: string): boolean {
  const [one, other] = [version, least].map((text) => text.split(".").map(Number));
  const at = [0, 1, 2].find((index) => (one?.[index] ?? 0) !== (other?.[index] ?? 0));
  return at === undefined || (one?.[at] ?? 0) > (other?.[at] ?? 0);
}

/** `/etc/keepalived/pulumi-lvs.d/x.conf 71 220 2026-11-30 ...`. Our names have no blanks. */
function nameIn(file: string): string {
  return fragmentName(file.split(" ", 1)[0] ?? "");
}
