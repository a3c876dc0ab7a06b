import { z } from "zod";
import { device, isSilent } from "../../model/network/device";
import { splitAddress, vipAddress } from "../../model/network/interface-address";
import { type NetworkName, networkName } from "../../model/network/manager-name";
import type { Vip } from "../../model/network/vip";

const fields = z.strictObject({
  role: z.enum(["director", "realServer"], {
    error: 'must be "director" (answers ARP for the address) or "realServer" (accepts it and stays silent)',
  }),
  address: vipAddress,
  device: device.optional(),
  label: z.string({ error: 'must be a label such as "eth0:0"' }).optional(),
  boot: z.boolean({ error: "must be true or false" }).default(true),
  /** Always wanted; on a host it may be otherwise. */
  live: z.literal(true, { error: "is an output: whether the address is up" }).default(true),
  networkManager: networkName.optional(),
  gratuitousArp: z.boolean({ error: "must be true or false" }).optional(),
});

/** A VIP on one interface of one host. */
export const vip = fields.transform((said, ctx): WantedVip => {
  const at = said.device ?? (said.role === "realServer" ? "lo" : undefined);
  if (at === undefined) {
    ctx.addIssue({
      code: "custom",
      path: ["device"],
      message: 'is needed for a director: its NIC, such as "eth0"',
      input: at,
    });
    return z.NEVER;
  }
  const { label: asked, ...rest } = said;
  const { family } = splitAddress(said.address);
  const label = asked ?? (family === "ipv4" ? `${at}:0` : undefined);
  const problems = [
    ...deviceProblems(rest.role, at),
    ...prefixProblems(rest.role, said.address),
    ...labelProblems(at, label, family),
  ];
  for (const { property, reason } of problems) {
    ctx.addIssue({ code: "custom", path: [property], message: reason, input: said[property] });
  }
  return { ...rest, device: at, ...(label !== undefined && { label }) };
});

/** As the user wrote it. */
export type VipInput = Omit<z.input<typeof vip>, "live">;

/** What the user wants, with defaults. */
export interface WantedVip extends Vip {
  readonly networkManager?: NetworkName | undefined;
  /** Absent: yes. */
  readonly gratuitousArp?: boolean | undefined;
}

interface Trouble {
  readonly property: "device" | "address" | "label";
  readonly reason: string;
}

function deviceProblems(role: Vip["role"], name: string): Trouble[] {
  if (role === "director") {
    return name === "lo"
      ? [{ property: "device", reason: "must be a NIC for a director: an address on lo answers no client" }]
      : [];
  }
  if (isSilent(name)) return [];
  const reason =
    `must be "lo", a dummy such as "dummy0", or "tunl0" for a real server: on the NIC ${name} it would answer ARP for the VIP ` +
    "in spite of arp_ignore=1, and take the director's traffic";
  return [{ property: "device", reason }];
}

function prefixProblems(role: Vip["role"], address: string): Trouble[] {
  const { ip, prefix, family } = splitAddress(address);
  const longest = family === "ipv4" ? 32 : 128;
  if (prefix === longest) return [];
  if (role === "director" && family === "ipv4") return [];
  const reason =
    role === "realServer"
      ? `must have the prefix /${longest} for a real server, got /${prefix}: on lo the whole subnet would become local, ` +
        `and the host would lose its network. Write "${ip}"`
      : `must have the prefix /${longest} for an IPv6 VIP, got /${prefix}. Write "${ip}"`;
  return [{ property: "address", reason }];
}

function labelProblems(name: string, label: string | undefined, family: string): Trouble[] {
  const refuse = (reason: string): Trouble[] => [{ property: "label", reason }];
  if (label === undefined) return [];
  if (family === "ipv6") return refuse("is for IPv4 only: the kernel keeps no label of an IPv6 address. Leave it out");
  if (!label.startsWith(`${name}:`)) return refuse(`must start with the device, "${name}:", got "${label}"`);
  if (label.length > 15) {
    return refuse(
      `must have at most 15 characters, got ${label.length} in "${label}": the kernel has no room for more`,
    );
  }
  if (/^[0-9A-Za-z_]+$/.test(label.slice(name.length + 1))) return [];
  return refuse(
    `must have letters, digits or _ after the colon, such as "${name}:0", got "${label}": network-scripts refuse others`,
  );
}
