import type { Fact } from "../fact";
import { byName } from "../files/by-name";
import type { UnitText } from "./unit-file";

/** The loaders of IPVS rules that a host has, and what decides which of them the next boot runs. */
export interface IpvsLoader {
  /** The files of loaders that were found, for messages: `/etc/init.d/ipvsadm`, `/etc/default/ipvsadm`. */
  readonly seen: readonly string[];
  readonly installed: boolean;
  readonly initScript: boolean;
  readonly defaults: boolean;
  /** The links of the SysV init script: to start it at boot, not to start it, or none. */
  readonly links: LoaderState;
  /** Whether systemd runs the host. */
  readonly systemd: boolean;
  /** Whether systemd makes units of init scripts. Since 262 it does not. */
  readonly runsInitScripts: boolean;
  /** The file of ipvsadm.service that counts at boot; `masked`: it is empty, or a link to /dev/null. */
  readonly unit?: { readonly path: string; readonly masked: boolean };
  /** That file, and its drop-ins in the order in which they count. */
  readonly texts: readonly UnitText[];
  /** Drop-ins that are links to /dev/null: an operator wants none of that name. */
  readonly nulls: readonly string[];
  /** The links to ipvsadm.service in directories such as multi-user.target.wants. */
  readonly pulledInBy: readonly string[];
  /** What the host boots into: `multi-user`, `graphical`, or `other`. */
  readonly target: string;
  /** Paths of conditions that are there: `path` exists, `filled` is not empty, `executable`. */
  readonly paths: readonly string[];
  /** Other files of `EnvironmentFile=` than the defaults. */
  readonly environment: readonly UnitText[];
}

export type LoaderState = "enabled" | "disabled" | "absent";

/** The options of Debian's loader. */
export const DEFAULTS = "/etc/default/ipvsadm";
export const DROP_IN_DIRECTORY = "/etc/systemd/system/ipvsadm.service.d";
export const DROP_IN = `${DROP_IN_DIRECTORY}/10-pulumi-lvs.conf`;

/** Where units are at boot, in the order in which they count. What is below /run is gone by then. */
const DIRECTORIES = [
  "/etc/systemd/system.control",
  "/etc/systemd/system",
  "/etc/systemd/system.attached",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

// Only names and files that differ cost anything: a host with an init script and no unit has no text to read.
// Lists are of paths without blanks; those of EnvironmentFile= may be patterns. Every sh of a host has -ef.
const LOOK = `command -v ipvsadm >/dev/null && echo installed
[ -d /run/systemd/system ] && echo systemd
[ -e /etc/init.d/ipvsadm ] && echo seen /etc/init.d/ipvsadm
[ -e ${DEFAULTS} ] && echo seen ${DEFAULTS}
for link in /etc/rc[2345].d/[SK][0-9][0-9]ipvsadm; do [ -e "$link" ] && echo "link $link"; done
[ -x /etc/init.d/ipvsadm ] && for generator in /etc/systemd/system-generators /usr/local/lib/systemd/system-generators /usr/lib/systemd/system-generators /lib/systemd/system-generators; do
  generator=$generator/systemd-sysv-generator
  if [ -e "$generator" ] || [ -L "$generator" ]; then [ -x "$generator" ] && echo generator; break; fi
done
for target in /etc/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
  [ -e $target/default.target ] || continue
  for name in multi-user graphical; do
    if [ $target/default.target -ef /usr/lib/systemd/system/$name.target ] || [ $target/default.target -ef /lib/systemd/system/$name.target ]; then echo "target $name"; fi
  done
  break
done
texts=''; unit=''; environment=''
for dir in ${DIRECTORIES.join(" ")}; do
  if [ -z "$unit" ] && { [ -e $dir/ipvsadm.service ] || [ -L $dir/ipvsadm.service ]; }; then
    unit=$dir/ipvsadm.service
    echo "seen $unit"
    if [ -f $unit ] && [ -s $unit ]; then texts="$texts $unit"; else echo "masked $unit"; fi
  fi
  for link in "$dir"/*.wants/ipvsadm.service "$dir"/*.requires/ipvsadm.service "$dir"/*.upholds/ipvsadm.service; do
    if [ -L "$link" ] || [ -e "$link" ]; then
      if [ "$link" -ef /dev/null ]; then echo "unwanted $link"; else echo "wanted $link"; fi
    fi
  done
  for file in "$dir"/service.d/*.conf "$dir"/ipvsadm.service.d/*.conf; do
    case $file in *[[:space:]]*) continue ;; esac
    [ -e "$file" ] && texts="$texts $file"
  done
done
for file in $texts; do
  echo "text $file"
  [ "$file" -ef /dev/null ] && echo "null $file"
  [ -f "$file" ] || continue
  while IFS= read -r line || [ -n "$line" ]; do
    printf '| %s\\n' "$line"
    case $line in
      *EnvironmentFile*=*/*) path=/\${line#*/}; [ "$path" = ${DEFAULTS} ] || environment="$environment $path" ;;
      *Condition*=*/* | *Assert*=*/*)
        path=/\${line#*/}
        [ -e "$path" ] && echo "path exists $path"
        [ -s "$path" ] && echo "path filled $path"
        [ -f "$path" ] && [ -x "$path" ] && echo "path executable $path"
        ;;
    esac
  done <"$file"
done
for file in $environment; do
  if [ -f "$file" ] && [ -r "$file" ]; then
    echo "environment $file"
    while IFS= read -r line || [ -n "$line" ]; do printf '| %s\\n' "$line"; done <"$file"
  fi
done
:`;

/** File tests and shell builtins only: no process is started, and systemd is not called. */
export const ipvsLoader: Fact<IpvsLoader> = {
  command: {
    inShell: true,
    changedOnlyBy: [`file ${DEFAULTS}`, `file ${DROP_IN}`],
    sh: LOOK,
  },
  parse: parseLoader,
};

function parseLoader(output: string): IpvsLoader {
  const lines = output.split("\n").filter((line) => line !== "");
  const after = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const seen = after("seen");
  const links = after("link");
  const target = after("target")[0] ?? "other";
  const [masked] = after("masked");
  const unit = seen.find((path) => path.endsWith("/ipvsadm.service"));
  const unwanted = new Set(after("unwanted").map(linkIn));
  return {
    seen,
    installed: lines.includes("installed"),
    initScript: seen.includes("/etc/init.d/ipvsadm"),
    defaults: seen.includes(DEFAULTS),
    links: links.some((path) => startsAtBoot(path, target)) ? "enabled" : links.length > 0 ? "disabled" : "absent",
    systemd: lines.includes("systemd"),
    runsInitScripts: lines.includes("generator"),
    ...(unit !== undefined && { unit: { path: unit, masked: masked === unit } }),
    texts: inOrder(textsAfter(lines, "text")),
    nulls: after("null"),
    pulledInBy: after("wanted").filter((path) => !unwanted.has(linkIn(path))),
    target,
    paths: after("path"),
    environment: textsAfter(lines, "environment"),
  };
}

/** `/etc/rc2.d/S01ipvsadm`. Level 5 is the graphical one, which a server does not boot into. */
function startsAtBoot(path: string, target: string): boolean {
  const [, level, kind] = /^\/etc\/rc(\d)\.d\/([SK])/.exec(path) ?? [];
  return kind === "S" && (level !== "5" || target !== "multi-user");
}

/** `multi-user.target.wants/ipvsadm.service`: of several such links the first in the order of the directories counts. */
function linkIn(path: string): string {
  return path.split("/").slice(-2).join("/");
}

/** `text /etc/x`, then `| line` for each of its lines. */
function textsAfter(lines: readonly string[], word: string): readonly UnitText[] {
  return lines.flatMap((line, index) => {
    if (!line.startsWith(`${word} `)) return [];
    const end = lines.findIndex((other, at) => at > index && /^(?:text|environment) /.test(other));
    const inside = lines.slice(index + 1, end < 0 ? undefined : end);
    const text = inside.filter((other) => other.startsWith("| ")).map((other) => other.slice(2));
    return [{ path: line.slice(word.length + 1), lines: text }];
  });
}

/** The unit, then the drop-ins by their names. Of two with one name the unit's own counts, then the order of the directories. */
function inOrder(texts: readonly UnitText[]): readonly UnitText[] {
  const paths = texts.map(({ path }) => path);
  const folders = ["ipvsadm.service.d", "service.d"].flatMap((name) => DIRECTORIES.map((at) => `${at}/${name}`));
  const unit = paths.filter((path) => path.endsWith("/ipvsadm.service"));
  return [...unit, ...byName(folders, paths)].flatMap((path) => texts.find((text) => text.path === path) ?? []);
}
