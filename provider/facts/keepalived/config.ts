import type { Fact } from "../fact";
import { addressesIn } from "./addresses";
import { FRAGMENTS, MAIN_FILE } from "./paths";

/** What the configuration says in files that are not ours. */
export interface KeepalivedConfig {
  readonly instances: readonly ForeignInstance[];
  readonly services: readonly ForeignService[];
  /** Lines that include files, with the whole path or pattern. */
  readonly includes: readonly (Place & { readonly pattern: string })[];
}

interface Place {
  readonly file: string;
  readonly line: number;
}

/** A `vrrp_instance`. */
export interface ForeignInstance extends Place {
  readonly name: string;
  readonly interface?: string;
  readonly virtualRouterId?: string;
  readonly addresses: readonly string[];
}

/** A `virtual_server`: `192.0.2.10 80`, `fwmark 7`, `group web`. */
export interface ForeignService extends Place {
  readonly service: string;
  /** `TCP`. Absent: it says none, which is UDP. */
  readonly protocol?: string;
}

// Only lines with these words leave the host: others have passwords.
const READ = `function includes(text, dir,    path) {
  sub(/^.*include[a-z]*[ \\t]+/, "", text)
  sub(/[ \\t]+$/, "", text)
  gsub(/"/, "", text)
  return text ~ /^\\// ? text : dir "/" text
}
FNR == 1 { inside = 0 }
{ text = $0; sub(/[#!].*/, "", text) }
text ~ /^[ \\t]*include[a-z]*[ \\t]/ {
  dir = FILENAME
  sub(/\\/[^\\/]*$/, "", dir)
  path = includes(text, dir)
  print path
  print FNR "\\t" FILENAME "\\tinclude " path >"/dev/stderr"
  next
}
text ~ /(^|[ \\t{}])virtual_ipaddress(_excluded)?([ \\t{]|$)/ { inside = 1 }
inside || text ~ /(^|[ \\t{}])(vrrp_instance|vrrp_sync_group|vrrp_script|vrrp_track_[a-z]+|virtual_server|virtual_server_group|garp_group|global_defs|static_[a-z]+|interface|virtual_router_id|protocol)([ \\t{]|$)/ {
  print FNR "\\t" FILENAME "\\t" text >"/dev/stderr"
}
text ~ /}/ { inside = 0 }`;

// An include may be a pattern, relative to the folder of its file. keepalived follows includes in files that were included, too.
const LOOK = `program=$1 seen=' '
set -- ${MAIN_FILE}
while [ $# -gt 0 ]; do
  for file; do
    shift
    case $file in ${FRAGMENTS}/*) continue ;; esac
    case $seen in *" $file "*) continue ;; esac
    seen="$seen$file "
    [ ! -f "$file" ] || [ ! -r "$file" ] || [ -x "$file" ] || set -- "$@" "$file"
  done
  [ $# -gt 0 ] || break
  found=$(awk "$program" "$@")
  set --
  for file in $found; do set -- "$@" "$file"; done
done 2>&1`;

/** The main file, and all that it includes but our own. */
export const keepalivedConfig: Fact<KeepalivedConfig> = {
  command: { sh: LOOK, args: [READ], inShell: true },
  parse: parseKeepalivedConfig,
};

/** `3\t/etc/keepalived/keepalived.conf\tvrrp_instance web {` */
export function parseKeepalivedConfig(output: string): KeepalivedConfig {
  const instances: (ForeignInstance & { addresses: string[] })[] = [];
  const services: Mutable<ForeignService>[] = [];
  const includes: (Place & { readonly pattern: string })[] = [];
  let current: (Mutable<ForeignInstance> & { addresses: string[] }) | undefined;
  for (const row of output.split("\n")) {
    const [number = "", file, ...rest] = row.split("\t");
    if (file === undefined) continue;
    const place = { file, line: Number(number) };
    const words = rest
      .join(" ")
      .split(/[\s{}"]+/)
      .filter((word) => word !== "");
    for (const [index, word] of words.entries()) {
      const next = words[index + 1] ?? "";
      if (word === "include") includes.push({ ...place, pattern: next });
      else if (word === "vrrp_instance") instances.push((current = { ...place, name: next, addresses: [] }));
      else if (word === "virtual_server")
        services.push({ ...place, service: words.slice(index + 1, index + 3).join(" ") });
      else if (word === "protocol") Object.assign(services.at(-1) ?? {}, { protocol: next });
      else if (current !== undefined && word === "interface") current.interface = next;
      else if (current !== undefined && word === "virtual_router_id") current.virtualRouterId = next;
      if (OTHER_BLOCKS.test(word)) current = undefined;
    }
    current?.addresses.push(...addressesIn(words));
  }
  return { instances, services, includes };
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** What begins where an instance has ended. */
const OTHER_BLOCKS =
  /^(?:vrrp_sync_group|vrrp_script|vrrp_track_[a-z]+|virtual_server|virtual_server_group|garp_group|global_defs|static_[a-z]+)$/;
