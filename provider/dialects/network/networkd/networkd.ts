import { linesAt, type NetworkConfig } from "../../../facts/network/managers";
import { isDummy, isSilent } from "../../../model/network/device";
import { splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import { type BootFile, significantLines, withoutReturns } from "../boot-file";
import type { NetworkDialect } from "../dialect";
import { declaredByNetworkd } from "./declared";
import { nextBootProblem } from "./match";
import { dropInProblem, NETWORK_FOLDERS } from "./network-files";

const NETWORKD_DIR = "/etc/systemd/network";

/**
 * systemd-networkd. It applies one .network file to an interface, so a VIP is a drop-in of that file. networkd is not reloaded: a reload
 * removes the NIC's own address for a moment, and with it the routes that depend on it.
 */
export const networkd: NetworkDialect = {
  name: "networkd",
  detectedBy: [
    { path: "/usr/lib/systemd/systemd-networkd /lib/systemd/systemd-networkd", shows: "systemd-networkd is installed" },
    { path: "/etc/systemd/system/*.wants/systemd-networkd.service", shows: "systemd-networkd starts at boot" },
  ],
  unit: "systemd-networkd.service",
  reads: [
    `${NETWORKD_DIR}/50-pulumi-lvs-*.netdev`,
    ...NETWORK_FOLDERS.flatMap((folder) => [`${folder}/*.network`, `${folder}/*.network.d/*.conf`]),
  ],
  manages: (device, config) => {
    const file = config.activeConfigs.get(device)?.networkFile;
    return file !== undefined && !file.includes("/10-netplan-");
  },
  declares: declaredByNetworkd,
  files: (vip, config) => {
    const base = networkFileName(vip.device, config);
    return [...(base === ownNetworkFileName(vip.device) ? ownFiles(vip.device) : []), dropIn(vip, base)];
  },
  filesFor: (vip, config) => [...config.files.keys()].filter((path) => path.endsWith(`.network.d/${dropInName(vip)}`)),
  unusedFiles: (device, config) => {
    const files = ownFiles(device);
    if ([...config.files.keys()].some((path) => path.startsWith(`${NETWORKD_DIR}/${ownNetworkFileName(device)}.d/`)))
      return [];
    return files
      .filter(({ path, matches }) => matches(withoutReturns(linesAt(config, path) ?? [])))
      .map(({ path }) => path);
  },
  blockedBy: (vip, config) => {
    const { device, address } = vip;
    const file = config.activeConfigs.get(device)?.networkFile;
    const base = networkFileName(device, config);
    const problem =
      nextBootProblem(device, config) ?? dropInProblem(file ?? `${NETWORKD_DIR}/${base}`, dropInName(vip), config);
    if (problem !== undefined || (base === ownNetworkFileName(device) && isSilent(device))) return problem;
    if (file === undefined) {
      return (
        `systemd-networkd has no .network file for ${device}, so there is nothing to add ${address} to. Write one in ${NETWORKD_DIR} and ` +
        'run "networkctl reload", or set "boot: false"'
      );
    }
    const others = [...config.activeConfigs].filter(([name, owner]) => name !== device && owner.networkFile === file);
    if (others.length === 0) return undefined;
    return (
      `${file} is for ${[device, ...others.map(([name]) => name)].join(", ")}: all of them would get ${address}. ` +
      `Give ${device} a .network file of its own, or set "boot: false"`
    );
  },
};

/** The name of the .network file of the interface. Its drop-ins can be in /etc, wherever the file itself is. */
function networkFileName(device: string, { activeConfigs: owners }: NetworkConfig): string {
  return owners.get(device)?.networkFile?.split("/").at(-1) ?? ownNetworkFileName(device);
}

function ownNetworkFileName(device: string): string {
  return `50-pulumi-lvs-${device}.network`;
}

function dropInName({ device, address }: Vip): string {
  return `pulumi-lvs-${device}-${splitPrefix(address).ip}.conf`.replaceAll(":", "-");
}

function dropIn(vip: Vip, base: string): BootFile {
  const { ip, family } = splitPrefix(vip.address);
  const wanted = [
    "[Address]",
    `Address=${vip.address}`,
    ...(vip.label === undefined ? [] : [`Label=${vip.label}`]),
    // A real server that has the VIP and answers would make the kernel drop the director's address.
    ...(family === "ipv6" ? ["DuplicateAddressDetection=none"] : []),
  ];
  return textFile(`${NETWORKD_DIR}/${base}.d/${dropInName(vip)}`, `${vip.role} VIP ${ip}, by pulumi-lvs`, wanted);
}

/** The files of an interface that the host has no file for: networkd brings up nothing without a .network file. */
function ownFiles(device: string): BootFile[] {
  const match = ["[Match]", `Name=${device}`, "[Link]", "RequiredForOnline=no"];
  const netdev = ["[NetDev]", `Name=${device}`, "Kind=dummy"];
  const comment = "carries VIPs, by pulumi-lvs";
  return [
    ...(isDummy(device)
      ? [textFile(`${NETWORKD_DIR}/${ownNetworkFileName(device).replace(/network$/, "netdev")}`, comment, netdev)]
      : []),
    textFile(`${NETWORKD_DIR}/${ownNetworkFileName(device)}`, comment, match),
  ];
}

function textFile(path: string, comment: string, wanted: readonly string[]): BootFile {
  return {
    path,
    text: [`# ${comment}`, ...wanted, ""].join("\n"),
    matches: (lines) => significantLines(lines).join("\n") === wanted.join("\n"),
  };
}
