import { isDummy } from "../../../model/network/device";
import type { Vip } from "../../../model/network/vip";
import { ipAddressWords } from "../ip-words";

/** Options of a stanza that make the dummy of a VIP, where it is on one. */
export function dummyLines({ device }: Vip): string[] {
  if (!isDummy(device)) return [];
  return [
    // Loading the module creates dummy0, and "ip link add" then fails because it exists.
    `    pre-up [ -e /sys/class/net/${device} ] || ip link add ${device} type dummy || [ -e /sys/class/net/${device} ]`,
    `    pre-up ip link set ${device} alias pulumi-lvs up`,
  ];
}

/** Options that add the address of a VIP when its interface comes up, and take it away when that goes down. */
export function addressCommands(vip: Vip): string[] {
  return [
    `    up ip addr replace ${ipAddressWords(vip).join(" ")}`,
    `    down ip addr del ${vip.address} dev ${vip.device} || true`,
  ];
}
