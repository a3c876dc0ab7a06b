import { isDummy } from "../../../model/network/device";
import { splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import { type BootFile, significantText } from "../boot-file";
import { placeOf } from "../declaration";
import type { NetworkDialect } from "../dialect";
import { ipAddressWords } from "../ip-words";
import { declaredByStanzas } from "./declared";
import { DEFAULTS, excludedProblem } from "./excluded";
import { INTERFACES, INTERFACES_DIR, isLenient, isOurFile, LENIENT } from "./ifupdown-files";
import { type Interfaces, readInterfaces, type Stanza } from "./interfaces";
import { unreadProblem } from "./unread";

/** Debian's ifupdown: a stanza for each address. Ours are files of their own, beside the host's. */
export const ifupdown: NetworkDialect = {
  name: "ifupdown",
  detectedBy: [
    { path: "/usr/sbin/ifup /sbin/ifup", shows: "ifup is installed" },
    { path: INTERFACES, shows: "it has its configuration" },
    {
      path: "/etc/systemd/system/*.wants/networking.service /etc/rcS.d/S??networking /etc/rc2.d/S??networking",
      shows: "networking starts at boot",
    },
  ],
  unit: "networking.service",
  probes: [LENIENT],
  reads: [DEFAULTS, `+${INTERFACES}`, `${INTERFACES_DIR}/pulumi-lvs-*`],
  manages: (device, config) =>
    readInterfaces(config, isLenient(config)).stanzas.some(({ path, name }) => name === device && !isOurFile(path)),
  declares: declaredByStanzas,
  files: (vip) => [stanzaFile(vip)],
  filesFor: (vip, { files }) => [stanzaFile(vip).path].filter((path) => files.has(path)),
  // A stanza creates its own interface, so there are no other files.
  unusedFiles: () => [],
  blockedBy: (vip, config) => {
    const interfaces = readInterfaces(config, isLenient(config));
    const unread = unreadProblem(stanzaFile(vip).path, interfaces);
    const excluded = unread ?? excludedProblem(stanzaName(vip), config);
    if (excluded !== undefined) return excluded;
    const other = labelConflict(vip, interfaces);
    if (other === undefined) return undefined;
    return `${placeOf(other)}, has a stanza for ${vip.label ?? vip.device} already. Choose another label, or remove that stanza`;
  },
};

function stanzaFile(vip: Vip): BootFile {
  const { ip } = splitPrefix(vip.address);
  const wanted = stanzaLines(vip);
  // source-directory reads names of A-Z a-z 0-9 _ - only.
  const name = `pulumi-lvs-${vip.device}-${ip}`.replaceAll(/[^\w-]/g, "-");
  return {
    path: `${INTERFACES_DIR}/${name}`,
    text: [`# ${vip.role} VIP ${ip}, by pulumi-lvs`, ...wanted, ""].join("\n"),
    matches: (lines) => significantText(lines) === significantText(wanted),
  };
}

/**
 * `manual` with `ip addr replace`: a `static` stanza fails if the address is up already, so the first `ifup` or restart of
 * networking by an operator would fail. IPv6 has no labels: its stanza is one more for the device, which ifupdown merges.
 */
function stanzaLines(vip: Vip): string[] {
  const { family } = splitPrefix(vip.address);
  const name = stanzaName(vip);
  return [
    `auto ${name}`,
    `iface ${name} ${family === "ipv4" ? "inet" : "inet6"} manual`,
    ...dummyLines(vip),
    `    up ip addr replace ${ipAddressWords(vip).join(" ")}`,
    `    down ip addr del ${vip.address} dev ${vip.device} || true`,
  ];
}

function stanzaName({ address, device, label }: Vip): string {
  return splitPrefix(address).family === "ipv4" ? (label ?? device) : device;
}

function dummyLines({ device }: Vip): string[] {
  if (!isDummy(device)) return [];
  return [
    // Loading the module creates dummy0, and "ip link add" then fails because it exists.
    `    pre-up [ -e /sys/class/net/${device} ] || ip link add ${device} type dummy || [ -e /sys/class/net/${device} ]`,
    `    pre-up ip link set ${device} alias pulumi-lvs up`,
  ];
}

/**
 * Another stanza of this label: ifupdown would read both, and fail at the second. Of two VIPs with the same label in one run, the one
 * whose file name sorts first keeps it, and the other one is refused.
 */
function labelConflict(vip: Vip, { stanzas }: Interfaces): Stanza | undefined {
  if (splitPrefix(vip.address).family === "ipv6" || vip.label === undefined) return undefined;
  const { path: own } = stanzaFile(vip);
  const comesFirst = (path: string) => path !== own && !(isOurFile(path) && path > own);
  return stanzas.find(({ path, name }) => comesFirst(path) && name === vip.label);
}
