import type { ResourceName } from "./declared.ts";
import { differences } from "./look.ts";
import type { Drifts, Site } from "./site.ts";

/** A disk that takes no text of ours. */
interface Disk {
  readonly name: string;
  readonly begin: string;
  readonly end: string;
  /** The host's words, and what to do. */
  readonly says: readonly RegExp[];
}

/** A file of each sort that we write, and what somebody breaks in it. */
const broken: readonly (readonly [name: ResourceName, path: string, typed: string])[] = [
  ["web", "/etc/ipvsadm.rules", "sed -i '/192.168.4.61:80/d'"],
  ["settings", "/etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf", "sed -i s/=12/=13/"],
  ["router", "/etc/sysctl.d/99-zz-pulumi-lvs.conf", "sed -i '/^net.ipv4.ip_forward/d'"],
  ["tunnel", "/etc/modules-load.d/pulumi-lvs-tun-ipip.conf", "sed -i 's/^ipip/#&/'"],
  ["vip", "/etc/network/interfaces.d/pulumi-lvs-eth0-DASHED", "sed -i '/ up /d'"],
  ["back", "/etc/network/interfaces.d/pulumi-lvs-route-OWN-DASHED", "sed -i '/rule add/d'"],
  ["docs", "/etc/exports.d/srv-docs.exports", "sed -i 's/(ro,/(rw,/'"],
  ["mount", "/etc/fstab", "sed -i '/mounted/s/nofail/bg/'"],
];

const paths = broken.map(([, path]) => path).join(" ");
/** As chattr does it, which the hosts of the lab do not have: the flags of each file are read, and written with the flag or without it. */
const immutable = (flags: string) =>
  `perl -e 'for (@ARGV) { open my $f, "<", $_ or die; my $v = pack "L2"; ioctl $f, 0x80086601, $v or die; $v = pack "L2", (unpack "L", $v)[0] ${flags}; ioctl $f, 0x40086602, $v or die "$_ $!" }' ${paths}`;

const disks: readonly Disk[] = [
  {
    name: "immutable files",
    begin: immutable("| 0x10"),
    end: immutable("& ~0x10"),
    says: [/Operation not permitted/i, /lsattr shows it, and chattr -i ends it/],
  },
  {
    name: "a read-only disk",
    begin: "mount --bind /etc /etc; mount -o remount,bind,ro /etc",
    end: "umount -l /etc",
    says: [/Read-only file system/i, /Mount it writable, and run again/],
  },
  {
    name: "a full disk",
    begin: `mkdir -p /run/etc; mount -t tmpfs -o size=32m tmpfs /run/etc; cp -a /etc/. /run/etc; mount --bind /run/etc /etc
      cat /dev/zero > /etc/fill || true`,
    end: "umount -l /etc; umount -l /run/etc",
    says: [/No space left on device/i, /Free space or inodes on that file system/],
  },
];

/**
 * What is wrong with the errors of a host whose disk takes nothing, with what they leave, and with the `up` once it takes something again.
 * What somebody broke lasts from one disk to the next.
 */
export async function tryDisks(site: Site): Promise<readonly string[]> {
  const { looks: before } = await site.type(
    [],
    broken.map(([, path, typed]) => `${typed} ${path}`),
  );
  const drifts = await site.refresh();
  const problems: string[] = [];
  for (const disk of disks) problems.push(...(await tryDisk(site, disk, drifts)).map((one) => `${disk.name}: ${one}`));
  await site.repair(await site.refresh());
  const again = await site.refresh();
  const { looks: repaired } = await site.type([], []);
  return [...problems, ...[...again.keys()].map((name) => `${name} still drifts`), ...differences(before, repaired)];
}

async function tryDisk(site: Site, { begin, end, says }: Disk, drifts: Drifts): Promise<readonly string[]> {
  const { looks: before } = await site.type([], [begin]);
  const errors = await site.tryRepair(drifts);
  const { looks: after } = await site.type(["! ls /etc/.pulumi-lvs.* /etc/*/.pulumi-lvs.* 2> /dev/null", end], []);
  const said = broken.flatMap(([name, path]) => {
    const text = errors.get(name)?.message ?? "no error";
    const wanted = [
      new RegExp(` on ${site.host.name}: `),
      new RegExp(path.replace(/(OWN-)?DASHED/, "[-0-9]+")),
      ...says,
    ];
    return wanted.filter((one) => !one.test(text)).map((one) => `${name} does not say ${String(one)}: ${text}`);
  });
  const isOfFiles = (line: string) => /^(file|text|ours): /.test(line);
  return [...said, ...differences(before.filter(isOfFiles), after.filter(isOfFiles))];
}
