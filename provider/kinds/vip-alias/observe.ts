import type { NetworkConfig } from "../../facts/network/managers";
import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";
import { hasBootConfig, isContradicted, isPersisted, keepsLabel } from "./boot-config";
import { addressesOf, type VipSeen } from "./observation";
import type { WantedVip } from "./schema";

/** The VIP as the host has it; undefined if neither its interface nor its boot configuration has the address. */
export function observeVip({ addresses, networkConfig }: VipSeen, want: WantedVip): Vip | undefined {
  const [found] = addressesOf(addresses, want);
  if (found === undefined && !hasBootConfig(want, networkConfig)) return undefined;
  const label = labelOf(found?.label, want, networkConfig);
  return {
    role: want.role,
    address: found === undefined ? want.address : `${splitPrefix(want.address).ip}/${found.prefix}`,
    device: want.device,
    ...(label !== undefined && { label }),
    ...bootState(want, networkConfig),
    live: found !== undefined && !found.dadFailed,
  };
}

/** A manager that cannot write labels leaves the device's name in their place. That is no drift. */
function labelOf(found: string | undefined, want: WantedVip, config: NetworkConfig): string | undefined {
  if (found === undefined || (found === want.device && !keepsLabel(want, config))) return want.label;
  return found;
}

function bootState(want: WantedVip, config: NetworkConfig): Pick<Vip, "boot" | "bootFile"> {
  const boot = isPersisted(want, config, want.networkManager);
  const differs = !boot && (hasBootConfig(want, config) || isContradicted(want, config));
  return { boot, ...(differs && { bootFile: "differs" }) };
}
