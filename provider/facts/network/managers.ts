import { READABLE } from "../../readable";
import type { Fact } from "../fact";
import { type Files, type Line, parseLines } from "../files/lines";

/** The network managers of a host: which are present, the files that they read at boot, and which interfaces they have. */
export interface NetworkConfig {
  /** Those of the patterns in question that match a path of the host. */
  readonly presentPaths: ReadonlySet<string>;
  readonly files: Files;
  /** By interface: the configuration that a running manager has applied to it, from the manager's files in /run. */
  readonly activeConfigs: ReadonlyMap<string, ActiveConfig>;
}

/** What a running manager has applied to an interface. */
export interface ActiveConfig {
  /** The .network file that systemd-networkd has applied. */
  readonly networkFile?: string;
  /** The UUID of the profile that NetworkManager has activated. */
  readonly profile?: string;
}

/**
 * Reads files only and runs no manager. The arguments are patterns, because units and links are in several places. `+` before one: it is
 * an interfaces file of ifupdown, and the files that it reads are read, too. `masked:` before an indicator: it is present if a path is a link to
 * /dev/null, or empty, with which an operator turns a unit off whatever else enables it.
 */
export function networkConfig(indicators: readonly string[], files: readonly string[]): Fact<NetworkConfig> {
  return {
    command: { sh: READ_CONFIG, args: [String(indicators.length), ...indicators, ...files] },
    parse: parseNetworkConfig,
  };
}

// Names of profiles may have blanks, so awk reads the names line by line. Values that may be secret do not leave the host.
const READ_CONFIG = `left=$1; shift
while [ "$left" -gt 0 ]; do
  case $1 in
    masked:*) for path in \${1#masked:}; do if [ -c "$path" ] || { [ -f "$path" ] && ! [ -s "$path" ]; }; then echo "present	$1"; break; fi; done ;;
    *) for path in $1; do if [ -e "$path" ] || [ -L "$path" ]; then echo "present	$1"; break; fi; done ;;
  esac
  shift; left=$((left - 1))
done
for dir in /sys/class/net/*; do
  { read -r index <"$dir/ifindex"; } 2>/dev/null || continue
  for state in "/run/systemd/netif/links/$index" "/run/NetworkManager/devices/$index"; do
    [ -f "$state" ] && [ -r "$state" ] || continue
    while IFS= read -r line; do
      case $line in ADMIN_STATE=*|NETWORK_FILE=?*|connection-uuid=?*) echo "active	\${dir##*/}	$line" ;; esac
    done <"$state"
  done
done
blanks=' \t\v\f\r' seen=
# The files that an interfaces file reads, and those that they read. A pattern without a match stays as it is, and is no file.
interfaces() {
  case $seen in *"<$1>"*) return ;; esac
  seen="$seen<$1>"
  [ -f "$1" ] || return
  printf '%s\\n' "$1"
  while IFS=$blanks read -r word patterns || [ -n "$word" ]; do
    case $word in
      source) sourced "" "\${1%/*}" "$patterns" ;;
      source-dir*) sourced "/*" "\${1%/*}" "$patterns" ;;
    esac
  done <"$1"
}
sourced() {
  set -f; IFS=$blanks
  for pattern in $3; do
    set +f; IFS=
    case $pattern in /*) ;; *) pattern=$2/$pattern ;; esac
    for file in $pattern$1; do interfaces "$file"; done
  done
  set +f; IFS=
}
IFS=
for pattern; do
  case $pattern in +*) interfaces "\${pattern#+}"; continue ;; esac
  for file in $pattern; do [ -f "$file" ] || [ "$file" -ef /dev/null ] || continue; printf '%s\\n' "$file"; done
done |
awk '
# The line without values that may be secret: up to the key, except in YAML, where what follows the value stays.
function redacted(line,    kept) {
  while (match(tolower(line), /(psk|passw|secret|private|wep-key|(^|[ \\t])p(in|uk))[a-z0-9_-]*["]?[ \\t]*[=: \\t]/)) {
    kept = kept substr(line, 1, RSTART + RLENGTH - 1)
    if ($0 !~ /\\.yaml$/) return kept
    line = substr(line, RSTART + RLENGTH)
    sub(/^[ \\t]+/, "", line)
    if (match(line, /^"([^"\\\\]|\\\\.)*"/) || match(line, QUOTED)) line = substr(line, RSTART + RLENGTH)
    else if (kept ~ /[{]/) sub(/^[^],}]*/, "", line)
    else return kept
  }
  return kept line
}
BEGIN { QUOTED = "^\\047([^\\047]|\\047\\047)*\\047" }
{ gsub(/\\/(\\.?\\/)+/, "/") }
seen[$0]++ { next }
{
  print "file\\t" $0
  for (number = 1; (getline line < $0) > 0; number++) {
    if ((size += length(line) + length($0) + 8) > ${READABLE / 2}) { print $0 " is too long to be read: look what is in it" >"/dev/stderr"; exit 1 }
    print number "\\t" $0 "\\t" redacted(line)
  }
  close($0)
}'`;

export function parseNetworkConfig(output: string): NetworkConfig {
  const lines = output.split("\n");
  const valuesOf = (word: string) =>
    lines.filter((line) => line.startsWith(`${word}\t`)).map((line) => line.slice(word.length + 1));
  return {
    presentPaths: new Set(valuesOf("present")),
    activeConfigs: parseActiveConfigs(valuesOf("active")),
    files: parseLines(lines.filter((line) => !/^(?:present|active)\t/.test(line)).join("\n")),
  };
}

/** `eth0\tNETWORK_FILE=/etc/systemd/network/10-eth0.network`, one setting a line. */
function parseActiveConfigs(lines: readonly string[]): Map<string, ActiveConfig> {
  const settings = new Map<string, string[]>();
  for (const line of lines) {
    const [device = "", setting = ""] = line.split("\t");
    settings.set(device, [...(settings.get(device) ?? []), setting]);
  }
  return new Map([...settings].map(([device, all]) => [device, parseActiveConfig(all)]));
}

/** An interface that networkd does not manage has a NETWORK_FILE too. */
function parseActiveConfig(settings: readonly string[]): ActiveConfig {
  const valueOf = (key: string) => settings.find((setting) => setting.startsWith(`${key}=`))?.slice(key.length + 1);
  const [networkFile, profile] = [valueOf("NETWORK_FILE"), valueOf("connection-uuid")];
  return {
    ...(networkFile !== undefined && valueOf("ADMIN_STATE") !== "unmanaged" && { networkFile }),
    ...(profile !== undefined && { profile }),
  };
}

/** The lines of a file; undefined if the file does not exist. */
export function linesAt({ files }: NetworkConfig, path: string): string[] | undefined {
  return files.get(path)?.map(({ text }: Line) => text);
}
