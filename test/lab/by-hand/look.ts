import { lineDifferences } from "../../../tools/lab/host/snapshot.ts";
import { STAMP } from "./declared.ts";

/** A host, as lines: what it has now, and each file that has changed since it was prepared, whole. Few processes: each takes its time there. */
export const LOOK = String.raw`
export LC_ALL=C
section() { while IFS= read -r line; do echo "$1: $line"; done; }
{ ip -4 -o addr | sed 's/^[0-9]*: //; s/ *\\.*//'; } | section address
ip -4 route show table all | section route
ip rule | section rule
ip -br link | sed 's/ *$//' | section link
{ ipvsadm -Sn; ipvsadm -Ln --timeout; ipvsadm -Ln --daemon; ipvsadm -Ln --thresholds; } 2>&1 | section ipvs
cd /proc/sys/net/ipv4
grep -s '' conf/*/arp_ignore conf/*/arp_announce conf/*/rp_filter conf/*/send_redirects conf/*/accept_redirects conf/*/forwarding ip_forward vs/* | section sysctl
grep -E ' (nfs4?|tmpfs) ' /proc/mounts | sed 's/clientaddr=[^,]*,//' | section mount
[ ! -e /var/lib/nfs/etab ] || section export < /var/lib/nfs/etab
systemctl show -p Id,ActiveState,UnitFileState nginx nfs-server lvs-lab-daemon theirs pulumi-lvs-tun-ipip | section unit
dpkg-query -W 'lvs-lab-*' 2> /dev/null | section package
find /etc /var/lib/pulumi-lvs /srv /run/systemd/system -cnewer ${STAMP} ! -path '*/.pwd.lock' ! -path '/etc/ld.so.cache' ! \( -path '/run/*' -type d \) -print0 2> /dev/null | sort -z |
  perl -0ne 'chomp; my @s = lstat; printf "file: %s %o %d:%d %s\n", $_, $s[2], $s[4], $s[5], (readlink($_) // "") =~ s{^/lib/}{/usr/lib/}r; if (-f && !-l) { open my $f, "<", $_; local $/ = "\n"; my $p = $_; my $n = 0; while (<$f>) { $n++; printf "text: %s %d %s%s\n", $p, $n, $_ =~ s/\n\z//r, /\n\z/ ? "" : " (no line end)" } }'
`;

/** What is in one and not in the other. */
export function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  return lineDifferences(withOursApart(before), withOursApart(after));
}

/** Lines of ours in a file that others share may come back in another place; those of the others keep theirs. */
function withOursApart(looks: readonly string[]): string[] {
  const places = new Map<string, number>();
  let isInBlock = false;
  return looks.map((line) => {
    const [, path, content] = /^text: (\S+) \d+ ?(.*)$/.exec(line) ?? [];
    if (path === undefined || content === undefined) return line;
    isInBlock ||= content.startsWith("# pulumi-lvs begin");
    const isOurs = isInBlock || content.includes(" /srv/mounted ");
    isInBlock &&= !content.startsWith("# pulumi-lvs end");
    if (isOurs) return `ours: ${path} ${content}`;
    const place = (places.get(path) ?? 0) + 1;
    places.set(path, place);
    return `text: ${path} ${place} ${content}`;
  });
}
