import type { NetworkConfig } from "../../facts/network/managers";
import type { NetworkManagerName } from "../../model/network/manager-name";
import type { Vip } from "../../model/network/vip";
import type { FileStep, Step } from "../../step";
import { networkDialects } from "./choose";

/** Whether any manager has configuration for this VIP, current or not. */
export function hasBootConfig(vip: Vip, config: NetworkConfig): boolean {
  return managerOf(vip, config) !== undefined;
}

/** The manager that has it. netplan comes before those that it writes for. */
export function managerOf(vip: Vip, config: NetworkConfig): NetworkManagerName | undefined {
  return networkDialects.find(
    ({ filesFor, removeFrom }) => filesFor(vip, config).length > 0 || (removeFrom?.(vip, config) ?? []).length > 0,
  )?.name;
}

/** Removes the boot configuration of this VIP, whichever manager it was written for. */
export function unpersist(vip: Vip, config: NetworkConfig): Step[] {
  return [
    ...networkDialects.flatMap(({ filesFor, removeFrom }) => [
      ...filesFor(vip, config).flatMap(removeFile),
      ...(removeFrom?.(vip, config) ?? []),
    ]),
    ...unusedWithout(vip, config).flatMap(removeFile),
  ];
}

/** Files of ours for the VIPs on an interface, where this VIP is the last that has any. */
export function unusedWithout(vip: Vip, config: NetworkConfig): readonly string[] {
  const own = networkDialects.flatMap(({ filesFor }) => filesFor(vip, config));
  const files = new Map([...config.files].filter(([path]) => !own.includes(path)));
  return unusedFiles(vip.device, { ...config, files });
}

/** Files of ours for VIPs on an interface that has no VIP left. */
export function unusedFiles(device: string, config: NetworkConfig): readonly string[] {
  return networkDialects.flatMap((dialect) => dialect.unusedFiles(device, config));
}

/** Removes a file, and with the last drop-in of networkd their directory. */
export function removeFile(path: string): Step[] {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const file: FileStep = { file: path, edit: () => undefined, summary: "remove it" };
  return folder.endsWith(".network.d") ? [file, { command: { sh: RMDIR, args: [folder] }, once: true }] : [file];
}

const RMDIR = '[ ! -d "$1" ] || rmdir --ignore-fail-on-non-empty -- "$1"';
