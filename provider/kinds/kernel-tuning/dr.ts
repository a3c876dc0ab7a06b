import { interfaceKey, type Setting, type Tuning, tuningSchema } from "../../model/sysctl/setting";
import { tuningKind } from "./kind";

/** All settings that the table below may have. */
export const DR_PATTERNS = ["net.ipv4.conf.*.arp_ignore", "net.ipv4.conf.*.arp_announce"];

/** What keeps a real server from answering ARP for a VIP that it holds. */
export const drKernelTuning = tuningKind({
  name: "DrKernelTuning",
  schema: tuningSchema(drSettings),
  key: ({ devices }) => ["all", "lo", ...devices].join(" "),
  settings: drSettings,
  patterns: DR_PATTERNS,
});

/** The table: each setting with its reason. What counts on a NIC is the greater of its own value and that of `all`. */
export function drSettings({ devices }: Pick<Tuning, "devices">): readonly Setting[] {
  return [
    row("all", "arp_ignore", 1, "answer ARP only for an address of the NIC that was asked: a VIP on lo stays silent"),
    row(
      "all",
      "arp_announce",
      2,
      "never give the VIP as the sender of an ARP question: that would turn its traffic to this host",
    ),
    row(
      "lo",
      "arp_ignore",
      1,
      "no ARP comes in by lo, so nothing depends on it; written because operators look for it",
    ),
    row(
      "lo",
      "arp_announce",
      2,
      "no ARP goes out by lo, so nothing depends on it; written because operators look for it",
    ),
    ...devices.flatMap((device) => [
      row(device, "arp_ignore", 1, `as for all, and ${device} keeps it when something lowers all`),
      row(device, "arp_announce", 2, `as for all, and ${device} keeps it when something lowers all`),
    ]),
  ];
}

function row(device: string, name: string, value: number, reason: string): Setting {
  return { key: interfaceKey(device, name), value, reason };
}
