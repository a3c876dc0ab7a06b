/** Everything about a host that the provider could change, as lists of lines: equal lists, same host. */
export interface Snapshot {
  /** ipvsadm -S -n, sorted. */
  readonly ipvs: readonly string[];
  /** net.ipv4.vs.*, timeouts, sync daemons; null where the kernel has not loaded IPVS yet, which is not a difference. */
  readonly ipvsSettings: readonly string[] | null;
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly rules: readonly string[];
  readonly sysctls: readonly string[];
  readonly nfsMounts: readonly string[];
  readonly exports: readonly string[];
  /** What systemd starts at boot, or is told never to start: its links, and those of the older scripts. */
  readonly units: readonly string[];
  /** What runs now. */
  readonly services: readonly string[];
  /** Everything under /etc: type, mode, owner and group as numbers, path, link target, and each file's sha256. */
  readonly files: readonly string[];
}

/** What is in one and not in the other, each line with its part: "- addresses: ...", "+ files: ...". */
export function differences(before: Snapshot, after: Snapshot): readonly string[] {
  return (Object.keys(before) as (keyof Snapshot)[]).flatMap((part) => {
    const [was, is] = [before[part], after[part]];
    if (was === null || is === null) return [];
    return lineDifferences(was, is, `${part}: `);
  });
}

/** The same of two lists of lines. */
export function lineDifferences(before: readonly string[], after: readonly string[], label = ""): readonly string[] {
  const [was, is] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !is.has(line)).map((line) => `- ${label}${line}`),
    ...after.filter((line) => !was.has(line)).map((line) => `+ ${label}${line}`),
  ];
}

/**
 * Prints "== name", then the lines of that part. Loads no module and starts nothing. Each process costs 20 to 40 ms there, so the
 * shell, which is bash, does what it can itself.
 */
export const snapshotScript = `
export LC_ALL=C
# An IPv6 address gets its routes a second or two after it was put up, once nobody else was found to have it.
is_tentative() {
  local line
  while read -r line; do [[ $line != *tentative* || $line == *dadfailed* ]] || return 0; done <<< "$addresses"
  return 1
}
end=$((EPOCHSECONDS + 20))
while addresses=$(ip -o address); is_tentative; do
  [ $EPOCHSECONDS -lt $end ] || { echo "addresses are tentative after 20 s: $addresses" >&2; exit 1; }
  sleep 0.2
done
if [ -e /proc/net/ip_vs ]; then
  echo '== ipvs'
  if command -v ipvsadm > /dev/null; then ipvsadm -S -n; else tail -n +4 /proc/net/ip_vs; fi
  echo '== ipvsSettings'; grep -s '' /proc/sys/net/ipv4/vs/*
  if command -v ipvsadm > /dev/null; then ipvsadm -Ln --timeout; ipvsadm -Ln --daemon; fi
fi
echo '== addresses'; echo "$addresses"
echo '== routesAndRules'; for family in 4 6; do ip -$family -batch - <<< $'route show table all\\nrule show'; done
echo '== sysctls'
cd /proc/sys/net/ipv4
grep -s '' conf/*/arp_ignore conf/*/arp_announce conf/*/rp_filter conf/*/send_redirects conf/*/forwarding ip_forward
echo '== nfsMounts'; while read -r line; do case $line in *' nfs '* | *' nfs4 '*) echo "$line" ;; esac; done < /proc/mounts
echo '== exports'; [ ! -e /var/lib/nfs/etab ] || echo "$(< /var/lib/nfs/etab)"
echo '== units'; find /run/systemd/system -type l -printf '%p -> %l\\n'
echo '== services'; systemctl list-units --plain --no-legend --no-pager --type=service --state=active
echo '== files'; find /etc -printf '%y %m %U:%G %p %l\\n' -type f -exec sha256sum {} +
`;

export function readSnapshot(text: string): Snapshot {
  const parts = new Map<string, readonly string[]>();
  for (const block of text.split(/^== /m).slice(1)) {
    const [name = "", ...lines] = block.split("\n").map((line) => line.trimEnd());
    parts.set(
      name,
      lines.filter((line) => line !== ""),
    );
  }
  const part = (name: string): readonly string[] => parts.get(name) ?? [];
  const sorted = (name: string) => part(name).toSorted();
  const squeezed = (lines: readonly string[]) => lines.map((line) => line.replaceAll(/\s+/g, " "));
  const files = sorted("files").map(atUsr);
  return {
    ipvs: sorted("ipvs"),
    // sync_qlen_max is a share of the memory that was free when the module was loaded: another one after each boot.
    ipvsSettings: parts.get("ipvsSettings")?.filter((line) => !line.includes("/sync_qlen_max:")) ?? null,
    addresses: squeezed(part("addresses")),
    routes: squeezed(part("routesAndRules").filter((line) => !RULE.test(line))).toSorted(),
    rules: squeezed(part("routesAndRules").filter((line) => RULE.test(line))),
    sysctls: part("sysctls"),
    nfsMounts: sorted("nfsMounts"),
    exports: sorted("exports"),
    units: [...part("units"), ...part("files").flatMap(unitLink)].toSorted().map(atUsr),
    services: part("services")
      .map((line) => line.replace(/ .*/, ""))
      .toSorted(),
    files: [...files.filter((line) => !CONTENT.test(line)), ...files.filter((line) => CONTENT.test(line))],
  };
}

/** `32766:	from all lookup main`: a route begins with its type or its destination, which is followed by more. */
const RULE = /^\d+:\s/;

/** A line of sha256sum. */
const CONTENT = /^[0-9a-f]{64} {2}/;

/** systemd 252 links a unit that it enables by /lib, and 257 by /usr/lib: one folder by two names. */
const atUsr = (line: string): string => line.replace(/ (\/lib\/systemd\/\S+)$/, " /usr$1");

/** Those of systemd and of the older scripts: `l 777 0:0 /etc/systemd/system/sshd.service /lib/systemd/system/ssh.service`. */
function unitLink(line: string): string[] {
  const [, path, target] = /^l \S+ \S+ (\/etc\/(?:systemd\/system|rc.\.d)\/\S+) (.*)$/.exec(line) ?? [];
  return path === undefined ? [] : [`${path} -> ${target}`];
}
