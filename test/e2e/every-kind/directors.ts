import { type Declared, VIP } from "./declared.ts";
import { settings } from "./settings.ts";

const SERVICE = `tcp ${VIP}:80`;

/** One that serves, in three ways at once, and one that stands by. */
export const directors: readonly Declared[] = [
  {
    kind: "NatKernelTuning",
    name: "router",
    args: { host: "director1", devices: ["eth1"], rpFilter: 2 },
    after: { rpFilter: 1 },
  },
  {
    kind: "IpvsSettings",
    name: "settings",
    args: {
      host: "director1",
      timeouts: { tcp: 1800, udp: 30 },
      ...settings,
      // As the module has it that is loaded: another one would be pending until the reboot.
      connTabBits: 12,
    },
    after: { timeouts: { tcpFin: 60, udp: 30 } },
  },
  {
    kind: "SyncDaemon",
    name: "master",
    args: { host: "director1", role: "master", device: "eth1", syncId: 5, maxLength: 1400 },
    after: { ttl: 2 },
    needs: ["backup"],
  },
  {
    kind: "VirtualService",
    name: "web",
    args: {
      host: "director1",
      protocol: "tcp",
      address: `${VIP}:80`,
      scheduler: "rr",
      exclusive: false,
      realServers: { "192.168.4.100": {}, "192.168.2.200": { forwarding: "masquerade" } },
    },
    after: { scheduler: "wrr" },
    needs: ["router", "settings", "silent", "silent in the tunnel", "way back"],
  },
  {
    kind: "RealServer",
    name: "tunneled",
    args: { host: "director1", service: SERVICE, address: "192.168.2.100", forwarding: "tunnel" },
    after: { weight: 2 },
    needs: ["web"],
  },
  {
    kind: "VipAlias",
    name: "vip",
    args: { host: "director1", role: "director", address: VIP, device: "eth0" },
    after: { label: "eth0:web" },
    needs: ["tunneled"],
  },
  {
    kind: "VipAlias",
    name: "second vip",
    args: { host: "director1", role: "director", address: "192.168.4.6", device: "eth0", label: "eth0:1" },
  },
  {
    kind: "VrrpInstance",
    name: "instance",
    args: {
      host: "director1",
      device: "eth0",
      virtualRouterId: 60,
      addresses: ["192.168.4.8"],
      priority: 254,
      advertInterval: 3,
      preempt: { delay: 90 },
      peers: ["192.168.4.3"],
      source: "192.168.4.2",
      // Never active: so the address is nowhere, and snapshots are alike.
      track: { services: ["emergency"] },
    },
    after: { priority: 9 },
  },
  {
    kind: "VrrpInstance",
    name: "standby instance",
    args: {
      host: "director2",
      device: "eth0",
      virtualRouterId: 60,
      addresses: ["192.168.4.8"],
      priority: 253,
      track: { services: ["emergency"] },
    },
  },
  { kind: "NatKernelTuning", name: "standby router", args: { host: "director2", devices: ["eth0"] } },
  {
    kind: "IpvsSettings",
    name: "standby settings",
    args: { host: "director2", timeouts: { udp: 30 }, conntrack: true, connTabBits: 12 },
    needs: ["standby router"],
  },
  { kind: "SyncDaemon", name: "backup", args: { host: "director2", role: "backup", device: "eth1", syncId: 5 } },
  {
    kind: "SyncDaemon",
    name: "second master",
    args: { host: "director2", role: "master", device: "eth0", syncId: 9 },
  },
  { kind: "VirtualService", name: "standby", args: { host: "director2", protocol: "tcp", address: `${VIP}:80` } },
  {
    kind: "RealServer",
    name: "standby server",
    args: { host: "director2", service: SERVICE, address: "192.168.4.100" },
    needs: ["standby"],
  },
  {
    kind: "VirtualService",
    name: "checked",
    args: {
      host: "director2",
      protocol: "tcp",
      address: `${VIP}:81`,
      realServers: { "192.168.4.100": {} },
      healthCheck: { command: "/usr/bin/true" },
    },
    after: { scheduler: "rr" },
  },
  {
    kind: "VirtualService",
    name: "marked",
    args: { host: "director2", protocol: "fwmark", fwmark: 7 },
  },
  {
    kind: "RealServer",
    name: "marked server",
    args: { host: "director2", service: "fwmark 7", address: "192.168.4.100" },
    needs: ["marked"],
  },
  {
    kind: "VipAlias",
    name: "standby vip",
    args: { host: "director2", role: "director", address: "192.168.4.7", device: "eth0" },
  },
];
