import { LEDGER } from "../../../provider/dialects/sysctl/ledger-text.ts";
import { ORIGINAL_STATE_FILE } from "../../../provider/facts/files/original-state.ts";

/**
 * Prints all that a stack changes, in few processes: each takes its time on a guest. Numbers of devices have no meaning. Files that were
 * touched since the preparation are shown whole.
 */
export const LOOK = `
export LC_ALL=C
# For a second or two after a boot.
while ip -o addr | grep -q ' tentative'; do sleep 0.2; done
echo '== addresses'; ip -o addr | sed 's/^[0-9]*: //; s/ *\\\\\\\\.*//'; ip -br link | sed 's/@.*//'
echo '== routes'; ip -4 route show table all; ip rule
echo '== ipvs'; ipvsadm -Sn; ipvsadm -Ln --daemon; ipvsadm -Ln --timeout
echo '== settings'; cd /proc/sys/net/ipv4
grep -s '' conf/*/arp_ignore conf/*/arp_announce conf/*/rp_filter conf/*/send_redirects conf/*/forwarding ip_forward vs/* | grep -v sync_qlen_max
echo '== nfs'; grep ' nfs' /proc/mounts; [ ! -e /var/lib/nfs/etab ] || cat /var/lib/nfs/etab
echo '== services'; systemctl list-units --plain --no-legend --no-pager --state=active,failed --type=service,mount | cut -d ' ' -f 1
echo '== packages'; dpkg-query -W -f '\${db:Status-Abbrev} \${Package}\\n' 'lvs-lab*' 2> /dev/null
echo '== files'; find /etc /var/lib/pulumi-lvs /srv /run/systemd/system /run/pulumi-lvs* \\
  ! -path /run/pulumi-lvs.lock -printf '%y %m %p %l\\n' 2> /dev/null
find /etc /var/lib/pulumi-lvs /srv /run/pulumi-lvs-* -xdev -type f -newer /var/tmp/prepared -exec tail -v -n +1 {} + 2> /dev/null; true
`;

/** Lines of a look whose order means nothing, in one order. What we keep of settings and others stands in the order in which it was claimed. */
export function readLook(text: string): readonly string[] {
  return text.split(/^== (?=\w+$)/m).flatMap((part) => {
    const [name = "", ...lines] = part.split("\n");
    const shown = lines.findIndex((line) => line.startsWith("==> "));
    const [list, files] = shown === -1 ? [lines, []] : [lines.slice(0, shown), lines.slice(shown)];
    const trimmed = list.map((line) => line.trimEnd()).filter((line) => line !== "");
    return [...trimmed.sort().map((line) => `${name}: ${line}`), ...byFile(files)];
  });
}

function byFile(lines: readonly string[]): readonly string[] {
  const texts = lines
    .join("\n")
    .split(/^==> (?=.* <==$)/m)
    .slice(1);
  return texts
    .map((text) => {
      const [path = "", ...body] = text.trimEnd().split("\n");
      return { path: path.replace(/ <==$/, ""), body };
    })
    .sort((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path, body }) => `${path}:\n${path in PARTS ? inOneOrder(body, PARTS[path] ?? "") : body.join("\n")}`);
}

/** What stands between the parts of a file whose order means nothing. */
const PARTS: Readonly<Record<string, string>> = { [LEDGER]: "\n\n", [ORIGINAL_STATE_FILE]: "\n" };

function inOneOrder(lines: readonly string[], between: string): string {
  return lines.join("\n").split(between).sort().join(between);
}
