import { z } from "zod";
import { yesNo } from "../../model/fields";
import type { Family } from "../../model/network/address";
import { device, isSilent } from "../../model/network/device";
import { HOST_PREFIX, splitPrefix, vipAddress } from "../../model/network/interface-address";
import { defaultLabel, LONGEST_LABEL } from "../../model/network/label";
import { type NetworkManagerName, networkManagerName } from "../../model/network/manager-name";
import type { Vip } from "../../model/network/vip";

const fields = z.strictObject({
  role: z.enum(["director", "realServer"], {
    error: 'must be "director" (answers ARP for the address) or "realServer" (accepts it and stays silent)',
  }),
  address: vipAddress,
  device: device.optional(),
  label: z.string({ error: 'must be a label such as "eth0:0", or "" for none' }).optional(),
  boot: yesNo.default(true),
  /** The desired value is always true; the observed one may be false. */
  live: z.literal(true, { error: "is an output: whether the address is up" }).default(true),
  networkManager: networkManagerName.optional(),
  gratuitousArp: yesNo.optional(),
  allowDuplicateAddress: yesNo.optional(),
  /** The observed state may have it; no program has. */
  adopted: z.literal(true, { error: "is an output: whether routes of the host depend on the address" }).optional(),
  otherForms: z.array(vipAddress, { error: "is an output: forms of the address that the host had before" }).optional(),
});

/** A VIP on one interface of one host. */
export const vip = fields.transform((input, ctx): WantedVip => {
  const { label: requestedLabel, adopted, otherForms, ...rest } = input;
  const chosen = input.device ?? (input.role === "realServer" ? "lo" : undefined);
  if (chosen === undefined) {
    ctx.addIssue({
      code: "custom",
      path: ["device"],
      message: 'is needed for a director: its NIC, such as "eth0"',
      input: chosen,
    });
    return z.NEVER;
  }
  const { family } = splitPrefix(input.address);
  const label = family === "ipv6" && requestedLabel === "" ? undefined : labelOf(requestedLabel, chosen, family);
  const problems = [
    ...deviceProblems(input.role, chosen, family),
    ...prefixProblems(input.role, input.address),
    ...labelProblems(chosen, label, family),
  ];
  for (const { property, reason } of problems) {
    ctx.addIssue({ code: "custom", path: [property], message: reason, input: input[property] });
  }
  return {
    ...rest,
    device: chosen,
    ...(label !== undefined && { label }),
    ...(adopted && { adopted }),
    ...(otherForms && { otherForms }),
  };
});

/** An address without a label has the name of its device. */
function labelOf(requested: string | undefined, name: string, family: Family): string | undefined {
  if (requested === "") return name;
  return requested ?? (family === "ipv4" ? (defaultLabel(name) ?? name) : undefined);
}

/** The record as the program writes it. */
export type VipInput = Omit<z.input<typeof vip>, "live" | "adopted">;

/** The desired state, with defaults. */
export interface WantedVip extends Vip {
  readonly networkManager?: NetworkManagerName | undefined;
  /** undefined: true. */
  readonly gratuitousArp?: boolean | undefined;
  /** undefined: false. */
  readonly allowDuplicateAddress?: boolean | undefined;
}

interface InputProblem {
  readonly property: "device" | "address" | "label";
  readonly reason: string;
}

function deviceProblems(role: Vip["role"], name: string, family: Family): InputProblem[] {
  const refuse = (reason: string): InputProblem[] => [{ property: "device", reason }];
  if (role === "director") {
    return name === "lo" ? refuse("must be a NIC for a director: an address on lo answers no client") : [];
  }
  if (isSilent(name)) return [];
  const effect =
    family === "ipv4"
      ? `on ${name} it would answer ARP for the VIP in spite of arp_ignore=1`
      : `on ${name} it would answer neighbour solicitations for the VIP`;
  return refuse(
    `must be "lo", a dummy such as "dummy0", "tunl0" or "gre0" for a real server: ${effect}, and take the director's traffic`,
  );
}

function prefixProblems(role: Vip["role"], address: string): InputProblem[] {
  const { ip, prefix, family } = splitPrefix(address);
  const longest = HOST_PREFIX[family];
  if (prefix === longest || (role === "director" && family === "ipv4")) return [];
  const reason =
    role === "realServer"
      ? `must have the prefix /${longest} for a real server, got /${prefix}: on lo the whole subnet would become local, ` +
        `and the host would lose its network. Write "${ip}"`
      : `must have the prefix /${longest} for an IPv6 VIP, got /${prefix}. Write "${ip}"`;
  return [{ property: "address", reason }];
}

function labelProblems(name: string, label: string | undefined, family: Family): InputProblem[] {
  const refuse = (reason: string): InputProblem[] => [{ property: "label", reason }];
  if (label === undefined || (family === "ipv4" && label === name)) return [];
  if (family === "ipv6") return refuse("is for IPv4 only: the kernel keeps no label of an IPv6 address. Leave it out");
  if (!label.startsWith(`${name}:`)) return refuse(`must start with the device, "${name}:", got "${label}"`);
  if (label.length > LONGEST_LABEL) {
    return refuse(
      `must have at most 15 characters, got ${label.length} in "${label}": the kernel has no room for more`,
    );
  }
  if (/^[0-9A-Za-z_]+$/.test(label.slice(name.length + 1))) return [];
  return refuse(
    `must have letters, digits or _ after the colon, such as "${name}:0", got "${label}": network-scripts refuse others`,
  );
}
