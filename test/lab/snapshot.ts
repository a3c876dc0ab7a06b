/** Everything about a host that the provider could change, as lists of lines: equal lists, same host. */
export interface Snapshot {
  /** ipvsadm -S -n, sorted; null where the kernel has no table yet. */
  readonly ipvs: readonly string[] | null;
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly rules: readonly string[];
  readonly sysctls: readonly string[];
  readonly nfsMounts: readonly string[];
  readonly exports: readonly string[];
  readonly units: readonly string[];
  /** Everything under /etc: type, mode, owner, path, link target, and each file's sha256. */
  readonly files: readonly string[];
}

/** Prints "== name", then the lines of that part. Loads no module and starts nothing. */
export const snapshotScript = `
export LC_ALL=C
if [ -e /proc/net/ip_vs ]; then
  echo '== ipvs'
  if command -v ipvsadm > /dev/null; then ipvsadm -S -n | sort; else tail -n +4 /proc/net/ip_vs; fi
fi
echo '== addresses'; ip -o address | tr -s ' '
echo '== routes'; { ip route show table all; ip -6 route show table all; } | tr -s ' ' | sort
echo '== rules'; { ip rule; ip -6 rule; } | tr '\\t' ' '
echo '== sysctls'
cd /proc/sys/net/ipv4
for file in conf/*/arp_ignore conf/*/arp_announce conf/*/rp_filter conf/*/send_redirects conf/*/forwarding \\
  ip_forward vs/*; do
  [ ! -f $file ] || printf 'net.ipv4.%s = %s\\n' "$(echo $file | tr / .)" "$(cat $file)"
done
echo '== nfsMounts'; grep -E ' nfs4? ' /proc/mounts | sort
echo '== exports'; [ ! -e /var/lib/nfs/etab ] || sort /var/lib/nfs/etab
echo '== units'; systemctl list-unit-files --no-legend --no-pager | awk '$2 != "static" { print $1, $2 }' | sort
echo '== files'
find /etc -printf '%y %m %u:%g %p %l\\n' | sort -k 4
find /etc -type f -exec sha256sum {} + | sort -k 2
`;

export function readSnapshot(text: string): Snapshot {
  const parts = new Map<string, string[]>();
  for (const block of text.split(/^== /m).slice(1)) {
    const [name = "", ...lines] = block.split("\n");
    parts.set(
      name,
      lines.map((line) => line.trimEnd()).filter((line) => line !== ""),
    );
  }
  const part = (name: string): readonly string[] => parts.get(name) ?? [];
  return {
    ipvs: parts.get("ipvs") ?? null,
    addresses: part("addresses"),
    routes: part("routes"),
    rules: part("rules"),
    sysctls: part("sysctls"),
    nfsMounts: part("nfsMounts"),
    exports: part("exports"),
    units: part("units"),
    files: part("files"),
  };
}
