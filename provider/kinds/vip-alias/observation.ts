import type { SysctlSeen } from "../../dialects/sysctl/restore";
import type { OriginalState } from "../../facts/files/original-state";
import type { OwnersOf } from "../../facts/files/owners";
import type { KeepalivedAddress } from "../../facts/keepalived/addresses";
import type { Address, Addresses } from "../../facts/network/addresses";
import type { NetworkConfig } from "../../facts/network/managers";
import type { RouteLine } from "../../facts/network/routes";
import { isSilent } from "../../model/network/device";
import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";

/** The facts of one host that a VIP depends on. Kernel settings only for a real server's: its removal may restore them. */
export interface VipSeen {
  readonly addresses: Addresses;
  readonly networkConfig: NetworkConfig;
  /** Of the VIP's family. */
  readonly routes: readonly RouteLine[];
  /** Of a director. */
  readonly originalState?: OriginalState;
  /** Of a director. */
  readonly keepalived?: readonly KeepalivedAddress[];
  /** Of a director. */
  readonly owners?: OwnersOf;
  readonly values?: SysctlSeen["values"];
  readonly files?: SysctlSeen["files"];
}

/**
 * All addresses of the device that have the VIP's IP: the kernel accepts the same IP with several prefix lengths. Sorted by prefix
 * length, so that the order does not depend on the desired one; the shortest, which does the most harm, comes first.
 */
export function addressesOf({ addresses }: Addresses, { address, device }: Pick<Vip, "address" | "device">): Address[] {
  const { ip } = splitPrefix(address);
  return addresses.filter((one) => one.device === device && one.ip === ip).sort((a, b) => a.prefix - b.prefix);
}

/**
 * Why nobody is answered on the network of the VIP's interface: that a NIC is down, or has no carrier. For a VIP on lo, a dummy or a tunnel
 * it does not matter: the kernel takes the packets that come in elsewhere, also where that is down.
 */
export function linkProblem({ device }: Pick<Vip, "device">, { withoutLink }: Addresses): string | undefined {
  return isSilent(device) ? undefined : withoutLink.get(device);
}
