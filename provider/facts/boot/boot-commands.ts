/** A line of an operator's own that runs at boot, or that a command of such a line reads. */
export interface BootCommand {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** What the lines are about: the table of IPVS, or kernel settings. */
type Topic = "ipvs" | "sysctl";

/**
 * Reads files by sort and path. Says on stderr which lines are about the topic, and on stdout which words may be scripts, or files that
 * ipvsadm(8) or sysctl(8) are to read. Where it is kernel settings, a loop is one line, from its "for" to its "done".
 */
const READ = `function isRead(line) {
  if (sort == "settings") return line ~ /=/ && line !~ /^[ \\t]*[#;]/
  if (line ~ /^[ \\t]*#/) return 0
  if (sort == "keepalived") return line ~ /^[ \\t]*lvs_flush([ \\t!#]|$)/
  if (sort == "unit") return line ~ /^[ \\t]*Exec(Start|StartPre|StartPost|Condition)[ \\t]*=/
  if (sort == "cron") return line ~ /@reboot/
  return sort != "interfaces" || line ~ /^[ \\t]*(pre-up|up|post-up)[ \\t]/
}
function look(path, depth,    line, more, number, first, loads, words, at, count) {
  while ((getline line < path) > 0) {
    if (++number == 1 && depth > 1 && sort != "settings" && substr(line, 1, 2) != "#!") break
    first = number
    while (line ~ /\\\\$/ && (getline more < path) > 0) {
      number++
      line = substr(line, 1, length(line) - 1) " " more
    }
    if (!isRead(line)) continue
    if (topic == "sysctl" && sort != "settings" && line ~ /(^|[ \\t;])for[ \\t]/)
      for (more = ""; number < first + 20 && line !~ /(^|[ \\t;])done([ \\t;&|<>]|$)/ && (getline more < path) > 0; number++) line = line "; " more
    if (topic == "ipvs" && line ~ /ipvsadm/ && match(line, /(<|cat)[ \\t]*["']?\\/(etc|home|opt|root|srv|usr|var)\\/[A-Za-z0-9_.\\/@+-]+/)) {
      more = substr(line, RSTART, RLENGTH)
      print "rules:" substr(more, index(more, "/"))
    }
    if (tolower(line) ~ pattern) print (sort == "settings" ? "sets " : "runs ") path " " first " " line >"/dev/stderr"
    if (sort == "settings" || line !~ /\\//) continue
    loads = topic == "sysctl" && line ~ /sysctl/ && line ~ /[ \\t]-[a-zA-Z]*[pf]|--load/
    count = split(line, words, /[^A-Za-z0-9_.\\/@+-]+/)
    for (at = 1; at <= count; at++)
      if (words[at] ~ /^[-@+]*\\/(bin|etc|home|opt|root|sbin|srv|usr|var)\\/./)
        print (loads ? "settings:" : "") substr(words[at], index(words[at], "/"))
  }
  close(path)
}
BEGIN {
  pattern = topic == "ipvs" ? "ipvs|ip_vs|lvs_flush" : "sysctl|proc/sys|net[./]ipv"
  for (at = 2; at < ARGC; at += 2) {
    sort = ARGV[at]
    look(ARGV[at + 1], ARGV[1])
  }
}`;

/**
 * What a boot runs: units that are enabled, by a timer too, with their drop-ins; rc.local, init scripts without a unit, hooks of networks,
 * "up" of interfaces, "@reboot" of cron, and scripts that these name; keepalived, which can be told to empty the table of IPVS. Programs of
 * packages are left out, which a boot starts by the dozen.
 */
const LOOK = `program=$1; topic=$2; seen=' '; set --
for link in /etc/systemd/system/*.wants/* /etc/systemd/system/*.requires/* /etc/systemd/system/*.upholds/* /usr/local/lib/systemd/system/*.wants/*; do
  name=\${link##*/}
  case $name in
    ipvsadm.service | pulumi-lvs-* | *[[:space:]]*) continue ;;
    *.timer) name=\${name%.timer}.service ;;
    *.service) ;;
    *) continue ;;
  esac
  case $seen in *" $name "*) continue ;; esac
  seen="$seen$name "
  [ "$topic $name" != "ipvs keepalived.service" ] ||
    for file in /etc/keepalived/*.conf /etc/keepalived/*/*.conf; do [ ! -f "$file" ] || set -- "$@" keepalived "$file"; done
  for dir in /etc/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    for file in "$dir/$name" "$dir/\${name%%@*}@.service"; do
      if [ -e "$file" ] || [ -L "$file" ]; then
        [ ! -f "$file" ] || set -- "$@" unit "$file"
        break 2
      fi
    done
  done
  for file in /etc/systemd/system/"$name".d/*.conf; do [ ! -f "$file" ] || set -- "$@" unit "$file"; done
done
for file in /etc/rc[2345].d/S[0-9][0-9]*; do
  name=\${file##*/S[0-9][0-9]}
  [ "$name" = ipvsadm ] || [ -e /usr/lib/systemd/system/"$name".service ] || [ -e /lib/systemd/system/"$name".service ] || [ ! -f "$file" ] ||
    set -- "$@" script "$file"
done
for file in /etc/rc.local /etc/rc.d/rc.local /sbin/ifup-local /sbin/ifup-pre-local /etc/network/if-pre-up.d/* /etc/network/if-up.d/* /etc/NetworkManager/dispatcher.d/* /etc/networkd-dispatcher/*/*; do
  [ ! -f "$file" ] || [ ! -x "$file" ] || [ -L "$file" ] || set -- "$@" script "$file"
done
for file in /etc/network/interfaces /etc/network/interfaces.d/*; do [ ! -f "$file" ] || set -- "$@" interfaces "$file"; done
for file in /etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/* /var/spool/cron/*; do [ ! -f "$file" ] || set -- "$@" cron "$file"; done
# ufw hands a file of its own to sysctl(8), where it is switched on.
if [ "$topic" = sysctl ] && [ -f /etc/ufw/ufw.conf ] && [ -f /etc/default/ufw ]; then
  on='' settings=''
  while read -r line || [ -n "$line" ]; do case $line in ENABLED=[\\"\\']*[yY][eE][sS]* | ENABLED=[yY][eE][sS]*) on=1 ;; ENABLED=*) on='' ;; esac; done </etc/ufw/ufw.conf
  while read -r line || [ -n "$line" ]; do case $line in IPT_SYSCTL=*/*) settings=/\${line#*/}; settings=\${settings%%[\\"\\' ]*} ;; esac; done </etc/default/ufw
  [ -z "$on" ] || [ ! -f "$settings" ] || set -- "$@" settings "$settings"
fi
for depth in 1 2 3; do
  [ $# -gt 0 ] || break
  found=$(awk -v topic="$topic" "$program" $depth "$@")
  set --
  for file in $found; do
    case $seen in *" $file "*) continue ;; esac
    seen="$seen$file "
    case $file in
      settings:*)
        [ ! -f "\${file#settings:}" ] || set -- "$@" settings "\${file#settings:}"
        continue
        ;;
      rules:*)
        file=\${file#rules:}
        [ ! -f "$file" ] || awk 'FNR > 10000 { exit } { print "loads " FILENAME " " FNR " " $0 }' "$file" >&2
        continue
        ;;
      */sbin/ipvsadm | */ipvsadm-save | */ipvsadm-restore | /etc/init.d/ipvsadm) continue ;;
      /usr/local/* | *.sh | *.py | *.pl | *lvs* | *ipvs*) ;;
      /bin/* | /sbin/* | /usr/bin/* | /usr/sbin/* | /usr/lib/* | /usr/libexec/*) continue ;;
    esac
    [ -x "$file" ] || case $file in *sh) ;; *) continue ;; esac
    [ ! -f "$file" ] || set -- "$@" script "$file"
  done
done 2>&1`;

/**
 * Shell text that prints `runs FILE NUMBER LINE` for lines of the boot's commands about a topic, `sets` for lines of files that sysctl(8) is
 * given there, and `loads` for those of files that ipvsadm is to restore. It has a deadline, because a path may lead to a dead file server.
 * Its arguments are those of `bootCommandArgs`.
 */
export const LOOK_AT_BOOT_COMMANDS = `timeout -s KILL 15 sh -c "$1" sh "$2" "$3"`;

export function bootCommandArgs(topic: Topic): readonly string[] {
  return [LOOK, READ, topic];
}

/** The lines of the output, by their first word. */
export function parseBootCommands(lines: readonly string[], word: "runs" | "sets" | "loads"): readonly BootCommand[] {
  return lines.flatMap((line) => {
    const [, first, file = "", number = "", text = ""] = /^(runs|sets|loads) (\S+) (\d+) (.*)$/.exec(line) ?? [];
    return first === word ? [{ file, line: Number(number), text: text.trim() }] : [];
  });
}
