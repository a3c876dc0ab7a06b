import { linesAt, type NetworkConfig } from "../../facts/network/managers";
import { isSilent } from "../../model/network/device";
import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";
import { type BootFile, significantLines } from "./boot-file";
import type { NetworkDialect } from "./dialect";
import { type Definition, definitionsIn, rendererIn } from "./netplan-yaml";
import { networkd } from "./networkd";
import { networkManager } from "./networkmanager";

const NETPLAN_DIR = "/etc/netplan";
const RENDERED_PROFILE = "/run/NetworkManager/system-connections/netplan-";

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
    { path: `${NETPLAN_DIR}/*.yaml`, shows: "it has its configuration" },
  ],
  reads: [`${NETPLAN_DIR}/*.yaml`, `${RENDERED_PROFILE}*.nmconnection`],
  manages: (device, config) => definitionOf(device, config) !== undefined,
  files: (vip, config) => {
    if (isSilent(vip.device)) return backend(config).files(vip, config);
    const definition = definitionOf(vip.device, config);
    return definition === undefined ? [] : [ownFile(vip, definition, config)];
  },
  stepsAfterWrite: (vip, config) =>
    isSilent(vip.device) ? (backend(config).stepsAfterWrite?.(vip, config) ?? []) : [],
  // What the backends were told, they hold themselves.
  filesFor: (vip, config) => [ownFilePath(vip)].filter((path) => config.files.has(path)),
  unusedFiles: () => [],
  blockedBy: (vip, config) => {
    if (isSilent(vip.device)) return backend(config).blockedBy(vip, config);
    if (definitionOf(vip.device, config) !== undefined) return undefined;
    return (
      `no file of ${NETPLAN_DIR} was found to define ${vip.device}, so there is nothing to add ${vip.address} to. Define it there, in block ` +
      'style, or set "boot: false"'
    );
  },
  keepsLabel: (vip, config) =>
    isSilent(vip.device)
      ? (backend(config).keepsLabel?.(vip, config) ?? true)
      : !isByNetworkManager(vip.device, config),
};

/** Under which name the device is configured: cloud images say `id0`, with a match and `set-name: eth0`. */
function definitionOf(device: string, config: NetworkConfig): Definition | undefined {
  const name = renderedName(device, config) ?? device;
  return hostFiles(config)
    .flatMap((path) => definitionsIn(linesAt(config, path) ?? []))
    .find((one) => one.name === name);
}

/** netplan names what it writes for its backends by the definition that it is from. */
function renderedName(device: string, config: NetworkConfig): string | undefined {
  const { networkFile = "", profile } = config.activeConfigs.get(device) ?? {};
  const [, name] = /\/10-netplan-(.+)\.network$/.exec(networkFile) ?? [];
  return name ?? profileName(profile, config);
}

function profileName(uuid: string | undefined, config: NetworkConfig): string | undefined {
  if (uuid === undefined) return undefined;
  const rendered = [...config.files.keys()].filter((path) => path.startsWith(RENDERED_PROFILE));
  const path = rendered.find((one) => (linesAt(config, one) ?? []).includes(`uuid=${uuid}`));
  return path?.slice(RENDERED_PROFILE.length).replace(/\.nmconnection$/, "");
}

function isByNetworkManager(device: string, config: NetworkConfig): boolean {
  const owner = config.activeConfigs.get(device);
  if (owner?.networkFile !== undefined) return false;
  return profileName(owner?.profile, config) !== undefined || backend(config).name === "networkmanager";
}

/** The host's own files: ours say nothing about who is to bring an interface up. */
function hostFiles(config: NetworkConfig): string[] {
  return [...config.files.keys()].filter(
    (path) => path.startsWith(`${NETPLAN_DIR}/`) && !path.startsWith(`${NETPLAN_DIR}/90-pulumi-lvs-`),
  );
}

function backend(config: NetworkConfig): NetworkDialect {
  // A later file has the last word.
  const said = hostFiles(config).map((path) => rendererIn(linesAt(config, path) ?? []));
  return said.findLast((name) => name !== undefined) === "NetworkManager" ? networkManager : networkd;
}

function ownFilePath({ device, address }: Vip): string {
  return `${NETPLAN_DIR}/90-pulumi-lvs-${device}-${splitPrefix(address).ip}.yaml`.replaceAll(":", "-");
}

/** Lists of several files are joined. A label for NetworkManager would not be passed over: netplan would write nothing at all. */
function ownFile(vip: Vip, { section, name }: Definition, config: NetworkConfig): BootFile {
  const label = vip.label === undefined || isByNetworkManager(vip.device, config) ? "" : `: {label: "${vip.label}"}`;
  const wanted = [
    "network:",
    "  version: 2",
    `  ${section}:`,
    `    ${name}:`,
    "      addresses:",
    `        - "${vip.address}"${label}`,
  ];
  return {
    path: ownFilePath(vip),
    mode: "0600",
    text: [`# ${vip.role} VIP ${splitPrefix(vip.address).ip}, by pulumi-lvs`, ...wanted, ""].join("\n"),
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
