import { z } from "zod";
import { whole } from "./ipvs-number";
import {
  devicesOf,
  inOrder,
  interfaceKey,
  namedDevice,
  type Setting,
  settled,
  type Tuning,
  tuningFields,
} from "./tuning";

/** What makes a machine a director for real servers that it reaches by NAT. */
export interface NatTuning extends Tuning {
  readonly rpFilter?: number | undefined;
}

export const natKernelTuning = z
  .strictObject({
    devices: devicesOf(namedDevice).min(1, {
      error: 'must name the NIC that leads to the real servers, such as ["eth1"]',
    }),
    rpFilter: whole(0, 2).optional(),
    ...tuningFields,
  })
  .transform((said, ctx): NatTuning => {
    const { rpFilter, boot } = said;
    const tuning = { devices: inOrder(said.devices), ...(rpFilter !== undefined && { rpFilter }) };
    return { ...tuning, settings: settled(natSettings(tuning), said.settings, ctx, "devices and rpFilter"), boot };
  });

/** The table: each setting with its reason. The switch comes first, because the kernel changes others along with it. */
export function natSettings({ devices, rpFilter }: Pick<NatTuning, "devices" | "rpFilter">): readonly Setting[] {
  return [
    {
      key: "net.ipv4.ip_forward",
      value: 1,
      reason: "THIS MACHINE BECOMES A ROUTER, for all of its NICs: replies of the real servers pass through it",
    },
    row("all", "send_redirects", 0, "what counts is all or the NIC, so both must be 0"),
    row("default", "send_redirects", 0, "as for all, on NICs that come later"),
    ...devices.flatMap((device) => [
      row(device, "send_redirects", 0, `or real servers behind ${device} learn a way past the director`),
      ...(rpFilter === undefined ? [] : [row(device, "rp_filter", rpFilter, RP_REASONS[rpFilter] ?? "")]),
    ]),
  ];
}

/** What counts is the greater of a NIC's own value and that of `all`. */
const RP_REASONS = [
  "do not ask whether a packet's source is plausible",
  "a packet must come in where its answer would go out",
  "a packet's source must be reachable by some NIC",
];

function row(device: string, name: string, value: number, reason: string): Setting {
  return { key: interfaceKey(device, name), value, reason };
}
