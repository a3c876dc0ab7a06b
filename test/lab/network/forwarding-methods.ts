import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr.ts";
import { natKernelTuning } from "../../../provider/kinds/kernel-tuning/nat.ts";
import { returnRoute } from "../../../provider/kinds/return-route/kind.ts";
import type { DefinedKind } from "../../../provider/kinds/runtime-kind.ts";
import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";

export const IPV4 = { vip: "192.168.4.5", front: "192.168.4.100", back: "192.168.2.100", client: "192.168.4.10" };
const IPV6 = {
  vip: "2001:db8:4::5",
  front: "2001:db8:4::100",
  back: "2001:db8:2::100",
  /** As socat spells it. */
  client: "[2001:0db8:0004:0000:0000:0000:0000:0010]",
};

/** How packets come to a real server and back, and what each side needs for it. */
export interface Way {
  readonly forwarding: "direct" | "masquerade" | "tunnel";
  readonly ip: typeof IPV4;
  /** The address of the real server in the director's rule. */
  readonly server: string;
  readonly tunnel?: object;
  readonly onServer: readonly (readonly [DefinedKind, object])[];
  readonly onDirector?: readonly (readonly [DefinedKind, object])[];
}

export const WAYS = {
  "direct routing": {
    forwarding: "direct",
    ip: IPV4,
    server: IPV4.front,
    onServer: [
      [drKernelTuning, {}],
      [vipAlias, { role: "realServer", address: IPV4.vip }],
    ],
  },
  NAT: {
    forwarding: "masquerade",
    ip: IPV4,
    server: IPV4.back,
    onServer: [[returnRoute, { address: IPV4.back, gateway: "192.168.2.2", device: "eth1" }]],
    onDirector: [[natKernelTuning, { devices: ["eth1"] }]],
  },
  tunnel: {
    forwarding: "tunnel",
    ip: IPV4,
    server: IPV4.back,
    onServer: [
      [tunKernelTuning, { sameSubnetAsVip: true }],
      [vipAlias, { role: "realServer", address: IPV4.vip, device: "tunl0" }],
    ],
  },
  "direct routing, IPv6": {
    forwarding: "direct",
    ip: IPV6,
    server: IPV6.front,
    onServer: [[vipAlias, { role: "realServer", address: IPV6.vip }]],
  },
  "tunnel, IPv6 in IPv6": {
    forwarding: "tunnel",
    ip: IPV6,
    server: IPV6.back,
    onServer: [
      [tunKernelTuning, { encapsulates: "6in6" }],
      [vipAlias, { role: "realServer", address: IPV6.vip }],
    ],
  },
  "tunnel, IPv6 in IPv4": {
    forwarding: "tunnel",
    ip: IPV6,
    server: IPV4.back,
    onServer: [
      [tunKernelTuning, { encapsulates: "6in4" }],
      [vipAlias, { role: "realServer", address: IPV6.vip }],
    ],
  },
  "tunnel, IPv6 in gre in IPv4": {
    forwarding: "tunnel",
    ip: IPV6,
    server: IPV4.back,
    tunnel: { type: "gre" },
    onServer: [
      [tunKernelTuning, { type: "gre", encapsulates: "6in4" }],
      [vipAlias, { role: "realServer", address: IPV6.vip }],
    ],
  },
  "NAT, IPv6": {
    forwarding: "masquerade",
    ip: IPV6,
    server: IPV6.back,
    onServer: [[returnRoute, { address: IPV6.back, gateway: "2001:db8:2::2", device: "eth1" }]],
    onDirector: [[natKernelTuning, { devices: ["eth1"], families: ["ipv6"] }]],
  },
} as const satisfies Readonly<Record<string, Way>>;
