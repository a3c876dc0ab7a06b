import { type Network, textOf } from "../../facts/network/managers";
import { isDummy } from "../../model/network/device";
import { splitAddress } from "../../model/network/interface-address";
import { type Vip } from "../../model/network/vip";
import { type BootFile, type NetworkDialect, significantLines } from "./dialect";
import { ipWords } from "./ip-words";

const MAIN = "/etc/network/interfaces";
const OWN = `${MAIN}.d`;

/** Debian's ifupdown: a stanza for each address. Ours are files of their own, beside the host's. */
export const ifupdown: NetworkDialect = {
  name: "ifupdown",
  detectedBy: [
    { path: "/usr/sbin/ifup /sbin/ifup", shows: "ifup is installed" },
    { path: MAIN, shows: "it has its configuration" },
    {
      path: "/etc/systemd/system/*.wants/networking.service /etc/rcS.d/S??networking /etc/rc2.d/S??networking",
      shows: "networking starts at boot",
    },
  ],
  reads: [MAIN, `${OWN}/*`],
  manages: (device, network) =>
    [...network.files].some(
      ([path, lines]) => isHosts(path) && lines.some(({ text }) => /^iface\s+(\S+)/.exec(text.trim())?.[1] === device),
    ),
  files: (vip) => [stanza(vip)],
  filesFor: (vip, network) => [stanza(vip).path].filter((path) => network.files.has(path)),
  // A stanza makes its own interface: there is nothing beside it.
  unusedFiles: () => [],
  blockedBy: (vip, network) => {
    const { path } = stanza(vip);
    if (!isSourced(path, network)) {
      return `${MAIN} does not read ${OWN}: add the line "source ${OWN}/*" to it, or set "boot: false"`;
    }
    const other = strangerTo(vip, network);
    if (other === undefined) return undefined;
    return `${other} has a stanza for ${vip.label ?? vip.device} already. Choose another label, or remove that stanza`;
  },
};

/** Ours say nothing about whose the interface is. */
function isHosts(path: string): boolean {
  return path === MAIN || (path.startsWith(`${OWN}/`) && !path.startsWith(`${OWN}/pulumi-lvs-`));
}

function stanza(vip: Vip): BootFile {
  const { ip } = splitAddress(vip.address);
  const wanted = stanzaLines(vip);
  return {
    // source-directory takes only names of A-Z a-z 0-9 _ -.
    path: `${OWN}/pulumi-lvs-${vip.device}-${ip}`.replace(/[^\w/-]/g, (char, at: number) =>
      at < OWN.length ? char : "-",
    ),
    text: [`# ${vip.role} VIP ${ip}, by pulumi-lvs`, ...wanted, ""].join("\n"),
    matches: (lines) => squeezed(lines) === squeezed(wanted),
  };
}

/**
 * `manual`, with `replace`: a `static` stanza fails where the address is up already, and the first `ifup` or restart of networking
 * by an operator would. IPv6 has no labels: there it is a further stanza of the device, which ifupdown adds to those it has.
 */
function stanzaLines(vip: Vip): string[] {
  const { family } = splitAddress(vip.address);
  const name = family === "ipv4" ? (vip.label ?? vip.device) : vip.device;
  return [
    `auto ${name}`,
    `iface ${name} ${family === "ipv4" ? "inet" : "inet6"} manual`,
    ...dummyLines(vip),
    `    up ip addr replace ${ipWords(vip).join(" ")}`,
    `    down ip addr del ${vip.address} dev ${vip.device} || true`,
  ];
}

function dummyLines({ device }: Vip): string[] {
  if (!isDummy(device)) return [];
  return [
    // Loading the module makes dummy0, and then "add" says that it exists.
    `    pre-up [ -e /sys/class/net/${device} ] || ip link add ${device} type dummy || [ -e /sys/class/net/${device} ]`,
    `    pre-up ip link set ${device} alias pulumi-lvs up`,
  ];
}

function squeezed(lines: readonly string[]): string {
  return significantLines(lines)
    .map((line) => line.replace(/[ \t]+/g, " "))
    .join("\n");
}

/** Whether one of the `source` lines reads this file. */
export function isSourced(path: string, network: Network): boolean {
  return significantLines(textOf(network, MAIN) ?? []).some((line) => {
    const [word, pattern = ""] = line.split(/\s+/);
    const from = pattern.startsWith("/") ? pattern : `/etc/network/${pattern}`;
    if (word === "source-directory") return from.replace(/\/+$/, "") === OWN;
    return word === "source" && glob(from).test(path);
  });
}

function glob(pattern: string): RegExp {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : part.replace(/[$()+.[\]^{|}\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}

/**
 * A file other than ours with a stanza of this name: ifupdown would take both, and fail at the second. Of two VIPs that one run
 * gave the same label, the first by its file's name keeps it, so that the other one is told.
 */
function strangerTo(vip: Vip, network: Network): string | undefined {
  const { family } = splitAddress(vip.address);
  if (family === "ipv6" || vip.label === undefined) return undefined;
  const own = stanza(vip).path;
  const isOther = (path: string) => path !== own && !(path.startsWith(`${OWN}/pulumi-lvs-`) && path > own);
  const opens = (line: string) => /^iface\s+(\S+)/.exec(line.trim())?.[1] === vip.label;
  return [...network.files].find(([path, lines]) => isOther(path) && lines.some(({ text }) => opens(text)))?.[0];
}
