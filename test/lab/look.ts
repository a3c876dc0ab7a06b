import { LEDGER } from "../../provider/dialects/sysctl/ledger-text.ts";
import { ORIGINAL_STATE_FILE } from "../../provider/facts/files/original-state.ts";

/**
 * Prints all that a stack changes, in few processes: they take most of its time on a guest. Files that were touched since the preparation
 * are shown whole. Not what keepalived has read, which is its process and times, nor what a cut left of a test of its files, which the next change
 * takes, nor of the loop that adds rules again, which ends after 15 s.
 */
export const LOOK = `
export LC_ALL=C
# For a second or two after a boot, and after a device came up.
network() { ip -o -batch - <<'END'
address show
link show
route show table all
rule show
END
}
for wait in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  shown=$(network)
  case $shown in *' tentative'*) sleep 0.5 ;; *) break ;; esac
done
echo '== network'; echo "$shown"
echo '== ipvs'; ipvsadm -Sn; ipvsadm -Ln --daemon; ipvsadm -Ln --timeout
echo '== settings'; cd /proc/sys/net/ipv4
grep -s '' conf/*/arp_ignore conf/*/arp_announce conf/*/rp_filter conf/*/send_redirects conf/*/forwarding ip_forward vs/* /proc/mounts /var/lib/nfs/etab
echo '== services'; systemctl list-units --plain --no-legend --no-pager --state=active,failed --type=service,mount
echo '== packages'; grep -A 1 '^Package: lvs-lab' /var/lib/dpkg/status
echo '== files'; find /etc /var/lib/pulumi-lvs /srv /run/systemd/system /run/pulumi-lvs* -xdev \\
  ! -path /run/pulumi-lvs.lock ! -path /run/pulumi-lvs ! -path '/run/pulumi-lvs/k*' -printf '%y %m %p %l\\n' ! -path '/run/systemd/*' -type f -newer /var/tmp/prepared -exec tail -v -n +1 {} + 2> /dev/null
true
`;

/** Lines of a look whose order means nothing, in one order. What we keep of settings and others stands in the order in which it was claimed. */
export function readLook(text: string): readonly string[] {
  return text.split(/^== (?=\w+$)/m).flatMap((part) => {
    const [name = "", ...lines] = part.split("\n");
    const shown = lines.findIndex((line) => line.startsWith("==> "));
    const [list, files] = shown === -1 ? [lines, []] : [lines.slice(0, shown), lines.slice(shown)];
    const told = withoutMasked(list)
      .flatMap(READERS[name] ?? same)
      .map((line) => line.trimEnd());
    return [
      ...told
        .filter((line) => line !== "")
        .toSorted()
        .map((line) => `${name}: ${line}`),
      ...byFile(files),
    ];
  });
}

/** Links by which a unit would start that is masked mean nothing until it is not: systemd keeps those that it had when it was masked. */
function withoutMasked(list: readonly string[]): readonly string[] {
  const masked = list.flatMap((line) => /^l 777 \/etc\/systemd\/system\/([^/ ]+) \/dev\/null$/.exec(line)?.[1] ?? []);
  return list.filter((line) => !masked.some((unit) => line.includes(`.wants/${unit} `)));
}

const same = (line: string): readonly string[] => [line];

/** What a line of a part says; nothing, where it has no meaning. */
const READERS: Readonly<Record<string, (line: string) => readonly string[]>> = {
  // Numbers of devices, and how long an address is valid.
  network: (line) => [
    line
      .replace(/^\d+: (?=\S+ )/, "")
      .replace(/ *\\.*$/, "")
      .replace(/@\S+:/, ":"),
  ],
  // A share of the memory that was free when the module was loaded; and of all mounts, those of NFS.
  settings: (line) =>
    /^vs\/sync_qlen_max:/.test(line) || (/^\/proc\/mounts:/.test(line) && !/ nfs/.test(line)) ? [] : [line],
  services: (line) => [line.replace(/ .*/, "")],
  packages: (line) => (line === "--" ? [] : [line]),
};

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
