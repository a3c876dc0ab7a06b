import type { NetworkConfig } from "../../../facts/network/managers";
import { splitPrefix } from "../../../model/network/interface-address";
import type { Vip } from "../../../model/network/vip";
import type { Declaration } from "../declaration";
import { addressesOf, type NetworkdAddress } from "./addresses";
import { nextBootProblem } from "./match";
import { readNetworkFile } from "./network-files";

/** What the host's own .network files bring up of this address at boot, on the interfaces that have them. */
export function declaredByNetworkd(vip: Pick<Vip, "address">, config: NetworkConfig): Declaration[] {
  return declared(vip, config, (networkFile) => !isByNetplan(networkFile));
}

/** The same for drop-ins of files that netplan writes. What it writes is said by its own files. */
export function declaredBesideNetplan(vip: Pick<Vip, "address">, config: NetworkConfig): Declaration[] {
  return declared(vip, config, isByNetplan).filter(({ path }) => !isByNetplan(path) || path.endsWith(".conf"));
}

function isByNetplan(path: string): boolean {
  return path.includes("/10-netplan-");
}

function declared(
  { address }: Pick<Vip, "address">,
  config: NetworkConfig,
  isWanted: (networkFile: string) => boolean,
): Declaration[] {
  const { ip } = splitPrefix(address);
  return [...config.activeConfigs].flatMap(([device, { networkFile = "" }]) => {
    if (networkFile === "" || !isWanted(networkFile)) return [];
    // What we would write is refused then.
    if (nextBootProblem(device, config) !== undefined) return [];
    const { settings } = readNetworkFile(networkFile, config);
    return addressesOf(ip, settings).map((one) => declarationOf(one, device));
  });
}

function declarationOf({ ip, prefix, label = "", setting, unclear }: NetworkdAddress, device: string): Declaration {
  const { path, line } = setting;
  const own = ip.includes(":") ? {} : { label: label === "" ? device : label };
  if (unclear !== undefined) return { path, line, device, address: undefined, ...own, unclear };
  return { path, line, device, address: `${ip}/${prefix}`, ...own };
}
