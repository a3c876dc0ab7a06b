import { type Network, textOf } from "../../facts/network/managers";
import { isSilent } from "../../model/network/device";
import { splitAddress } from "../../model/network/interface-address";
import { type Vip } from "../../model/network/vip";
import { type BootFile, type NetworkDialect, significantLines } from "./dialect";
import { type Definition, definitionsIn, rendererIn } from "./netplan-yaml";
import { networkd } from "./networkd";
import { networkManager } from "./networkmanager";

const OWN = "/etc/netplan";
const RENDERED = "/run/NetworkManager/system-connections/netplan-";

/**
 * netplan writes the files of systemd-networkd or NetworkManager at boot. It merges all files of its own, so a NIC's VIP is one
 * more file. `lo` and dummies are nothing to netplan before 1.0: there its backend is told, by files of the backend.
 */
export const netplan: NetworkDialect = {
  name: "netplan",
  detectedBy: [
    {
      path: "/usr/lib/systemd/system-generators/netplan /lib/systemd/system-generators/netplan",
      shows: "netplan is installed, and runs at boot",
    },
    { path: `${OWN}/*.yaml`, shows: "it has its configuration" },
  ],
  reads: [`${OWN}/*.yaml`, `${RENDERED}*.nmconnection`],
  manages: (device, network) => definitionOf(device, network) !== undefined,
  files: (vip, network) => {
    if (isSilent(vip.device)) return backend(network).files(vip, network);
    const definition = definitionOf(vip.device, network);
    return definition === undefined ? [] : [ownFile(vip, definition, network)];
  },
  after: (vip, network) => (isSilent(vip.device) ? (backend(network).after?.(vip, network) ?? []) : []),
  // What the backends were told, they hold themselves.
  filesFor: (vip, network) => [pathOf(vip)].filter((path) => network.files.has(path)),
  unusedFiles: () => [],
  blockedBy: (vip, network) => {
    if (isSilent(vip.device)) return backend(network).blockedBy(vip, network);
    if (definitionOf(vip.device, network) !== undefined) return undefined;
    return (
      `no file of ${OWN} was found to define ${vip.device}, so there is nothing to add ${vip.address} to. Define it there, in block ` +
      'style, or set "boot: false"'
    );
  },
  keepsLabel: (vip, network) =>
    isSilent(vip.device)
      ? (backend(network).keepsLabel?.(vip, network) ?? true)
      : !isByNetworkManager(vip.device, network),
};

/** Under which name the device is configured: cloud images say `id0`, with a match and `set-name: eth0`. */
function definitionOf(device: string, network: Network): Definition | undefined {
  const name = renderedName(device, network) ?? device;
  return hostsFiles(network)
    .flatMap((path) => definitionsIn(textOf(network, path) ?? []))
    .find((one) => one.name === name);
}

/** netplan names what it writes for its backends by the definition that it is from. */
function renderedName(device: string, network: Network): string | undefined {
  const { networkFile = "", profile } = network.owners.get(device) ?? {};
  const [, name] = /\/10-netplan-(.+)\.network$/.exec(networkFile) ?? [];
  return name ?? profileName(profile, network);
}

function profileName(uuid: string | undefined, network: Network): string | undefined {
  if (uuid === undefined) return undefined;
  const rendered = [...network.files.keys()].filter((path) => path.startsWith(RENDERED));
  const path = rendered.find((one) => (textOf(network, one) ?? []).includes(`uuid=${uuid}`));
  return path?.slice(RENDERED.length).replace(/\.nmconnection$/, "");
}

function isByNetworkManager(device: string, network: Network): boolean {
  const owner = network.owners.get(device);
  if (owner?.networkFile !== undefined) return false;
  return profileName(owner?.profile, network) !== undefined || backend(network).name === "networkmanager";
}

/** The host's own files: ours say nothing about who is to bring an interface up. */
function hostsFiles(network: Network): string[] {
  return [...network.files.keys()].filter(
    (path) => path.startsWith(`${OWN}/`) && !path.startsWith(`${OWN}/90-pulumi-lvs-`),
  );
}

function backend(network: Network): NetworkDialect {
  // A later file has the last word.
  const said = hostsFiles(network).map((path) => rendererIn(textOf(network, path) ?? []));
  return said.findLast((name) => name !== undefined) === "NetworkManager" ? networkManager : networkd;
}

function pathOf({ device, address }: Vip): string {
  return `${OWN}/90-pulumi-lvs-${device}-${splitAddress(address).ip}.yaml`.replaceAll(":", "-");
}

/** Lists of several files are joined. A label for NetworkManager would not be passed over: netplan would write nothing at all. */
function ownFile(vip: Vip, { section, name }: Definition, network: Network): BootFile {
  const label = vip.label === undefined || isByNetworkManager(vip.device, network) ? "" : `: {label: "${vip.label}"}`;
  const wanted = [
    "network:",
    "  version: 2",
    `  ${section}:`,
    `    ${name}:`,
    "      addresses:",
    `        - "${vip.address}"${label}`,
  ];
  return {
    path: pathOf(vip),
    mode: "0600",
    text: [`# ${vip.role} VIP ${splitAddress(vip.address).ip}, by pulumi-lvs`, ...wanted, ""].join("\n"),
    matches: (lines) => saidBy(lines) === saidBy(wanted),
  };
}

/** To YAML the depth of a line is part of what it says, but not how many blanks make it. */
function saidBy(lines: readonly string[]): string {
  if (lines.some((line) => /[\t\r]/.test(line))) return "unclear";
  const told = lines.filter((line) => significantLines([line]).length > 0);
  const depths = [...new Set(told.map(depthOf))].sort((a, b) => a - b);
  return told.map((line) => `${depths.indexOf(depthOf(line))} ${line.trim()}`).join("\n");
}

const depthOf = (line: string): number => line.search(/\S/);
