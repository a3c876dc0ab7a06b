/** A line of an operator's own that empties the table of IPVS at boot, maybe after the loader has filled it. */
export interface TableClearing {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Reads files by sort and path. Says which lines may empty the table, on stderr, and which words may be scripts. */
export const READ_FOR_CLEARING = `function isRead(line) {
  if (line ~ /^[ \\t]*#/) return 0
  if (sort == "unit") return line ~ /^[ \\t]*Exec(Start|StartPre|StartPost|Condition)[ \\t]*=/
  if (sort == "cron") return line ~ /@reboot/
  return sort != "interfaces" || line ~ /^[ \\t]*(pre-up|up|post-up)[ \\t]/
}
function look(path, depth,    line, more, number, first, words, at, count) {
  while ((getline line < path) > 0) {
    if (++number == 1 && depth > 1 && substr(line, 1, 2) != "#!") break
    first = number
    while (line ~ /\\\\$/ && (getline more < path) > 0) {
      number++
      line = substr(line, 1, length(line) - 1) " " more
    }
    if (!isRead(line)) continue
    if (tolower(line) ~ /ipvs|ip_vs/) print "clears " path " " first " " line >"/dev/stderr"
    if (line !~ /\\//) continue
    count = split(line, words, /[^A-Za-z0-9_.\\/@+-]+/)
    for (at = 1; at <= count; at++)
      if (words[at] ~ /^[-@+]*\\/(bin|etc|home|opt|root|sbin|srv|usr|var)\\/./) print substr(words[at], index(words[at], "/"))
  }
  close(path)
}
BEGIN {
  for (at = 2; at < ARGC; at += 2) {
    sort = ARGV[at]
    look(ARGV[at + 1], ARGV[1])
  }
}`;

/**
 * What a boot runs: units that are enabled, by a timer too, with their drop-ins; rc.local, init scripts without a unit, hooks of networks,
 * "up" of interfaces, "@reboot" of cron, and scripts that these name. Programs of packages are left out, which a boot starts by the dozen.
 */
export const LOOK_FOR_CLEARING = `program=$1; seen=' '; set --
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
for file in /etc/rc.local /etc/rc.d/rc.local /etc/network/if-pre-up.d/* /etc/network/if-up.d/* /etc/NetworkManager/dispatcher.d/* /etc/networkd-dispatcher/*/*; do
  [ ! -f "$file" ] || [ ! -x "$file" ] || [ -L "$file" ] || set -- "$@" script "$file"
done
for file in /etc/network/interfaces /etc/network/interfaces.d/*; do [ ! -f "$file" ] || set -- "$@" interfaces "$file"; done
for file in /etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/* /var/spool/cron/*; do [ ! -f "$file" ] || set -- "$@" cron "$file"; done
for depth in 1 2 3; do
  [ $# -gt 0 ] || break
  found=$(awk "$program" $depth "$@")
  set --
  for file in $found; do
    case $seen in *" $file "*) continue ;; esac
    seen="$seen$file "
    case $file in
      */sbin/ipvsadm | */ipvsadm-save | */ipvsadm-restore | /etc/init.d/ipvsadm) continue ;;
      /usr/local/* | *.sh | *.py | *.pl | *lvs* | *ipvs*) ;;
      /bin/* | /sbin/* | /usr/bin/* | /usr/sbin/* | /usr/lib/* | /usr/libexec/*) continue ;;
    esac
    [ -x "$file" ] || case $file in *sh) ;; *) continue ;; esac
    [ ! -f "$file" ] || set -- "$@" script "$file"
  done
done 2>&1`;

/** Has a deadline, because a path may lead to a dead file server. Its arguments are the two texts above. */
export const RUN_CLEARING = `timeout -s KILL 15 sh -c "$1" sh "$2"`;

/** `clears FILE NUMBER LINE`, for each line that may. */
export function parseClearing(lines: readonly string[]): readonly TableClearing[] {
  return lines.flatMap((line) => {
    const [, file = "", number = "", text = ""] = /^clears (\S+) (\d+) (.*)$/.exec(line) ?? [];
    return CLEAR.some((pattern) => pattern.test(text)) ? [{ file, line: Number(number), text: text.trim() }] : [];
  });
}

/** `/sbin/ipvsadm -C`, `$IPVSADM --clear`, `["ipvsadm", "-C"]`; the loader's stop; the module. */
const CLEAR: readonly RegExp[] = [
  /(?:^|[\s/"'=@+!:;&|{$-])ipvsadm\}?["']?[,\t ]+["']?(?:-C|--clear)(?=[\s;&|"')\]]|$)/i,
  /(?:^|[\s/])systemctl\s(?:[^;&|]{0,80}\s)?stop\s(?:[^;&|]{0,80}\s)?ipvsadm(?:\.service)?(?=[\s;&|"')]|$)/,
  /(?:^|[\s/])(?:service|init\.d\/)\s*ipvsadm\s+(?:stop|clear)\b/,
  /(?:^|[\s/])(?:rmmod|modprobe\s+-r)\s(?:[^;&|]{0,80}\s)?ip_vs(?=[\s;&|"')]|$)/,
];
