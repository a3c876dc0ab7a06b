import { type Network, textOf } from "../../facts/network";
import { isDummy, type Vip } from "../../model/vip";
import { splitAddress } from "../../model/vip-address";
import { type BootFile, meaning, type NetworkDialect } from "./dialect";

const SCRIPTS = "/etc/sysconfig/network-scripts";

/**
 * network-scripts: RHEL and CentOS 6 and 7, 8 with the package. An address is a file of shell assignments beside its
 * parent's, and comes up with its parent. NetworkManager reads the same files, with some keys left out (see each).
 */
export const ifcfg: NetworkDialect = {
  name: "ifcfg",
  signs: [
    { path: `${SCRIPTS}/ifup-eth`, shows: "network-scripts are installed" },
    {
      path: "/etc/rc.d/rc3.d/S??network /etc/rc3.d/S??network /etc/systemd/system/*.wants/network.service",
      shows: "the network service starts at boot",
    },
  ],
  reads: [`${SCRIPTS}/ifcfg-*`, "/etc/modules-load.d/pulumi-lvs-*.conf"],
  claims: (device, network) => textOf(network, `${SCRIPTS}/ifcfg-${device}`) !== undefined,
  files: (vip) => [alias(vip), ...(isDummy(vip.device) ? dummyFiles(vip.device) : [])],
  holds: (vip, network) => [...network.files.keys()].filter((path) => isAliasFor(vip, path, network)),
  idle: (device, network) => {
    const files = isDummy(device) ? dummyFiles(device) : [];
    if ([...network.files.keys()].some((path) => path.startsWith(`${SCRIPTS}/ifcfg-${device}:`))) return [];
    return files.filter(({ path, matches }) => matches(textOf(network, path) ?? [])).map(({ path }) => path);
  },
  obstacle: (vip, network) => {
    const { family } = splitAddress(vip.address);
    if (family === "ipv6") {
      return (
        `network-scripts keep further IPv6 addresses inside the parent's file: add ${vip.address} to IPV6ADDR_SECONDARIES ` +
        `in ${SCRIPTS}/ifcfg-${vip.device} yourself, and set "boot: false"`
      );
    }
    if (isDummy(vip.device) && vip.device !== "dummy0") {
      return `network-scripts cannot make ${vip.device}: the module brings dummy0 alone. Use dummy0 or lo`;
    }
    if (!isDummy(vip.device) && textOf(network, `${SCRIPTS}/ifcfg-${vip.device}`) === undefined) {
      return (
        `there is no ${SCRIPTS}/ifcfg-${vip.device}, and network-scripts bring an alias up with its parent only. ` +
        `Write that file, or set "boot: false"`
      );
    }
    return taken(vip, network);
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
    foreign: (lines) => assigned(lines, "IPADDR") !== undefined && assigned(lines, "IPADDR") !== ip,
  };
}

/** The parent of an alias on dummy0: no address of its own. The module makes the link, and has to be there before. */
function dummyFiles(device: string): BootFile[] {
  const parent = [`DEVICE=${device}`, "BOOTPROTO=none", "ONBOOT=yes", "NM_CONTROLLED=no"];
  return [
    {
      path: `${SCRIPTS}/ifcfg-${device}`,
      text: ["# carries VIPs, by pulumi-lvs", ...parent, ""].join("\n"),
      matches: (lines) => sameAssignments(lines, parent),
    },
    {
      path: `/etc/modules-load.d/pulumi-lvs-${device}.conf`,
      text: "# by pulumi-lvs: the link for VIPs\ndummy\n",
      matches: (lines) => meaning(lines).includes("dummy"),
    },
  ];
}

/** Order, blanks and comments are nothing to a shell; a line more or a value quoted otherwise may be. */
function sameAssignments(lines: readonly string[], wanted: readonly string[]): boolean {
  // A carriage return is part of the value: the scripts choke on it.
  if (lines.some((line) => line.includes("\r"))) return false;
  const said = new Set(meaning(lines).map(unquote));
  return said.size === wanted.length && wanted.every((line) => said.has(line));
}

/** `IPADDR="192.168.4.5"` is what a person would write. */
function unquote(line: string): string {
  return line.replace(/\r$/, "").replace(/^(\w+)=(["'])(.*)\2$/, "$1=$3");
}

/** An alias file that is ours by what it says: this address on this device, under any label. */
function isAliasFor({ address, device }: Vip, path: string, network: Network): boolean {
  if (!path.startsWith(`${SCRIPTS}/ifcfg-${device}:`) || IGNORED.test(path)) return false;
  return assigned(textOf(network, path) ?? [], "IPADDR") === splitAddress(address).ip;
}

/** What network-scripts pass over. Anything else beside the file is read, whatever it is called. */
const IGNORED = /(?:~|\.bak|\.old|\.orig|\.rpmnew|\.rpmorig|\.rpmsave)$/;

/** The scripts refuse one label for two addresses, without an error: the second is just not there. */
function taken(vip: Vip, network: Network): string | undefined {
  const { path, foreign } = alias(vip);
  const lines = textOf(network, path);
  if (lines === undefined || foreign?.(lines) !== true) return undefined;
  return `${path} belongs to ${assigned(lines, "IPADDR")} already. Choose another label, such as ${free(vip, network)}`;
}

function free({ device }: Vip, network: Network): string {
  let number = 0;
  while (network.files.has(`${SCRIPTS}/ifcfg-${device}:${number}`)) number++;
  return `"${device}:${number}"`;
}

function assigned(lines: readonly string[], name: string): string | undefined {
  const said = meaning(lines).map(unquote);
  return said.findLast((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
}

function netmask(prefix: number): string {
  const bits = "1".repeat(prefix).padEnd(32, "0");
  return [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join(".");
}
