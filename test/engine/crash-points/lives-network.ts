import { MAIN_FILE } from "../../../provider/facts/keepalived/paths";
import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr";
import { natKernelTuning } from "../../../provider/kinds/kernel-tuning/nat";
import { returnRoute } from "../../../provider/kinds/return-route/kind";
import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import { vrrpInstance } from "../../../provider/kinds/vrrp-instance/kind";
import { networkManagerName } from "../../../provider/model/network/manager-name";
import { FakeKernel } from "../../fakes/fake-kernel";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { FakeRouter } from "../../fakes/fake-router";
import { FakeTunnelHost } from "../../fakes/fake-tunnel-host";
import { FakeVrrpHost } from "../../fakes/fake-vrrp-host";
import { type FakeLife, life } from "./life";

export const networkLives = (): readonly FakeLife[] => [
  ...tunings(),
  ...tunnels(),
  ...vips(),
  ...routes(),
  ...otherPlaces(),
  ...instances(),
];

function instances(): readonly FakeLife[] {
  const instance = { device: "eth0", virtualRouterId: 51, addresses: ["192.168.4.5"], priority: 254 };
  const others = [
    { ...instance, priority: 9 },
    { ...instance, priority: 9, addresses: ["192.168.4.5/24", "192.168.4.6"], track: { services: ["nginx"] } },
  ];
  return [
    life("keepalived", { kind: vrrpInstance, host: new FakeVrrpHost(), args: instance, others }),
    life("keepalived with work of its own", { kind: vrrpInstance, host: withOwnInstance(), args: instance, others }),
  ];
}

function withOwnInstance(): FakeVrrpHost {
  const host = new FakeVrrpHost();
  host.files.set(MAIN_FILE, "vrrp_instance own {\n  interface eth1\n  virtual_router_id 9\n}\n");
  host.daemon.start();
  return host;
}

function tunings(): readonly FakeLife[] {
  return [
    life("a kernel", {
      kind: drKernelTuning,
      host: new FakeKernel(),
      args: { devices: ["eth0"] },
      others: [{ devices: ["eth0"], boot: false }],
      byHand: {
        make: (host) => host.sysctl("net/ipv4/conf/all/arp_ignore=1", "net/ipv4/conf/lo/arp_announce=2"),
        undo: (host) => host.sysctl("net/ipv4/conf/all/arp_ignore=0", "net/ipv4/conf/lo/arp_announce=0"),
      },
    }),
    life("a kernel", {
      kind: natKernelTuning,
      host: new FakeKernel(),
      args: { devices: ["eth0", "eth1"], families: ["ipv4", "ipv6"], rpFilter: 2 },
      others: [
        { devices: ["eth0", "eth1"] },
        { devices: ["eth0", "eth1"], families: ["ipv6"], boot: false },
        { devices: ["eth0", "eth1"], rpFilter: 1 },
      ],
      byHand: {
        make: (host) => host.sysctl("net/ipv4/ip_forward=1"),
        undo: (host) => host.sysctl("net/ipv4/ip_forward=0"),
      },
    }),
  ];
}

function tunnels(): readonly FakeLife[] {
  return [
    life("a kernel with tunnels", {
      kind: tunKernelTuning,
      host: new FakeTunnelHost(),
      args: { type: "ipip", sameSubnetAsVip: true },
      others: [
        { type: "ipip", sameSubnetAsVip: false },
        { type: "ipip", sameSubnetAsVip: true, boot: false },
      ],
      byHand: {
        make: (host) => host.execute({ run: ["ip", "link", "set", "dev", "tunl0", "up"] }),
        undo: (host) => {
          host.unplug("tunl0");
          host.up.delete("tunl0");
        },
      },
    }),
    life("a kernel with tunnels", {
      kind: tunKernelTuning,
      host: new FakeTunnelHost(),
      args: { type: "gue", port: 6080 },
      others: [{ type: "gue", port: 6080, boot: false }],
    }),
    life("a kernel with tunnels", {
      kind: tunKernelTuning,
      host: new FakeTunnelHost(),
      args: { type: "gre", encapsulates: "6in4" },
      others: [{ type: "gre", encapsulates: "6in4", boot: false }],
    }),
  ];
}

function vips(): readonly FakeLife[] {
  const vip = { role: "director", address: "192.168.4.5", device: "eth0", gratuitousArp: false };
  const silent = { role: "realServer", address: "192.168.4.5", device: "lo", label: "lo:7" };
  const dummy = { role: "realServer", address: "192.168.4.5", device: "dummy0" };
  return networkManagerName.options.flatMap((manager) => [
    life(manager, {
      kind: vipAlias,
      host: new FakeNetworkHost(manager),
      args: { ...vip, label: "eth0:web" },
      others: [
        ...(manager === "ifcfg" ? [] : [{ ...vip, label: "" }]),
        { ...vip, label: "eth0:5" },
        { ...vip, label: "eth0:web", address: "192.168.4.5/24" },
        { ...vip, label: "eth0:web", boot: false },
      ],
      byHand: {
        make: (host) => host.ip("addr add 192.168.4.5/32 dev eth0 label eth0:web"),
        undo: (host) =>
          host.addresses.some(({ local }) => local.startsWith("192.168.4.5/")) &&
          host.ip("addr del 192.168.4.5/32 dev eth0"),
      },
    }),
    life(manager, {
      kind: vipAlias,
      host: new FakeNetworkHost(manager),
      args: silent,
      others: [
        { ...silent, boot: false },
        { ...silent, label: "lo:5" },
      ],
    }),
    life(manager, {
      kind: vipAlias,
      host: new FakeNetworkHost(manager),
      args: dummy,
      others: [{ ...dummy, boot: false }],
    }),
  ]);
}

function routes(): readonly FakeLife[] {
  const way = { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" };
  const gateway = { mode: "default", gateway: "192.168.2.2", device: "eth1" };
  return (["ifupdown", "ifcfg"] as const).flatMap((manager) => [
    life(manager, {
      kind: returnRoute,
      host: new FakeRouter(manager),
      args: way,
      others: [
        { ...way, priority: 20001 },
        { ...way, gateway: "192.168.2.3" },
        { ...way, localNetworks: [] },
        { ...way, boot: false },
      ],
      byHand: {
        make: (host) => host.ip("rule add from 192.168.2.100 lookup 20612 priority 20000"),
        undo: (host) =>
          host.rules.includes("20000: from 192.168.2.100 lookup 20612") &&
          host.ip("rule del from 192.168.2.100 lookup 20612 priority 20000"),
      },
    }),
    life(manager, {
      kind: returnRoute,
      host: new FakeRouter(manager),
      args: way,
      others: [
        { ...way, table: 9 },
        { ...way, table: 9, gateway: "192.168.2.3", boot: false },
      ],
    }),
    life(manager, {
      kind: returnRoute,
      host: new FakeRouter(manager),
      args: gateway,
      others: [
        { ...gateway, gateway: "192.168.2.3" },
        { ...gateway, boot: false },
      ],
    }),
  ]);
}

/** Another manager of a host with two, and another device. */
function otherPlaces(): readonly FakeLife[] {
  const way = { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" };
  const gateway = { mode: "default", gateway: "192.168.2.2", device: "eth1" };
  const [ifcfg, ifupdown] = [{ networkManager: "ifcfg" }, { networkManager: "ifupdown" }];
  const vips = [
    { role: "director", address: "192.168.4.5", device: "eth0", gratuitousArp: false, label: "eth0:5" },
    { role: "realServer", address: "192.168.4.5", device: "lo", label: "lo:7" },
    { role: "realServer", address: "192.168.4.5", device: "dummy0" },
  ];
  const managed = vips.map((vip) =>
    life("ifcfg and ifupdown", {
      kind: vipAlias,
      host: new FakeNetworkHost("both"),
      args: { ...vip, ...ifcfg },
      others: [
        { ...vip, ...ifupdown },
        { ...vip, ...ifupdown, boot: false },
      ],
    }),
  );
  return [
    ...managed,
    life("ifcfg and ifupdown", {
      kind: returnRoute,
      host: withBoth(),
      args: { ...way, ...ifcfg },
      others: [
        { ...way, ...ifupdown },
        { ...way, ...ifupdown, table: 9 },
      ],
    }),
    ...(["ifupdown", "ifcfg"] as const).flatMap((manager) => [
      life(manager, {
        kind: returnRoute,
        host: onBothDevices(manager),
        args: way,
        others: [
          { ...way, device: "eth0" },
          { ...way, device: "eth0", boot: false },
        ],
      }),
      life(manager, {
        kind: returnRoute,
        host: new FakeRouter(manager),
        args: gateway,
        others: [{ ...gateway, gateway: "192.168.4.1", device: "eth0" }],
      }),
    ]),
  ];
}

function withBoth(): FakeRouter {
  const host = new FakeRouter("ifupdown");
  for (const device of ["eth0", "eth1"])
    host.files.set(`/etc/sysconfig/network-scripts/ifcfg-${device}`, `DEVICE=${device}\n`);
  return host;
}

function onBothDevices(manager: "ifupdown" | "ifcfg"): FakeRouter {
  const host = new FakeRouter(manager);
  host.addresses.push("2: eth0    inet 192.168.2.100/24 scope global eth0");
  return host;
}
