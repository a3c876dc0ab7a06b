import { formatFile } from "../../file-step";
import { PLAIN, READABLE } from "../../readable";
import type { Command } from "../../step";

/** The names in a rules file, as the host's own resolver answers them now. */
export interface Names {
  /** The IPv4 addresses of a host name. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** The ports of services, by `http/tcp`. */
  readonly ports: ReadonlyMap<string, number>;
}

export const NO_NAMES: Names = { hosts: new Map(), ports: new Map() };

/** Reads a whole rules file, and resolves the names of hosts and services in it. */
export function readRules(path: string): Command {
  const ofFile = { path, print: (text: string | undefined) => (hasNoNames(text ?? "") ? formatFile(text) : undefined) };
  return { sh: READ, args: [path], inShell: true, changedOnlyBy: [`file ${path}`], ofFile };
}

/** Whether the host's resolver surely knows nothing of a rules file: all words are of the forms that we write, numbers and short options. */
function hasNoNames(text: string): boolean {
  const rules = text.split("\n").filter((line) => !line.startsWith("#"));
  const words = rules.flatMap((line) => line.split(/[ \t]+/)).filter((word) => word !== "");
  return words.every(
    (word, index) => NUMBER.test(word) || (PLAIN_WORD.test(word) && !TAKES_NAMES.test(words[index - 1] ?? "")),
  );
}

const NUMBER = /^(?:[0-9.]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?$/;
const PLAIN_WORD = /^(?:-[A-Za-z0-9]|(?:--)?[a-z][a-z_-]*)$/;
const TAKES_NAMES = /^(?:-[tur]|--[a-z-]+-service|--real-server)$/;

// A process runs only where a name is there. Words end where those of ipvsadm do, at a carriage return too; those in brackets look like
// patterns, so patterns are off meanwhile. `ipvsadm` looks for names in the order of gethostbyname, which asks for IPv4 alone.
const READ = `${PLAIN}
if [ ! -e "$1" ]; then echo none
elif ! plain "$1"; then false
else
  text=$(head -c ${READABLE + 1} -- "$1"; echo .)
  hosts=''; ports=''; before=''
  case $text in *[tur]["	 ="][!-0-9["	 "]* | *ice["	 ="][!0-9["	 "]* | *:[!0-9:\\]]* | *-[tur][!0-9[]*)
    set -f; IFS=' \t\r\n'
    for word in \${text%.}; do
      value=''
      case $before in -*[tur] | --*-service) value=$word ;; esac
      case $word in
        --*-service=* | --real-server=*) value=\${word#*=} ;;
        --*) ;;
        -[tur]?*) value=\${word#-?}; value=\${value#=} ;;
        -[A-Za-z0-9][tur]?*) value=\${word#-??}; value=\${value#=} ;;
      esac
      before=$word
      case $value in
        \\[*) host=\${value#?}; port=\${host##*]}; port=\${port#:}; host=\${host%%]*} ;;
        *:*:*) continue ;;
        *:*) host=\${value%:*}; port=\${value##*:} ;;
        *) host=$value; port='' ;;
      esac
      case $host in *:*) ;; *[!0-9.]*) case " $hosts " in *" $host "*) ;; *) hosts="$hosts $host" ;; esac ;; esac
      case $port in *[!0-9]*) case " $ports " in *" $port "*) ;; *) ports="$ports $port" ;; esac ;; esac
    done
    IFS=' \t\n'
    for host in $hosts; do
      timeout 10 getent ahostsv4 -- "$host" | while read -r address type _; do
        [ "$type" != STREAM ] || printf 'name host %s %s\\n' "$host" "$address"
      done
    done
    for port in $ports; do
      timeout 10 getent services -- "$port/tcp" "$port/udp" "$port/sctp" | while read -r _ number _; do
        printf 'name port %s/%s %s\\n' "$port" "\${number#*/}" "\${number%/*}"
      done
    done
    set +f
    ;;
  esac
  printf 'file\\n%s' "\${text%.}"
fi`;

/** The names in front of what `readFile` prints, and the rest. */
export function splitNames(output: string): { readonly names: Names; readonly file: string } {
  const hosts = new Map<string, readonly string[]>();
  const ports = new Map<string, number>();
  let at = 0;
  for (let line = lineAt(output, at); line.startsWith("name "); line = lineAt(output, at)) {
    const [, sort, name = "", value = ""] = line.split(" ");
    if (sort === "host") hosts.set(name, [...new Set([...(hosts.get(name) ?? []), value])]);
    else ports.set(name, Number(value));
    at += line.length + 1;
  }
  return { names: at === 0 ? NO_NAMES : { hosts, ports }, file: output.slice(at) };
}

function lineAt(text: string, at: number): string {
  const end = text.indexOf("\n", at);
  return text.slice(at, end < 0 ? undefined : end);
}

/** The output of `readRules`. */
export function formatRulesOutput(text: string | undefined, { hosts, ports }: Names): string {
  const lines = [
    ...[...hosts].flatMap(([name, addresses]) => addresses.map((address) => `name host ${name} ${address}\n`)),
    ...[...ports].map(([name, port]) => `name port ${name} ${port}\n`),
  ];
  return lines.join("") + formatFile(text);
}
