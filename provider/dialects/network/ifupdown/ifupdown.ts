import type { NetworkConfig } from "../../../facts/network/managers";
import { splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import { type BootFile, significantText } from "../boot-file";
import { placeOf } from "../declaration";
import type { NetworkDialect } from "../dialect";
import { ifupdown2Problem } from "../ifupdown2/problem";
import { ifupdown2Stanza } from "../ifupdown2/stanza";
import { stanzaLines, stanzaName } from "./classic-stanza";
import { declaredByStanzas } from "./declared";
import { DEFAULTS, excludedProblem } from "./excluded";
import { IFUPDOWN2_CONF, INTERFACES, INTERFACES_DIR, isIfupdown2, isOurFile, OTHER_PROGRAMS } from "./ifupdown-files";
import type { Interfaces, Stanza } from "./interfaces";
import { readInterfaces } from "./read-interfaces";
import { unreadProblem } from "./unread";

/** Debian's ifupdown, and what may be there in its place: a stanza for each address. Ours are files of their own, beside the host's. */
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
  probes: OTHER_PROGRAMS,
  reads: [DEFAULTS, IFUPDOWN2_CONF, `+${INTERFACES}`, `${INTERFACES_DIR}/pulumi-lvs-*`],
  manages: (device, config) =>
    readInterfaces(config).stanzas.some(({ path, name }) => name === device && !isOurFile(path)),
  declares: declaredByStanzas,
  files: (vip, config) => [stanzaFile(vip, config)],
  filesFor: (vip, { files }) => [pathOf(vip)].filter((path) => files.has(path)),
  // A stanza creates its own interface, so there are no other files.
  unusedFiles: () => [],
  blockedBy: (vip, config) => {
    const interfaces = readInterfaces(config);
    const unread = unreadProblem(pathOf(vip), interfaces, config);
    if (unread !== undefined) return unread;
    if (isIfupdown2(config)) return ifupdown2Problem(vip, pathOf(vip), interfaces, config);
    const excluded = excludedProblem(stanzaName(vip), config);
    if (excluded !== undefined) return excluded;
    const other = labelConflict(vip, interfaces);
    if (other === undefined) return undefined;
    return `${placeOf(other)}, has a stanza for ${vip.label ?? vip.device} already. Choose another label, or remove that stanza`;
  },
};

function stanzaFile(vip: Vip, config: NetworkConfig): BootFile {
  const { ip } = splitPrefix(vip.address);
  const path = pathOf(vip);
  const wanted = isIfupdown2(config) ? ifupdown2Stanza(vip, path, readInterfaces(config)) : stanzaLines(vip);
  return {
    path,
    text: [`# ${vip.role} VIP ${ip}, by pulumi-lvs`, ...wanted, ""].join("\n"),
    matches: (lines) => significantText(lines) === significantText(wanted),
  };
}

/** source-directory reads names of A-Z a-z 0-9 _ - only. */
function pathOf({ address, device }: Vip): string {
  return `${INTERFACES_DIR}/${`pulumi-lvs-${device}-${splitPrefix(address).ip}`.replaceAll(/[^\w-]/g, "-")}`;
}

/**
 * Another stanza of this label: ifupdown would read both, and fail at the second. Of two VIPs with the same label in one run, the one
 * whose file name sorts first keeps it, and the other one is refused.
 */
function labelConflict(vip: Vip, { stanzas }: Interfaces): Stanza | undefined {
  if (splitPrefix(vip.address).family === "ipv6" || vip.label === undefined) return undefined;
  const own = pathOf(vip);
  const comesFirst = (path: string) => path !== own && !(isOurFile(path) && path > own);
  return stanzas.find(({ path, name }) => comesFirst(path) && name === vip.label);
}
