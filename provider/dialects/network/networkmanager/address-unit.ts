import { isSameUnit } from "../../../facts/files/unit-file";
import type { NetworkConfig } from "../../../facts/network/managers";
import { splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import type { Step } from "../../../step";
import { removeUnit } from "../../own-unit";
import type { BootFile } from "../boot-file";
import { ipAddressWords } from "../ip-words";

const UNITS = "/etc/systemd/system";
const WANTS = `${UNITS}/multi-user.target.wants`;

export const ADDRESS_UNITS: readonly string[] = [
  `${UNITS}/pulumi-lvs-vip-*.service`,
  `${WANTS}/pulumi-lvs-vip-*.service`,
];

/**
 * A systemd unit that adds a VIP to `lo`. NetworkManager leaves addresses on `lo` alone while it has no profile for it. A profile
 * would have a price: when NetworkManager 1.52 gives it up, it removes the kernel's route to 127.0.0.0/8.
 */
export function addressUnit(vip: Vip, config: NetworkConfig): BootFile {
  const { path, wants } = pathsOf(vip);
  const wanted = unitLines(vip);
  return {
    path,
    text: [`# ${vip.role} VIP ${splitPrefix(vip.address).ip}, by pulumi-lvs`, ...wanted, ""].join("\n"),
    matches: (lines) => config.files.has(wants) && isSameUnit(lines, wanted),
  };
}

export function enableAddressUnit(vip: Vip): Step {
  return { command: { run: ["systemctl", "--quiet", "enable", pathsOf(vip).name] } };
}

/** The unit has no ExecStop, so that its stop leaves the address. */
export function removeAddressUnit(vip: Vip, config: NetworkConfig): Step[] {
  const steps = removeUnit(pathsOf(vip), config.files);
  return steps.length === 0 ? [] : [...steps, { command: { run: ["systemctl", "daemon-reload"] }, once: true }];
}

function pathsOf({ device, address }: Vip) {
  const name = `pulumi-lvs-vip-${device}-${splitPrefix(address).ip.replaceAll(":", "-")}.service`;
  return { name, path: `${UNITS}/${name}`, wants: `${WANTS}/${name}` };
}

/** After the ARP settings of a real server, and before the network: it never answers for its VIP. */
function unitLines(vip: Vip): string[] {
  return [
    "[Unit]",
    `Description=VIP ${vip.address} on ${vip.device}`,
    "DefaultDependencies=no",
    "After=systemd-sysctl.service",
    "Before=network-pre.target shutdown.target",
    "Wants=network-pre.target",
    "Conflicts=shutdown.target",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    `ExecStart=/bin/sh -c "exec ip address replace ${ipAddressWords(vip).join(" ")}"`,
    "[Install]",
    "WantedBy=multi-user.target",
  ];
}
