import { z } from "zod";
import { oneOf, whole } from "../../model/fields";
import type { Family } from "../../model/network/address";
import {
  devicesOf,
  inOrder,
  interfaceKey,
  namedDevice,
  type Setting,
  settled,
  type Tuning,
  tuningFields,
} from "../../model/sysctl/setting";

/** What makes a machine a director for real servers that it reaches by NAT. */
export interface NatTuning extends Tuning {
  /** Absent: IPv4 alone. */
  readonly families?: readonly Family[] | undefined;
  readonly rpFilter?: number | undefined;
}

export const natKernelTuning = z
  .strictObject({
    devices: devicesOf(namedDevice).min(1, {
      error: 'must name the NIC that leads to the real servers, such as ["eth1"]',
    }),
    families: z
      .array(oneOf("ipv4", "ipv6"), { error: 'must be a list, such as ["ipv4", "ipv6"]' })
      .min(1, { error: 'must name "ipv4", "ipv6" or both' })
      .default(["ipv4"]),
    rpFilter: whole(0, 2).optional(),
    ...tuningFields,
  })
  .transform((said, ctx): NatTuning => {
    const { rpFilter, boot } = said;
    const families = (["ipv4", "ipv6"] as const).filter((family) => said.families.includes(family));
    if (rpFilter !== undefined && !families.includes("ipv4")) {
      const message = "is for IPv4: the kernel has no such check for IPv6";
      ctx.addIssue({ code: "custom", path: ["rpFilter"], message, input: rpFilter });
    }
    const tuning = {
      devices: inOrder(said.devices),
      ...(families.includes("ipv6") && { families }),
      ...(rpFilter !== undefined && { rpFilter }),
    };
    const settings = settled(natSettings(tuning), said.settings, ctx, "devices, families and rpFilter");
    return { ...tuning, settings, boot };
  });

/** The table: each setting with its reason. The switch comes first, because the kernel changes others along with it. */
export function natSettings(tuning: Pick<NatTuning, "devices" | "families" | "rpFilter">): readonly Setting[] {
  const { families = ["ipv4"] } = tuning;
  return [...(families.includes("ipv4") ? settings4(tuning) : []), ...(families.includes("ipv6") ? [FORWARD6] : [])];
}

/** There is no setting for the redirects of IPv6. */
const FORWARD6: Setting = {
  key: "net.ipv6.conf.all.forwarding",
  value: 1,
  reason: "THIS MACHINE BECOMES A ROUTER OF IPv6, for all of its NICs: replies of the real servers pass through it",
};

function settings4({ devices, rpFilter }: Pick<NatTuning, "devices" | "rpFilter">): readonly Setting[] {
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
