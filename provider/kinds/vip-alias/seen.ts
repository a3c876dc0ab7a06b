import type { SysctlSeen } from "../../dialects/sysctl/restore";
import type { Address, Addresses } from "../../facts/network/addresses";
import type { Network } from "../../facts/network/managers";
import { splitAddress } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";

/** What is looked at for a VIP. The kernel settings only for a real server's, whose end may set them free. */
export interface VipSeen {
  readonly addresses: Addresses;
  readonly network: Network;
  readonly values?: SysctlSeen["values"];
  readonly files?: SysctlSeen["files"];
}

/**
 * All forms in which the VIP is on its device: the kernel takes one address several times, if the prefixes differ. The widest
 * first, which is the one that does harm: whatever is wanted, the answer is the same.
 */
export function formsOf({ addresses }: Addresses, { address, device }: Pick<Vip, "address" | "device">): Address[] {
  const { ip } = splitAddress(address);
  return addresses.filter((one) => one.device === device && one.ip === ip).sort((a, b) => a.prefix - b.prefix);
}
