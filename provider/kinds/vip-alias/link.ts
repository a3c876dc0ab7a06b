import { UserError } from "../../errors";
import type { Addresses } from "../../facts/network/addresses";
import { isSilent } from "../../model/network/device";
import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";

/**
 * Why nobody is answered on the network of the VIP's interface: that a NIC is down, or has no carrier. For a VIP on lo, a dummy or a tunnel
 * it does not matter: the kernel takes the packets that come in elsewhere, also where that is down.
 */
export function linkProblem({ device }: Pick<Vip, "device">, { withoutLink }: Addresses): string | undefined {
  return isSilent(device) ? undefined : withoutLink.get(device);
}

/** A NIC is the operator's: we do not set it up. */
export function refuseBrokenLink({ address, device }: Vip, addresses: Addresses): void {
  const problem = linkProblem({ device }, addresses);
  if (problem === undefined) return;
  const remedy = problem === "is down" ? `Set it up ("ip link set dev ${device} up", or ifup)` : "Restore its link";
  throw new UserError(
    `${device} ${problem} on this host, so nobody on its network would be answered at ${splitPrefix(address).ip}. ${remedy}, and run again`,
  );
}
