import { type Network, textOf } from "../../facts/network/managers";
import { isDummy, isTunnel } from "../../model/network/device";
import { splitAddress } from "../../model/network/interface-address";
import { type Vip } from "../../model/network/vip";
import { type BootFile, type NetworkDialect, significantLines } from "./dialect";
import { ADDRESS, aliasesOf, parentObstacle, parentOf, SCRIPTS, shellLines, valueIn, valuesOf } from "./ifcfg-files";

/**
 * network-scripts: RHEL and CentOS 6 and 7, 8 with the package. An address is a file of shell assignments beside its
 * parent's, and comes up with its parent. NetworkManager reads the same files, with some keys left out (see each).
 */
export const ifcfg: NetworkDialect = {
  name: "ifcfg",
  detectedBy: [
    { path: `${SCRIPTS}/ifup-eth`, shows: "network-scripts are installed" },
    {
      path: "/etc/rc.d/rc3.d/S??network /etc/rc3.d/S??network /etc/systemd/system/*.wants/network.service",
      shows: "the network service starts at boot",
    },
  ],
  reads: [`${SCRIPTS}/ifcfg-*`, "/etc/modules-load.d/pulumi-lvs-*.conf", "/etc/modprobe.d/zz-pulumi-lvs-dummy0.conf"],
  manages: (device, network) => parentOf(device, network) !== undefined,
  files: (vip, network) => [alias(vip), ...parentFiles(vip.device, network)],
  filesFor: (vip, network) => aliasesOf(vip.device, network).filter((path) => isFor(vip, path, network)),
  unusedFiles: (device, network) => {
    if (aliasesOf(device, network).length > 0) return [];
    const isOurs = ({ path, matches }: BootFile) => {
      const lines = textOf(network, path);
      return lines !== undefined && isMarked(lines) && matches(lines);
    };
    return parentFiles(device, network)
      .filter(isOurs)
      .map(({ path }) => path);
  },
  blockedBy: (vip, network) => {
    const { device, address } = vip;
    const { family, ip } = splitAddress(address);
    if (family === "ipv6") {
      return (
        `network-scripts keep further IPv6 addresses inside the parent's file: add ${address} to IPV6ADDR_SECONDARIES ` +
        `in ${parentOf(device, network) ?? `${SCRIPTS}/ifcfg-${device}`} yourself, and set "boot: false"`
      );
    }
    if (isDummy(device) && device !== "dummy0") {
      return `network-scripts cannot make ${device}: the module brings dummy0 alone. Use dummy0 or lo`;
    }
    const parent = parentOf(device, network);
    if (parent === undefined && isOwnParent(device)) return taken(vip, network);
    if (parent !== undefined && valuesOf(textOf(network, parent) ?? [], /^IPADDR\d*$/).includes(ip)) {
      return (
        `${parent} has ${ip} as an address of ${device} itself, and would put it up without a label. Take it out there, ` +
        'or set "boot: false"'
      );
    }
    const how = "network-scripts bring an alias up with its parent only";
    return parentObstacle(device, how, network) ?? taken(vip, network);
  },
};

/**
 * The alias. Every line has its reason:
 * - BOOTPROTO=none: nothing here is asked of a DHCP server.
 * - ONPARENT=yes: ONBOOT means nothing in an alias; without ONPARENT some releases would still start it, `no` would remove it.
 * - PREFIX and NETMASK: PREFIX wins and is inherited from the parent (/24!) by one of the two ways up; the other knows only
 *   NETMASK in old releases. With neither, the mask is classful. NetworkManager too falls back to the parent's prefix.
 * - ARPCHECK=no: the duplicate check asks the network. A real server that is not tuned yet would answer, and the director would
 *   come up without its VIP, with nothing but a line in the journal. It also costs 2 s an address. NetworkManager ignores it.
 * - ARPUPDATE: the gratuitous ARP of a director tells neighbours that the VIP is here; that of a real server would steal it.
 *   Said in both cases, since the parent's value is inherited.
 * - NO_ALIASROUTING=yes: otherwise GATEWAY, inherited from the parent, is set once more through the alias.
 * - NM_CONTROLLED=no: `ifup eth0:0` is then done by the scripts, where NetworkManager is running as well. NetworkManager itself
 *   has no such thing as an alias, and reads the file with its parent.
 * There is no GATEWAY, HWADDR or UUID: each would make more of this than an address.
 */
function alias(vip: Vip): BootFile {
  const { ip, prefix } = splitAddress(vip.address);
  const label = vip.label ?? `${vip.device}:0`;
  const wanted = [
    `DEVICE=${label}`,
    "BOOTPROTO=none",
    "ONPARENT=yes",
    `IPADDR=${ip}`,
    `PREFIX=${prefix}`,
    `NETMASK=${netmask(prefix)}`,
    "ARPCHECK=no",
    `ARPUPDATE=${vip.role === "director" ? "yes" : "no"}`,
    "NO_ALIASROUTING=yes",
    "NM_CONTROLLED=no",
  ];
  return {
    path: `${SCRIPTS}/ifcfg-${label}`,
    text: [`# ${vip.role} VIP ${ip}, by pulumi-lvs`, ...wanted, ""].join("\n"),
    matches: (lines) => sameAssignments(lines, wanted),
    foreign: (lines) => valuesOf(lines, ADDRESS).some((other) => other !== ip),
  };
}

/** What has no file of its own unless somebody wrote one. */
function isOwnParent(device: string): boolean {
  return isDummy(device) || isTunnel(device);
}

const MARK = "# carries VIPs, by pulumi-lvs";

function isMarked(lines: readonly string[]): boolean {
  return lines.some((line) => /^#.*\bby pulumi-lvs\b/.test(line));
}

/**
 * The parent of an alias on a dummy or a tunnel, where nobody else wrote one: no address of its own, and no way to 169.254.0.0/16,
 * which the scripts would add. The link is made by a module: the tunnel's is loaded by what makes the tunnel.
 */
function parentFiles(device: string, network: Network): BootFile[] {
  if (!isOwnParent(device)) return [];
  const path = `${SCRIPTS}/ifcfg-${device}`;
  const wanted = [`DEVICE=${device}`, "BOOTPROTO=none", "ONBOOT=yes", "NOZEROCONF=yes", "NM_CONTROLLED=no"];
  const theirs = (lines: readonly string[]) => significantLines(lines).length > 0 && !isMarked(lines);
  const parent: BootFile = {
    path,
    text: [MARK, ...wanted, ""].join("\n"),
    matches: (lines) => theirs(lines) || sameAssignments(lines, wanted),
    foreign: theirs,
  };
  const elsewhere = parentOf(device, network);
  return [
    ...(elsewhere === undefined || elsewhere === path ? [parent] : []),
    ...(isDummy(device) ? moduleFiles(device) : []),
  ];
}

/** Newer systemd tells the module to bring no link along. Of several options the last one counts, by the names of the files. */
function moduleFiles(device: string): BootFile[] {
  const file = (path: string, line: string): BootFile => ({
    path,
    text: `# by pulumi-lvs: the link for VIPs\n${line}\n`,
    matches: (lines) => significantLines(lines).join("\n") === line,
  });
  return [
    file(`/etc/modules-load.d/pulumi-lvs-${device}.conf`, "dummy"),
    file(`/etc/modprobe.d/zz-pulumi-lvs-${device}.conf`, "options dummy numdummies=1"),
  ];
}

/** Order, blanks and comments are nothing to a shell; a line more or a value quoted otherwise may be. */
function sameAssignments(lines: readonly string[], wanted: readonly string[]): boolean {
  // A carriage return is part of the value: the scripts choke on it.
  if (lines.some((line) => line.includes("\r"))) return false;
  const said = new Set(shellLines(lines));
  return said.size === wanted.length && wanted.every((line) => said.has(line));
}

/** An alias file that is ours by what it says: this address and no other, under any label. */
function isFor({ address }: Vip, path: string, network: Network): boolean {
  const said = valuesOf(textOf(network, path) ?? [], ADDRESS);
  return said.length > 0 && said.every((one) => one === splitAddress(address).ip);
}

/** The scripts refuse one label for two addresses, without an error: the second is just not there. */
function taken(vip: Vip, network: Network): string | undefined {
  const own = alias(vip);
  const other = aliasesOf(vip.device, network).find((path) => {
    const isLabelled = path === own.path || valueIn(path, "DEVICE", network) === vip.label;
    return isLabelled && own.foreign?.(textOf(network, path) ?? []) === true;
  });
  if (other === undefined) return undefined;
  const addresses = valuesOf(textOf(network, other) ?? [], ADDRESS).join(", ");
  return `${other} belongs to ${addresses} already. Choose another label, such as ${free(vip, network)}`;
}

function free({ device }: Vip, network: Network): string {
  const isTaken = (label: string) =>
    aliasesOf(device, network).some(
      (path) => path === `${SCRIPTS}/ifcfg-${label}` || valueIn(path, "DEVICE", network) === label,
    );
  let number = 0;
  while (isTaken(`${device}:${number}`)) number++;
  return `"${device}:${number}"`;
}

function netmask(prefix: number): string {
  const bits = "1".repeat(prefix).padEnd(32, "0");
  return [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join(".");
}
