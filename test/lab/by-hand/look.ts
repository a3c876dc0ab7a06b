import { lineDifferences } from "../../../tools/lab/host/snapshot.ts";
import { STAMP } from "./declared.ts";

/** What a host has now, and each file that has changed since it was prepared, whole. Few processes: each takes its time there. */
export const LOOK = String.raw`
export LC_ALL=C
echo '== network'
ip -4 -o -batch - <<'END'
address show
link show
route show table all
rule show
END
echo '== ipvs'; { ipvsadm -Sn; ipvsadm -Ln --timeout; ipvsadm -Ln --daemon; ipvsadm -Ln --thresholds; } 2>&1
cd /proc/sys/net/ipv4
echo '== kernel'
grep -s '' conf/*/arp_ignore conf/*/arp_announce conf/*/rp_filter conf/*/send_redirects conf/*/accept_redirects conf/*/forwarding ip_forward vs/* /var/lib/nfs/etab
grep -E ' (nfs4?|tmpfs) ' /proc/mounts
echo '== unit'; systemctl show -p Id,ActiveState,UnitFileState nginx nfs-server lvs-lab-daemon theirs pulumi-lvs-tun-ipip
echo '== package'; dpkg-query -W 'lvs-lab-*' 2> /dev/null
echo '== files'
find /etc /var/lib/pulumi-lvs /srv /run/systemd/system -cnewer ${STAMP} ! -path '*/.pwd.lock' ! -path '/etc/ld.so.cache' ! \( -path '/run/*' -type d \) -print0 2> /dev/null |
  perl -0e 'for (sort <>) { chomp; my @s = lstat; printf "file: %s %o %d:%d %s\n", $_, $s[2], $s[4], $s[5], (readlink($_) // "") =~ s{^/lib/}{/usr/lib/}r; if (-f && !-l) { open my $f, "<", $_; local $/ = "\n"; my $p = $_; my $n = 0; while (<$f>) { $n++; printf "text: %s %d %s%s\n", $p, $n, $_ =~ s/\n\z//r, /\n\z/ ? "" : " (no line end)" } } }'
`;

/** A host, as lines. */
export function readLook(text: string): readonly string[] {
  let part = "";
  return text.split("\n").flatMap((printed) => {
    const line = printed.trimEnd();
    const [, name] = /^== (\w+)$/.exec(line) ?? [];
    if (name !== undefined) part = name;
    if (name !== undefined || line === "") return [];
    return part === "files" ? [line] : [`${part}: ${settled(line)}`];
  });
}

/** Without numbers of devices, how long an address is valid, and what an NFS client says of itself. */
function settled(line: string): string {
  return line
    .replace(/^\d+: (?=\S+[ :])/, "")
    .replace(/ *\\ .*$/, "")
    .replace(/clientaddr=[^,]*,/, "");
}

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
