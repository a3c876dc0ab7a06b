import { interfaceKey, type Setting, type Tuning } from "./setting";

/** Patterns of every setting that `drSettings` may contain. */
export const DR_PATTERNS = ["net.ipv4.conf.*.arp_ignore", "net.ipv4.conf.*.arp_announce"];

/**
 * The settings that keep a real server from answering ARP for a VIP that it holds, each with its reason. The kernel uses the
 * greater of a NIC's own value and that of `all`.
 */
export function drSettings({ devices }: Pick<Tuning, "devices">): readonly Setting[] {
  return [
    row(
      "all",
      "arp_ignore",
      1,
      "answer ARP only for addresses of the NIC that received the request, never for a VIP on lo",
    ),
    row(
      "all",
      "arp_announce",
      2,
      "never send the VIP as the source of an ARP request: that would redirect its traffic here",
    ),
    row("lo", "arp_ignore", 1, "no ARP arrives on lo, so nothing depends on it; set because operators look for it"),
    row("lo", "arp_announce", 2, "no ARP leaves by lo, so nothing depends on it; set because operators look for it"),
    ...devices.flatMap((device) => [
      row(device, "arp_ignore", 1, `as for all; ${device} keeps it when something lowers all`),
      row(device, "arp_announce", 2, `as for all; ${device} keeps it when something lowers all`),
    ]),
  ];
}

function row(device: string, name: string, value: number, reason: string): Setting {
  return { key: interfaceKey(device, name), value, reason };
}
