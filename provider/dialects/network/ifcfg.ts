import { linesAt, type NetworkConfig } from "../../facts/network/managers";
import { isDummy, isTunnel } from "../../model/network/device";
import { splitPrefix } from "../../model/network/interface-address";
import { netmaskOf } from "../../model/network/subnet";
import type { Vip } from "../../model/network/vip";
import { type BootFile, significantLines } from "./boot-file";
import type { NetworkDialect } from "./dialect";
import {
  ADDRESS_VARIABLE,
  aliasFilesOf,
  parentFileOf,
  parentProblem,
  SCRIPTS,
  shellLines,
  valueIn,
  valuesIn,
} from "./ifcfg-files";

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
  manages: (device, config) => parentFileOf(device, config) !== undefined,
  files: (vip, config) => [alias(vip), ...parentFiles(vip.device, config)],
  filesFor: (vip, config) => aliasFilesOf(vip.device, config).filter((path) => holdsOnly(vip, path, config)),
  unusedFiles: (device, config) => {
    if (aliasFilesOf(device, config).length > 0) return [];
    const isOurs = ({ path, matches }: BootFile) => {
      const lines = linesAt(config, path);
      return lines !== undefined && isMarked(lines) && matches(lines);
    };
    return parentFiles(device, config)
      .filter(isOurs)
      .map(({ path }) => path);
  },
  blockedBy: (vip, config) => {
    const { device, address } = vip;
    const { family, ip } = splitPrefix(address);
    if (family === "ipv6") {
      return (
        `network-scripts keep further IPv6 addresses inside the parent's file: add ${address} to IPV6ADDR_SECONDARIES ` +
        `in ${parentFileOf(device, config) ?? `${SCRIPTS}/ifcfg-${device}`} yourself, and set "boot: false"`
      );
    }
    if (isDummy(device) && device !== "dummy0") {
      return `network-scripts cannot make ${device}: the module brings dummy0 alone. Use dummy0 or lo`;
    }
    const parent = parentFileOf(device, config);
    if (parent === undefined && mayLackParentFile(device)) return labelConflict(vip, config);
    if (parent !== undefined && valuesIn(linesAt(config, parent) ?? [], /^IPADDR\d*$/).includes(ip)) {
      return (
        `${parent} has ${ip} as an address of ${device} itself, and would put it up without a label. Take it out there, ` +
        'or set "boot: false"'
      );
    }
    const how = "network-scripts bring an alias up with its parent only";
    return parentProblem(device, how, config) ?? labelConflict(vip, config);
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
  const { ip, prefix } = splitPrefix(vip.address);
  const label = vip.label ?? `${vip.device}:0`;
  const wanted = [
    `DEVICE=${label}`,
    "BOOTPROTO=none",
    "ONPARENT=yes",
    `IPADDR=${ip}`,
    `PREFIX=${prefix}`,
    `NETMASK=${netmaskOf(prefix)}`,
    "ARPCHECK=no",
    `ARPUPDATE=${vip.role === "director" ? "yes" : "no"}`,
    "NO_ALIASROUTING=yes",
    "NM_CONTROLLED=no",
  ];
  return {
    path: `${SCRIPTS}/ifcfg-${label}`,
    text: [`# ${vip.role} VIP ${ip}, by pulumi-lvs`, ...wanted, ""].join("\n"),
    matches: (lines) => sameAssignments(lines, wanted),
    isForOther: (lines) => valuesIn(lines, ADDRESS_VARIABLE).some((other) => other !== ip),
  };
}

/** What has no file of its own unless somebody wrote one. */
function mayLackParentFile(device: string): boolean {
  return isDummy(device) || isTunnel(device);
}

const PARENT_COMMENT = "# carries VIPs, by pulumi-lvs";

function isMarked(lines: readonly string[]): boolean {
  return lines.some((line) => /^#.*\bby pulumi-lvs\b/.test(line));
}

/**
 * The parent of an alias on a dummy or a tunnel, where nobody else wrote one: no address of its own, and no way to 169.254.0.0/16,
 * which the scripts would add. The link is made by a module: the tunnel's is loaded by what makes the tunnel.
 */
function parentFiles(device: string, config: NetworkConfig): BootFile[] {
  if (!mayLackParentFile(device)) return [];
  const path = `${SCRIPTS}/ifcfg-${device}`;
  const wanted = [`DEVICE=${device}`, "BOOTPROTO=none", "ONBOOT=yes", "NOZEROCONF=yes", "NM_CONTROLLED=no"];
  const theirs = (lines: readonly string[]) => significantLines(lines).length > 0 && !isMarked(lines);
  const parent: BootFile = {
    path,
    text: [PARENT_COMMENT, ...wanted, ""].join("\n"),
    matches: (lines) => theirs(lines) || sameAssignments(lines, wanted),
    isForOther: theirs,
  };
  const elsewhere = parentFileOf(device, config);
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
function holdsOnly({ address }: Vip, path: string, config: NetworkConfig): boolean {
  const said = valuesIn(linesAt(config, path) ?? [], ADDRESS_VARIABLE);
  return said.length > 0 && said.every((one) => one === splitPrefix(address).ip);
}

/** The scripts refuse one label for two addresses, without an error: the second is just not there. */
function labelConflict(vip: Vip, config: NetworkConfig): string | undefined {
  const own = alias(vip);
  const other = aliasFilesOf(vip.device, config).find((path) => {
    const isLabelled = path === own.path || valueIn(path, "DEVICE", config) === vip.label;
    return isLabelled && own.isForOther?.(linesAt(config, path) ?? []) === true;
  });
  if (other === undefined) return undefined;
  const addresses = valuesIn(linesAt(config, other) ?? [], ADDRESS_VARIABLE).join(", ");
  return `${other} belongs to ${addresses} already. Choose another label, such as ${free(vip, config)}`;
}

function free({ device }: Vip, config: NetworkConfig): string {
  const isTaken = (label: string) =>
    aliasFilesOf(device, config).some(
      (path) => path === `${SCRIPTS}/ifcfg-${label}` || valueIn(path, "DEVICE", config) === label,
    );
  let number = 0;
  while (isTaken(`${device}:${number}`)) number++;
  return `"${device}:${number}"`;
}
