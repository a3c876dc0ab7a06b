import { fragmentPath, KEEPALIVED_DROP_IN, MAIN_FILE } from "../../../provider/facts/keepalived/paths";
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
import { type Row, row } from "./row";

const way = { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" };
const gateway = { mode: "default", gateway: "192.168.2.2", device: "eth1" };
const SCRIPTS = "/etc/sysconfig/network-scripts";

const routes = (["ifupdown", "ifcfg"] as const).flatMap((manager) => [
  row(`ReturnRoute of mode policy with ${manager}`, {
    kind: returnRoute,
    host: () => new FakeRouter(manager),
    wants: [
      way,
      { ...way, gateway: "192.168.2.3" },
      { ...way, table: 9 },
      { ...way, localNetworks: [] },
      { ...way, boot: false },
    ],
    acts: [
      (host) => host.ip("rule del from 192.168.2.100 lookup 20612 priority 20000"),
      (host) => host.ip("route del default via 192.168.2.2 dev eth1 table 20612"),
      (host) => host.ip("route replace 10.7.0.0/16 via 192.168.2.78 dev eth1 table 20612"),
      (host) => host.ip("rule add from 192.168.2.100 lookup 20612 priority 5"),
      (host) => host.ip("rule add from 192.168.2.100 lookup 9 priority 25000"),
      (host) => host.files.set(`${SCRIPTS}/route-eth1`, "10.8.0.0/16 via 192.168.2.1 dev eth1\n"),
      (host) => host.files.set("/etc/network/interfaces.d/pulumi-lvs-route-192-168-2-100", "iface eth1 inet manual\n"),
    ],
  }),
  row(`ReturnRoute of mode default with ${manager}`, {
    kind: returnRoute,
    host: () => new FakeRouter(manager),
    wants: [gateway, { ...gateway, gateway: "192.168.2.3" }, { ...gateway, boot: false }],
    // The files follow the change that was confirmed.
    passes: 2,
    acts: [
      (host) => host.ip("route replace default via 192.168.4.1 dev eth0"),
      (host) => host.ip("route del default via 192.168.2.2 dev eth1"),
    ],
  }),
]);

const tunings = [
  row("DrKernelTuning", {
    kind: drKernelTuning,
    host: () => new FakeKernel(),
    wants: [{}, { boot: false }, { devices: ["eth0"] }, { devices: ["eth0", "eth1"], boot: false }],
    acts: [
      (host) => host.sysctl("net/ipv4/conf/all/arp_ignore=2"),
      (host) => host.sysctl("net/ipv4/conf/eth0/arp_announce=0"),
      (host) => host.files.set("/etc/sysctl.d/10-theirs.conf", "net.ipv4.conf.all.arp_ignore = 8\n"),
      (host) => host.reboot(),
    ],
  }),
  row("NatKernelTuning", {
    kind: natKernelTuning,
    host: () => new FakeKernel(),
    wants: [
      { devices: ["eth1"] },
      { devices: ["eth1"], boot: false },
      { devices: ["eth1"], rpFilter: 2 },
      { devices: ["eth0", "eth1"], families: ["ipv4", "ipv6"] },
    ],
    acts: [
      (host) => host.sysctl("net/ipv4/ip_forward=0"),
      (host) => host.sysctl("net/ipv4/conf/eth1/send_redirects=1"),
      (host) => host.files.set("/etc/sysctl.d/10-theirs.conf", "net.ipv4.ip_forward = 0\n"),
      (host) => host.reboot(),
    ],
  }),
  row("TunKernelTuning", {
    kind: tunKernelTuning,
    host: () => new FakeTunnelHost(),
    wants: [{}, { boot: false }, { sameSubnetAsVip: true }],
    acts: [
      (host) => host.execute({ run: ["ip", "link", "set", "dev", "tunl0", "down"] }),
      (host) => host.up.delete("tunl0"),
      (host) => host.sysctl("net/ipv4/conf/tunl0/rp_filter=1"),
      (host) => host.files.delete("/etc/systemd/system/multi-user.target.wants/pulumi-lvs-tunl0.service"),
    ],
  }),
  row("TunKernelTuning of gue", {
    kind: tunKernelTuning,
    host: () => new FakeTunnelHost(),
    wants: [
      { type: "gue", port: 6080 },
      { type: "gue", port: 6080, boot: false },
    ],
    acts: [(host) => host.ports.delete(6080), (host) => host.up.delete("tunl0")],
  }),
];

const instance = { device: "eth0", virtualRouterId: 51, addresses: ["192.168.4.5"], priority: 254 };
const INSTANCE = fragmentPath("vrrp-eth0-51");

const instances = [
  row("VrrpInstance", {
    kind: vrrpInstance,
    host: () => new FakeVrrpHost(),
    wants: [
      instance,
      { ...instance, priority: 9, preempt: { delay: 60 } },
      { ...instance, addresses: ["192.168.4.5/24", "192.168.4.6"], advertInterval: 0.3 },
      { ...instance, track: { devices: ["eth1"], services: ["nginx"], hosts: ["192.168.4.1"] }, source: "192.168.4.2" },
    ],
    acts: [
      (host) => host.daemon.stop(),
      (host) => host.daemon.reload(),
      (host) => host.files.delete(INSTANCE),
      (host) => host.files.set(INSTANCE, "vrrp_instance x {\n    priority 7\n}\n"),
      (host) => host.files.delete(MAIN_FILE),
      (host) => host.files.delete(KEEPALIVED_DROP_IN),
      (host) => host.files.set(fragmentPath("vrrp-eth1-9"), "vrrp_instance y {\n}\n"),
      (host) => host.files.has(INSTANCE) && host.daemon.executable.add(INSTANCE),
      (host) => {
        host.daemon.enabled = "disabled";
      },
      (host) =>
        host.files.set(
          "/etc/network/interfaces.d/pulumi-lvs-eth0-192-168-4-5",
          "auto eth0:0\niface eth0:0 inet static\n  address 192.168.4.5/32\n",
        ),
    ],
  }),
];

const vip = { role: "director", address: "192.168.4.5", device: "eth0" };
const silent = { role: "realServer", address: "192.168.4.5" };

const vips = networkManagerName.options.flatMap((manager) => [
  row(`VipAlias of a director with ${manager}`, {
    kind: vipAlias,
    host: () => new FakeNetworkHost(manager),
    wants: [
      vip,
      { ...vip, address: "192.168.4.5/24" },
      { ...vip, label: "eth0:5" },
      { ...vip, boot: false },
      ...(manager === "ifcfg" ? [] : [{ ...vip, label: "" }]),
    ],
    acts: [
      (host) => host.ip("addr del 192.168.4.5/32 dev eth0"),
      (host) => host.ip("addr add 192.168.4.5/24 dev eth0 label eth0:7"),
      (host) => host.ip("addr add 192.168.4.5/25 dev eth0"),
      (host) => host.ip("addr add 192.168.4.9/32 dev eth0 label eth0:0"),
      (host) => host.ip("route add 10.5.0.0/16 dev eth0 src 192.168.4.5"),
      (host) => host.ip("addr add 192.168.4.5/28 dev eth0 label eth0:0"),
      (host) => host.ip("link set dev eth0 down"),
    ],
  }),
  row(`VipAlias of a real server with ${manager}`, {
    kind: vipAlias,
    host: () => new FakeNetworkHost(manager),
    wants: [silent, { ...silent, boot: false }, { ...silent, label: "lo:5" }],
    acts: [(host) => host.ip("addr del 192.168.4.5/32 dev lo"), (host) => host.ip("addr add 192.168.4.5/24 dev lo")],
  }),
  row(`VipAlias on a dummy with ${manager}`, {
    kind: vipAlias,
    host: () => new FakeNetworkHost(manager),
    wants: [
      { ...silent, device: "dummy0" },
      { ...silent, device: "dummy0", boot: false },
    ],
    acts: [
      (host) => host.ip("addr del 192.168.4.5/32 dev dummy0"),
      (host) => host.ip("link del dummy0"),
      (host) => host.ip("addr add 192.168.4.9/32 dev dummy0"),
    ],
  }),
]);

const moved = row("VipAlias that changes its network manager", {
  kind: vipAlias,
  host: () => new FakeNetworkHost("both"),
  wants: [
    { ...vip, networkManager: "ifcfg" },
    { ...vip, networkManager: "ifupdown" },
    { ...vip, networkManager: "ifupdown", boot: false },
  ],
  acts: [(host) => host.ip("addr del 192.168.4.5/32 dev eth0")],
});

export const networkRows: readonly Row[] = [...routes, ...tunings, ...instances, ...vips, moved];
