import { splitAddress } from "../../model/network/interface-address";
import type { Vip } from "../../model/network/vip";

/** What `ip addr add` is told, live and in a file: `192.168.4.5/32 dev eth0 label eth0:0`. */
export function ipWords({ address, device, label }: Pick<Vip, "address" | "device" | "label">): string[] {
  const { family, prefix } = splitAddress(address);
  // IPv6: a real server that has the VIP too, and answers, must not make the kernel give it up.
  if (family === "ipv6") return [address, "dev", device, "nodad"];
  const broadcast = prefix < 31 ? ["brd", "+"] : [];
  return [address, ...broadcast, "dev", device, ...(label === undefined ? [] : ["label", label])];
}
