import { isDeepStrictEqual } from "node:util";
import { byName } from "../../../facts/files/by-name";
import type { Line } from "../../../facts/files/lines";
import { linesAt, type NetworkConfig } from "../../../facts/network/managers";
import { familyOf } from "../../../model/network/address";
import { isSilent } from "../../../model/network/device";
import { splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import { canonicalOrUndefined, prefixOf } from "../address-text";
import type { BootFile } from "../boot-file";
import type { Declaration } from "../declaration";
import type { NetworkDialect } from "../dialect";
import { declaredBesideNetplan } from "../networkd/declared";
import { nextBootProblem } from "../networkd/match";
import { networkd } from "../networkd/networkd";
import { networkManager } from "../networkmanager/networkmanager";
import { contentOf, type Definition, type NetplanFile, readNetplan } from "./netplan-yaml";

const NETPLAN_DIR = "/etc/netplan";
/** A file hides those of its name in later folders. */
const NETPLAN_DIRS = ["/run/netplan", NETPLAN_DIR, "/lib/netplan", "/usr/lib/netplan"];
const RENDERED_PROFILE = "/run/NetworkManager/system-connections/netplan-";

/**
 * netplan generates the files of systemd-networkd or NetworkManager at boot. It merges all files of its own, so a NIC's VIP is one
 * more file. `lo` and dummies get files of netplan's backend: netplan before 1.0 does not know them.
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
  reads: [...NETPLAN_DIRS.map((folder) => `${folder}/*.yaml`), `${RENDERED_PROFILE}*.nmconnection`],
  manages: (device, config) => definitionOf(device, config) !== undefined,
  declares: (vip, config) => [...declaredByNetplan(vip, config), ...declaredBesideNetplan(vip, config)],
  files: (vip, config) => {
    if (isSilent(vip.device)) return backend(config).files(vip, config);
    const definition = definitionOf(vip.device, config);
    return definition === undefined ? [] : [ownFile(vip, definition, config)];
  },
  stepsAfterWrite: (vip, config) =>
    isSilent(vip.device) ? (backend(config).stepsAfterWrite?.(vip, config) ?? []) : [],
  // Files of a backend are removed by that backend's dialect.
  filesFor: (vip, config) => [ownFilePath(vip)].filter((path) => config.files.has(path)),
  unusedFiles: () => [],
  blockedBy: (vip, config) => {
    const unreadable = unreadableFile(config);
    if (unreadable !== undefined) return unreadable;
    if (isSilent(vip.device)) return backend(config).blockedBy(vip, config);
    if (definitionOf(vip.device, config) !== undefined) return nextBootProblem(vip.device, config);
    return (
      `no file of ${NETPLAN_DIR} defines ${vip.device}, so there is nothing to add ${vip.address} to. Define it there, ` +
      'or set "boot: false"'
    );
  },
  keepsLabel: (vip, config) =>
    isSilent(vip.device)
      ? (backend(config).keepsLabel?.(vip, config) ?? true)
      : !isByNetworkManager(vip.device, config),
};

/** The definition of a device. Its name may differ: cloud images write `id0` with `match` and `set-name: eth0`. */
function definitionOf(device: string, config: NetworkConfig): Definition | undefined {
  const name = renderedName(device, config) ?? device;
  return hostFiles(config)
    .flatMap((path) => fileAt(path, config).definitions)
    .find((one) => one.name === name);
}

/** The name of the definition, from the name of the file that netplan generated for its backend. */
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
  const active = config.activeConfigs.get(device);
  if (active?.networkFile !== undefined) return false;
  return profileName(active?.profile, config) !== undefined || backend(config).name === "networkmanager";
}

/** The host's own files, in the order in which netplan merges them. Ours do not select a backend. */
function hostFiles({ files }: NetworkConfig): string[] {
  return byName(NETPLAN_DIRS, files.keys()).filter(
    (path) => /\/[^/]+\.yaml$/.test(path) && !path.startsWith(`${NETPLAN_DIR}/90-pulumi-lvs-`),
  );
}

/** netplan joins the lists of addresses of all files, and writes an address once, with its label if one of them gives it. */
export function declaredByNetplan(
  { address, device }: Pick<Vip, "address" | "device">,
  config: NetworkConfig,
): Declaration[] {
  const { ip } = splitPrefix(address);
  const rendered = renderedName(device, config);
  const all = hostFiles(config).flatMap((path) =>
    fileAt(path, config).definitions.flatMap(({ name, setName, addresses }) =>
      addresses.flatMap(({ text, label, line }): Declaration[] => {
        const [own = "", prefix = ""] = text.split("/");
        if (canonicalOrUndefined(own) !== ip) return [];
        const length = prefixOf(prefix, familyOf(ip));
        const of = name === rendered ? device : (setName ?? name);
        // What netplan writes for networkd counts for nothing then, and what we would write is refused.
        if (nextBootProblem(of, config) !== undefined) return [];
        const labelled = ip.includes(":") ? {} : { label: label ?? of };
        return [{ path, line, device: of, address: length === undefined ? undefined : `${ip}/${length}`, ...labelled }];
      }),
    ),
  );
  const unclear = unreadableFile(config);
  if (unclear !== undefined) return all.map((one) => ({ ...one, unclear }));
  const isSame = (one: Declaration, other: Declaration) => one.address === other.address && one.device === other.device;
  return all.filter((one, index) => {
    const twins = all.filter((other) => isSame(one, other));
    const labelled = twins.find(({ label, device: of }) => label !== of) ?? twins[0];
    return all.indexOf(labelled ?? one) === index;
  });
}

/** Of several files that select a renderer, the last one counts. */
function backend(config: NetworkConfig): NetworkDialect {
  const renderers = hostFiles(config).map((path) => fileAt(path, config).renderer);
  return renderers.findLast((name) => name !== undefined) === "NetworkManager" ? networkManager : networkd;
}

/** Many resources of a host ask about the same files. */
const KNOWN = new WeakMap<readonly Line[], NetplanFile>();

function fileAt(path: string, { files }: NetworkConfig): NetplanFile {
  const lines = files.get(path) ?? [];
  const known = KNOWN.get(lines) ?? readNetplan(lines.map(({ text }) => text));
  KNOWN.set(lines, known);
  return known;
}

export function unreadableFile(config: NetworkConfig): string | undefined {
  for (const path of hostFiles(config)) {
    const { error } = fileAt(path, config);
    if (error === undefined) continue;
    return (
      `cannot read ${path}, line ${error.line}, as YAML: ${error.reason}. If "netplan get" on the host fails too, mend that line; ` +
      'otherwise set "boot: false"'
    );
  }
  return undefined;
}

function ownFilePath({ device, address }: Vip): string {
  return `${NETPLAN_DIR}/90-pulumi-lvs-${device}-${splitPrefix(address).ip}.yaml`.replaceAll(":", "-");
}

/** netplan joins the lists of several files. With NetworkManager as backend it refuses a label, and then generates nothing at all. */
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
    matches: (lines) =>
      !lines.some((line) => line.includes("\r")) && isDeepStrictEqual(contentOf(lines), contentOf(wanted)),
  };
}
