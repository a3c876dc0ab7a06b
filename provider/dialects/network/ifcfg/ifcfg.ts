import { readAssignments } from "../../../facts/files/assignments";
import { numbered } from "../../../facts/files/lines";
import { linesAt, type NetworkConfig } from "../../../facts/network/managers";
import { isDummy, isTunnel } from "../../../model/network/device";
import { splitPrefix } from "../../../model/network/interface-address";
import { freeLabel } from "../../../model/network/label";
import { netmaskOf } from "../../../model/network/subnet";
import type { Vip } from "../../../model/network/vip";
import { type BootFile, isMarked, significantLines, withoutReturns } from "../boot-file";
import type { NetworkDialect } from "../dialect";
import { declaredByIfcfg } from "./declared";
import { ADDRESS_VARIABLE, aliasFilesOf, parentFileOf, parentProblem, SCRIPTS, valueIn, valuesIn } from "./ifcfg-files";

/**
 * network-scripts: RHEL and CentOS 6 and 7, and 8 with the package. An alias is a file of shell assignments beside the file of its
 * parent interface, and comes up with it. NetworkManager reads the same files, but ignores some of the variables.
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
  unit: "network.service",
  reads: [`${SCRIPTS}/ifcfg-*`, "/etc/modules-load.d/pulumi-lvs-*.conf", "/etc/modprobe.d/zz-pulumi-lvs-dummy0.conf"],
  manages: (device, config) => parentFileOf(device, config) !== undefined,
  declares: (vip, config) => declaredByIfcfg(vip, config, filesOf(vip, config)),
  files: (vip, config) => [alias(vip), ...parentFiles(vip.device, config)],
  filesFor: filesOf,
  unusedFiles: (device, config) => {
    if (aliasFilesOf(device, config).length > 0) return [];
    const isOurs = ({ path, matches }: BootFile) => {
      const lines = linesAt(config, path);
      return lines !== undefined && isMarked(lines) && matches(withoutReturns(lines));
    };
    return parentFiles(device, config)
      .filter(isOurs)
      .map(({ path }) => path);
  },
  blockedBy: (vip, config) => {
    const { device, address } = vip;
    const { family } = splitPrefix(address);
    if (family === "ipv6") {
      return (
        `network-scripts have no alias files for IPv6: add ${address} to IPV6ADDR_SECONDARIES ` +
        `in ${parentFileOf(device, config) ?? `${SCRIPTS}/ifcfg-${device}`} yourself`
      );
    }
    if (vip.label === undefined) {
      return (
        `network-scripts know an alias by its label, and ${address} on ${device} has none. Set a "label" such as "${device.slice(0, 13)}:0" ` +
        `where 15 characters are enough, or add the address to ${parentFileOf(device, config) ?? `${SCRIPTS}/ifcfg-${device}`} as IPADDR1 yourself`
      );
    }
    if (isDummy(device) && device !== "dummy0") {
      return `network-scripts cannot create ${device}: they load the dummy module, which creates dummy0 only. Use dummy0 or lo`;
    }
    const parent = parentFileOf(device, config);
    if (parent === undefined && mayLackParentFile(device)) return labelConflict(vip, config);
    const dependency = "network-scripts bring an alias up with its parent only";
    return parentProblem(device, dependency, config) ?? labelConflict(vip, config);
  },
};

function filesOf(vip: Vip, config: NetworkConfig): string[] {
  return aliasFilesOf(vip.device, config).filter((path) => holdsOnly(vip, path, config));
}

/**
 * The alias file. The reason for each variable:
 * - BOOTPROTO=none: no DHCP.
 * - ONPARENT=yes: the scripts ignore ONBOOT in an alias. Without ONPARENT only some releases start it; `no` would remove it.
 * - PREFIX and NETMASK: PREFIX takes precedence, and one of the two scripts inherits it from the parent (/24!); the other script of old
 *   releases knows NETMASK only. With neither, the mask is classful. NetworkManager also falls back to the parent's prefix.
 * - ARPCHECK=no: the duplicate check sends ARP requests. A real server that is not tuned yet would answer, and the director would
 *   come up without its VIP, with no more than a line in the journal. The check takes 2 s an address. NetworkManager ignores this.
 * - ARPUPDATE: the gratuitous ARP of a director announces the VIP; that of a real server would attract its traffic. Set in both
 *   cases, because the parent's value is inherited.
 * - NO_ALIASROUTING=yes: otherwise GATEWAY, inherited from the parent, is set a second time for the alias.
 * - NM_CONTROLLED=no: `ifup eth0:0` uses the scripts even if NetworkManager is running. NetworkManager itself has no aliases, and
 *   reads the file with its parent.
 * No GATEWAY, HWADDR or UUID: an alias is an address and nothing else.
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

/** Interfaces that usually have no file, because a module creates them. */
function mayLackParentFile(device: string): boolean {
  return isDummy(device) || isTunnel(device);
}

const PARENT_COMMENT = "# carries VIPs, by pulumi-lvs";

/**
 * The parent file of a dummy or a tunnel, if the host has none: no address, and no route to 169.254.0.0/16, which the scripts
 * would add. A module creates the interface. That of a tunnel is loaded by TunKernelTuning.
 */
function parentFiles(device: string, config: NetworkConfig): BootFile[] {
  if (!mayLackParentFile(device)) return [];
  const path = `${SCRIPTS}/ifcfg-${device}`;
  const wanted = [`DEVICE=${device}`, "BOOTPROTO=none", "ONBOOT=yes", "NOZEROCONF=yes", "NM_CONTROLLED=no"];
  const isForeign = (lines: readonly string[]) => significantLines(lines).length > 0 && !isMarked(lines);
  const parent: BootFile = {
    path,
    text: [PARENT_COMMENT, ...wanted, ""].join("\n"),
    matches: (lines) => isForeign(lines) || sameAssignments(lines, wanted),
    isForOther: isForeign,
  };
  const existing = parentFileOf(device, config);
  return [
    ...(existing === undefined || existing === path ? [parent] : []),
    ...(isDummy(device) ? moduleFiles(device) : []),
  ];
}

/** Newer systemd sets numdummies=0. Of several files with options the last one by name counts, hence the "zz". */
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

/** Whether the file assigns exactly these variables. Their order, quotes, blanks and comments do not matter. */
function sameAssignments(lines: readonly string[], wanted: readonly string[]): boolean {
  const { values, problem } = readAssignments(numbered(lines));
  const assigned = new Set([...values].map(([name, { value }]) => `${name}=${value ?? "$"}`));
  return problem === undefined && assigned.size === wanted.length && wanted.every((line) => assigned.has(line));
}

/** Whether an alias file has this address and no other, under any label. */
function holdsOnly({ address }: Vip, path: string, config: NetworkConfig): boolean {
  const addresses = valuesIn(linesAt(config, path) ?? [], ADDRESS_VARIABLE);
  return addresses.length > 0 && addresses.every((one) => one === splitPrefix(address).ip);
}

/** Why the label cannot be used. The scripts ignore a second address with the same label, without an error. */
function labelConflict(vip: Vip, config: NetworkConfig): string | undefined {
  const own = alias(vip);
  const other = aliasFilesOf(vip.device, config).find((path) => {
    const isLabelled = path === own.path || valueIn(path, "DEVICE", config) === vip.label;
    return isLabelled && own.isForOther?.(linesAt(config, path) ?? []) === true;
  });
  if (other === undefined) return undefined;
  const addresses = valuesIn(linesAt(config, other) ?? [], ADDRESS_VARIABLE).join(", ");
  return `${other} belongs to ${addresses} already. Choose another label, such as "${freeLabel(vip.device, (label) => isLabelInUse(label, vip.device, config))}"`;
}

function isLabelInUse(label: string, device: string, config: NetworkConfig): boolean {
  return aliasFilesOf(device, config).some(
    (path) => path === `${SCRIPTS}/ifcfg-${label}` || valueIn(path, "DEVICE", config) === label,
  );
}
