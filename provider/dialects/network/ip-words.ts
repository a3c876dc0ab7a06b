import { splitPrefix } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";

/** Arguments of `ip addr add` or `replace`, live and in a file: `192.168.4.5/32 dev eth0 label eth0:0`. */
export function ipAddressWords({ address, device, label }: Pick<Vip, "address" | "device" | "label">): string[] {
  const { family, prefix } = splitPrefix(address);
  // nodad: a real server that has the VIP and answers would make the kernel drop the director's address.
  if (family === "ipv6") return [address, "dev", device, "nodad"];
  const broadcast = prefix < 31 ? ["brd", "+"] : [];
  return [address, ...broadcast, "dev", device, ...(label === undefined || label === device ? [] : ["label", label])];
}
