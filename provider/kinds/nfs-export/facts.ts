import type { Fact } from "../../facts/fact";
import { type Files, fileLines, numbered } from "../../facts/files/lines";
import { PLAIN, READABLE } from "../../readable";
import { type ExportEntry, parseExports } from "./exports-facts";
import { SERVER_CONFIG } from "./server-config-facts";

/** The live exports: exportfs's own table, with every option written out. */
export const exportTable: Fact<readonly ExportEntry[]> = {
  command: {
    sh: `${PLAIN}
[ ! -e /var/lib/nfs/etab ] || { plain /var/lib/nfs/etab && head -c ${READABLE + 1} /var/lib/nfs/etab; }`,
    inShell: true,
  },
  parse: (output) => parseExports(numbered(output.split("\n"))),
};

/** Every file that exportfs reads, its configuration included. */
export const exportFiles: Fact<Files> = fileLines("/etc/exports", "/etc/exports.d/*.exports", ...SERVER_CONFIG);

/** Threads of the kernel's NFS server. Undefined: the kernel has none, or its server does not run. */
export const nfsThreads: Fact<number | undefined> = {
  command: { sh: 'if read -r n </proc/fs/nfsd/threads; then echo "$n"; else echo none; fi 2>/dev/null', inShell: true },
  parse: (output) => (/^\d+$/.test(output.trim()) ? Number(output) : undefined),
};

/** Whether the host has exportfs. */
export const hasExportfs: Fact<boolean> = {
  command: { sh: "if command -v exportfs >/dev/null; then echo yes; fi", inShell: true },
  parse: (output) => output === "yes\n",
};

/** A client with a name. */
export interface KnownHost {
  /** Under which exportfs keeps it: that may be longer than the name it was given. */
  readonly canonical: string;
  readonly addresses: readonly string[];
}

/** What this host takes words of its exports files to mean. */
export interface Meanings {
  /** By name, where it can be resolved. */
  readonly hosts: ReadonlyMap<string, KnownHost>;
  /** By path in a file: the same place without symbolic links. */
  readonly paths: ReadonlyMap<string, string>;
  /** Files that exportfs reads and we do not: their names have blanks. */
  readonly unread: readonly string[];
}

/**
 * Resolves paths and names of clients, those of the files of others and of exportfs's table, too. Names are not looked at where there is
 * no host among our own clients.
 */
export function meanings(hosts: readonly string[]): Fact<Meanings> {
  return { command: { sh: RESOLVE, args: hosts }, parse: parseMeanings };
}

function parseMeanings(output: string): Meanings {
  const hosts = new Map<string, { canonical: string; addresses: string[] }>();
  const paths = new Map<string, string>();
  const unread: string[] = [];
  let host = "";
  for (const line of output.split("\n")) {
    const [word, name = "", real = ""] = line.split("\t");
    if (word === "host") host = name;
    else if (word === "unread") unread.push(name);
    else if (word === "path") {
      if (real !== "") paths.set(name, real);
    } else {
      const [address = "", , canonical = ""] = line.split(" ").filter((part) => part !== "");
      if (address === "") continue;
      const known = hosts.get(host) ?? { canonical: canonical === "" ? host : canonical, addresses: [] };
      hosts.set(host, known);
      if (!known.addresses.includes(address)) known.addresses.push(address);
    }
  }
  return { hosts, paths, unread };
}

// getent resolves as exportfs does, by getaddrinfo; the first line of its output has the canonical name. All names at once, so that
// names that nobody answers for take five seconds together. Lines are read by the shell: words with quotes or unusual codes stay
// unresolved, which the parser of the files notices.
// shellcheck disable=SC2059: the path is the format, so that its octal codes are resolved; one with a percent sign is left out.
const RESOLVE = `names=" $* " hosts=$# end='
'
set --
for file in /etc/exports /etc/exports.d/*.exports /var/lib/nfs/etab; do
  [ -f "$file" ] && [ -r "$file" ] || continue
  case $file in *[[:space:]]*) printf 'unread\\t%s\\n' "$file"; continue ;; esac
  set -f
  while read -r line || [ -n "$line" ]; do
    case $line in
      '#'*) continue ;;
      '"'*) path=\${line#?}; path=\${path%%'"'*} ;;
      *) path=\${line%%[[:blank:]]*} ;;
    esac
    case $path in
      *%*) ;;
      *\\\\*) path=$(printf "\${path}x" 2>/dev/null); path=\${path%x} ;;
    esac
    case $path in
      *[[:cntrl:]]*) ;;
      /*) [ $# -gt 500 ] || set -- "$@" "$path" ;;
    esac
    [ "$hosts" -gt 0 ] && [ \${#names} -lt 4000 ] || continue
    for word in $line; do
      word=\${word%%(*}
      case $word in
        '#'*) break ;;
        '' | -* | *[!A-Za-z0-9._-]*) continue ;;
      esac
      case $names in *" $word "*) ;; *) names="$names$word " ;; esac
    done
  done <"$file"
done
if [ $# -gt 0 ]; then
  real=$(timeout -s KILL 5 readlink -m -- "$@")
  for path; do
    printf 'path\\t%s\\t%s\\n' "$path" "\${real%%"$end"*}"
    real=\${real#*"$end"}
  done
fi
set -f
for name in $names; do
  case $name in *[!0-9.]*) ;; *) continue ;; esac
  case $name in *:*) continue ;; esac
  { found=$(timeout -s KILL 5 getent ahosts "$name"); printf 'host\\t%s\\n%s\\n' "$name" "$found"; } &
done
wait`;
