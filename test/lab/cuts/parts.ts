import { fileKind } from "../../../provider/kinds/file/kind.ts";
import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind.ts";
import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr.ts";
import { natKernelTuning } from "../../../provider/kinds/kernel-tuning/nat.ts";
import { nfsExport } from "../../../provider/kinds/nfs-export/kind.ts";
import { nfsMount } from "../../../provider/kinds/nfs-mount/kind.ts";
import { packageKind } from "../../../provider/kinds/package/kind.ts";
import { realServer } from "../../../provider/kinds/real-server/kind.ts";
import { returnRoute } from "../../../provider/kinds/return-route/kind.ts";
import type { DefinedKind } from "../../../provider/kinds/runtime-kind.ts";
import { syncDaemon } from "../../../provider/kinds/sync-daemon/kind.ts";
import { systemdService } from "../../../provider/kinds/systemd-service/kind.ts";
import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { vrrpInstance } from "../../../provider/kinds/vrrp-instance/kind.ts";

/** A resource of a stack, and the arguments that change. Its name is its place in the list. */
export interface Declared {
  readonly kind: DefinedKind;
  readonly args: object;
  readonly after?: object;
  /** Places of those that come first. */
  readonly needs?: readonly number[];
}

const VIP = "192.168.4.5";

const service: readonly Declared[] = [
  {
    kind: virtualService,
    args: { protocol: "tcp", address: `${VIP}:80`, realServers: { "192.168.4.200": {}, "192.168.4.201": {} } },
    after: { scheduler: "wrr", realServers: { "192.168.4.200": { weight: 3 }, "192.168.4.202": {} } },
  },
  {
    kind: vipAlias,
    args: { role: "director", address: VIP, device: "eth0", gratuitousArp: false },
    after: { label: "eth0:web" },
  },
];

const servers: readonly Declared[] = [
  {
    kind: virtualService,
    args: { protocol: "tcp", address: `${VIP}:81`, exclusive: false, realServers: { "192.168.4.210": {} } },
    after: { realServers: { "192.168.4.211": {} } },
  },
  {
    kind: realServer,
    args: { service: `tcp ${VIP}:81`, address: "192.168.4.200", drain: { timeout: 0 } },
    after: { weight: 5 },
    needs: [0],
  },
];

const settings: readonly Declared[] = [
  {
    kind: ipvsSettings,
    args: { expireNodestConn: true, timeouts: { tcp: 800 } },
    after: { conntrack: true, timeouts: { tcp: 800, udp: 30 } },
  },
  { kind: syncDaemon, args: { role: "backup", device: "eth1", syncId: 5 } },
];

const router: readonly Declared[] = [
  { kind: natKernelTuning, args: { devices: ["eth1"], rpFilter: 2 }, after: { rpFilter: 1 } },
  {
    kind: returnRoute,
    args: { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" },
    after: { priority: 20001, table: 8 },
  },
];

const silent: readonly Declared[] = [
  { kind: drKernelTuning, args: { devices: ["eth0"] }, after: { boot: false } },
  { kind: vipAlias, args: { role: "realServer", address: "192.168.4.6" } },
];

const tunnel: readonly Declared[] = [
  { kind: tunKernelTuning, args: { type: "ipip", sameSubnetAsVip: true } },
  // Not the tuning is changed: ARP settings that it gives up stay while the VIP is up, and go where a destroy came in between.
  {
    kind: vipAlias,
    args: { role: "realServer", address: "192.168.4.7", device: "tunl0" },
    after: { boot: false },
    needs: [0],
  },
];

const documents: readonly Declared[] = [
  { kind: systemdService, args: { name: "cut-off" } },
  {
    kind: nfsExport,
    args: { path: "/srv/deep/docs", createPath: true, clients: { "192.168.2.0/24": ["ro"] } },
    after: { clients: { "192.168.2.0/24": ["rw"] } },
    needs: [0],
  },
];

const mount: readonly Declared[] = [
  {
    kind: nfsMount,
    args: { source: "192.168.2.100:/srv/exported", path: "/srv/deeper/docs", version: "4.2" },
    after: { source: "192.168.2.100:/srv/other", options: ["ro"] },
  },
];

const masked: readonly Declared[] = [
  {
    kind: systemdService,
    args: { name: "cut", running: false, enabled: "disabled" },
    after: { running: undefined, enabled: "masked" },
  },
];

const packages: readonly Declared[] = [
  { kind: packageKind, args: { name: "lvs-lab-daemon", removeOnDestroy: true }, after: { lockTimeout: 61 } },
  {
    kind: systemdService,
    args: { name: "lvs-lab-daemon", enabled: "disabled" },
    after: { enabled: "enabled" },
    needs: [0],
  },
];

const files: readonly Declared[] = [
  {
    kind: fileKind,
    args: {
      path: "/etc/nginx/conf.d/cut.conf",
      content: "server { listen 8081; }\n",
      reload: "nginx",
      validate: ["nginx", "-t"],
    },
    after: { content: "server { listen 8082; }\n", mode: "0600" },
  },
  {
    kind: fileKind,
    args: { path: "/etc/cut/deep/motd", content: "welcome\n" },
    after: { content: "go away\n", owner: "www-data" },
  },
];

/** Both of keepalived, and nobody answers to either: a check that is well, and an instance that is never master, which would depend on the time. */
const failover: readonly Declared[] = [
  {
    kind: virtualService,
    args: {
      protocol: "tcp",
      address: `${VIP}:82`,
      realServers: { "192.168.4.220": {}, "192.168.4.221": {} },
      healthCheck: { command: "/bin/true", interval: 0.5, timeout: 1, retries: 0, retryInterval: 0 },
    },
    after: { scheduler: "wrr", realServers: { "192.168.4.220": { weight: 3 }, "192.168.4.222": {} } },
  },
  {
    kind: vrrpInstance,
    args: {
      device: "eth0",
      virtualRouterId: 51,
      addresses: ["192.168.4.8"],
      priority: 254,
      track: { scripts: ["/bin/false"] },
    },
    after: { priority: 9, addresses: ["192.168.4.8", "192.168.4.9"] },
  },
];

/** A service that is checked from its change on. */
const checks: readonly Declared[] = [
  {
    kind: virtualService,
    args: { protocol: "tcp", address: `${VIP}:83`, realServers: { "192.168.4.230": {} } },
    after: { healthCheck: { command: "/bin/true", interval: 0.5, timeout: 1, retries: 0, retryInterval: 0 } },
  },
];

/** Small stacks, each of what belongs together. */
export const parts = {
  service,
  servers,
  settings,
  router,
  silent,
  tunnel,
  documents,
  mount,
  masked,
  packages,
  files,
  failover,
  checks,
};
