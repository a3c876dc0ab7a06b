import type { Fact } from "../fact";
import { type Files, type Line, parseLines } from "../files/lines";

/** What the network managers of a host have lying about: the programs that show which is there, and the files they read at boot. */
export interface Network {
  /** Of the paths that tell managers apart, those that are there. */
  readonly there: ReadonlySet<string>;
  readonly files: Files;
  /** By interface, who has it since the boot, by the managers' own notes. None where nobody has. */
  readonly owners: ReadonlyMap<string, Owner>;
}

export interface Owner {
  /** The .network file by which systemd-networkd has configured it. */
  readonly networkFile?: string;
  /** The UUID of the profile that NetworkManager has on it. */
  readonly profile?: string;
}

/** Asked by paths alone: no manager is run. Patterns, because units and links may have several homes. */
export function network(signs: readonly string[], files: readonly string[]): Fact<Network> {
  return { command: { sh: LOOK, args: [String(signs.length), ...signs, ...files] }, parse: parseNetwork };
}

// Names of profiles have blanks, so the files come to awk by name, one a line. Values that may be secret stay on the host.
const LOOK = `left=$1; shift
while [ "$left" -gt 0 ]; do
  for sign in $1; do if [ -e "$sign" ] || [ -L "$sign" ]; then echo "there	$1"; break; fi; done
  shift; left=$((left - 1))
done
for dir in /sys/class/net/*; do
  { read -r index <"$dir/ifindex"; } 2>/dev/null || continue
  for notes in "/run/systemd/netif/links/$index" "/run/NetworkManager/devices/$index"; do
    [ -r "$notes" ] || continue
    while IFS= read -r line; do
      case $line in ADMIN_STATE=*|NETWORK_FILE=?*|connection-uuid=?*) echo "owner	\${dir##*/}	$line" ;; esac
    done <"$notes"
  done
done
IFS=
for pattern; do for file in $pattern; do [ -f "$file" ] || [ -c "$file" ] || continue; printf '%s\\n' "$file"; done; done |
awk '{
  print "file\\t" $0
  for (number = 1; (getline line < $0) > 0; number++) {
    if (match(tolower(line), /(psk|passw|secret|private|wep-key|(^|[ \\t])p(in|uk))[a-z0-9_-]*["]?[ \\t]*[=: \\t]/))
      line = substr(line, 1, RSTART + RLENGTH - 1)
    print number "\\t" $0 "\\t" line
  }
  close($0)
}'`;

export function parseNetwork(output: string): Network {
  const lines = output.split("\n");
  const said = (word: string) =>
    lines.filter((line) => line.startsWith(`${word}\t`)).map((line) => line.slice(word.length + 1));
  return {
    there: new Set(said("there")),
    owners: parseOwners(said("owner")),
    files: parseLines(lines.filter((line) => !/^(?:there|owner)\t/.test(line)).join("\n")),
  };
}

/** `eth0\tNETWORK_FILE=/etc/systemd/network/10-eth0.network`. A link that networkd was told to leave alone has a file too. */
function parseOwners(lines: readonly string[]): Map<string, Owner> {
  const notes = new Map<string, string[]>();
  for (const line of lines) {
    const [name = "", note = ""] = line.split("\t");
    notes.set(name, [...(notes.get(name) ?? []), note]);
  }
  return new Map([...notes].map(([name, all]) => [name, ownerOf(all)]));
}

function ownerOf(notes: readonly string[]): Owner {
  const value = (key: string) => notes.find((note) => note.startsWith(`${key}=`))?.slice(key.length + 1);
  const [networkFile, profile] = [value("NETWORK_FILE"), value("connection-uuid")];
  return {
    ...(networkFile !== undefined && value("ADMIN_STATE") !== "unmanaged" && { networkFile }),
    ...(profile !== undefined && { profile }),
  };
}

/** The lines of a file; undefined when there is no such file. */
export function textOf({ files }: Network, path: string): string[] | undefined {
  return files.get(path)?.map(({ text }: Line) => text);
}
