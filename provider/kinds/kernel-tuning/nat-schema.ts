import { z } from "zod";
import { oneOf, whole } from "../../model/fields";
import type { Family } from "../../model/network/address";
import {
  deviceList,
  interfaceKey,
  namedDevice,
  type Setting,
  settingsOutput,
  sortedUnique,
  type Tuning,
  tuningFields,
} from "../../model/sysctl/setting";

/** The settings of a director that forwards to real servers by NAT. */
export interface NatTuning extends Tuning {
  /** Absent: IPv4 alone. */
  readonly families?: readonly Family[] | undefined;
  readonly rpFilter?: number | undefined;
}

export const natKernelTuning = z
  .strictObject({
    devices: deviceList(namedDevice).min(1, {
      error: 'must name the NIC on the side of the real servers, such as ["eth1"]',
    }),
    families: z
      .array(oneOf("ipv4", "ipv6"), { error: 'must be a list, such as ["ipv4", "ipv6"]' })
      .min(1, { error: 'must name "ipv4", "ipv6" or both' })
      .default(["ipv4"]),
    rpFilter: whole(0, 2).optional(),
    ...tuningFields,
  })
  .transform((args, ctx): NatTuning => {
    const { rpFilter, boot } = args;
    const families = (["ipv4", "ipv6"] as const).filter((family) => args.families.includes(family));
    if (rpFilter !== undefined && !families.includes("ipv4")) {
      const message = "is for IPv4 only: the kernel has no such check for IPv6";
      ctx.addIssue({ code: "custom", path: ["rpFilter"], message, input: rpFilter });
    }
    const tuning = {
      devices: sortedUnique(args.devices),
      ...(families.includes("ipv6") && { families }),
      ...(rpFilter !== undefined && { rpFilter }),
    };
    const settings = settingsOutput(natSettings(tuning), args.settings, ctx, "devices, families and rpFilter");
    return { ...tuning, settings, boot };
  });

/** Each setting with its reason. Forwarding comes first, because the kernel changes other settings together with it. */
export function natSettings(tuning: Pick<NatTuning, "devices" | "families" | "rpFilter">): readonly Setting[] {
  const { families = ["ipv4"] } = tuning;
  return [...(families.includes("ipv4") ? settings4(tuning) : []), ...(families.includes("ipv6") ? [FORWARD6] : [])];
}

/** The kernel has no setting for IPv6 redirects. */
const FORWARD6: Setting = {
  key: "net.ipv6.conf.all.forwarding",
  value: 1,
  reason: "THIS HOST BECOMES AN IPv6 ROUTER between all of its NICs: replies of the real servers pass through it",
};

function settings4({ devices, rpFilter }: Pick<NatTuning, "devices" | "rpFilter">): readonly Setting[] {
  return [
    {
      key: "net.ipv4.ip_forward",
      value: 1,
      reason: "THIS HOST BECOMES A ROUTER between all of its NICs: replies of the real servers pass through it",
    },
    row("all", "send_redirects", 0, "the kernel sends redirects if either all or the NIC says so: both must be 0"),
    row("default", "send_redirects", 0, "as for all, on NICs that are added later"),
    ...devices.flatMap((device) => [
      row(device, "send_redirects", 0, `otherwise real servers behind ${device} learn a route past the director`),
      ...(rpFilter === undefined ? [] : [row(device, "rp_filter", rpFilter, RP_REASONS[rpFilter] ?? "")]),
    ]),
  ];
}

/** By value. The kernel uses the greater of a NIC's own value and that of `all`. */
const RP_REASONS = [
  "no check of source addresses",
  "strict: a packet must arrive on the NIC by which its reply would leave",
  "loose: a packet's source must be reachable by any NIC",
];

function row(device: string, name: string, value: number, reason: string): Setting {
  return { key: interfaceKey(device, name), value, reason };
}
