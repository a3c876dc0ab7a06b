import { fileKind } from "../../../provider/kinds/file/kind.ts";
import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind.ts";
import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr.ts";
import { natKernelTuning } from "../../../provider/kinds/kernel-tuning/nat.ts";
import { nfsExport } from "../../../provider/kinds/nfs-export/kind.ts";
import { nfsMount } from "../../../provider/kinds/nfs-mount/kind.ts";
import { packageKind } from "../../../provider/kinds/package/kind.ts";
import { realServer } from "../../../provider/kinds/real-server/kind.ts";
import { returnRoute } from "../../../provider/kinds/return-route/kind.ts";
import { syncDaemon } from "../../../provider/kinds/sync-daemon/kind.ts";
import { systemdService } from "../../../provider/kinds/systemd-service/kind.ts";
import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { vrrpInstance } from "../../../provider/kinds/vrrp-instance/kind.ts";
import { repositoryScript } from "../../../tools/lab/repository.ts";
import type { Life } from "../../support/crash-points.ts";

/** A life on a real host, of which an operator has made some before by these commands. */
export interface LabLife extends Omit<Life, "byHand"> {
  readonly byHand?: { readonly make: string; readonly undo: string };
}

/** What the lives need of a host. `crash.service` runs, and is enabled. */
export const PREPARE = `( ${repositoryScript([{ name: "lvs-lab-crash", version: "1" }])}
)
systemctl start nfs-server nginx
printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' >/usr/lib/systemd/system/crash.service
systemctl enable --now crash
mkdir -p /srv/exported /srv/other
exportfs -i -o ro 192.168.2.100:/srv/exported; exportfs -i -o ro 192.168.2.100:/srv/other
modprobe ip_vs; ipvsadm -A -t 192.168.4.7:80; printf '%s\\n' '-A -t 192.168.4.7:80 -s wlc' >/etc/ipvsadm.rules
# What is touched after that is shown whole, and these from the beginning.
touch /var/tmp/prepared; sleep 0.05
touch /etc/fstab /etc/exports /etc/ipvsadm.rules /etc/default/ipvsadm`;

const VIP = { role: "director", address: "192.168.4.5", device: "eth0", gratuitousArp: false, label: "eth0:web" };
const SERVICE = { protocol: "tcp", address: "192.168.4.5:80" };
const SERVER = { service: "tcp 192.168.4.7:80", address: "192.168.4.200" };
const EXPORT = { path: "/srv/deep/docs", createPath: true };
const MOUNT = { source: "192.168.2.100:/srv/exported", path: "/srv/deeper/docs", version: "4.2" };
const ROUTE = { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" };
const CONF = { path: "/etc/nginx/conf.d/crash.conf", reload: "nginx", validate: ["nginx", "-t"] };
/** Nobody answers to it, and it is well. */
const CHECK = { command: "/bin/true", interval: 0.5, timeout: 1, retries: 0, retryInterval: 0 };
const CHECKED = {
  ...SERVICE,
  realServers: { "192.168.4.200": { weight: 2 }, "192.168.4.201": {} },
  healthCheck: CHECK,
};
/** It is never master: when it would be depends on the time. */
const INSTANCE = {
  device: "eth0",
  virtualRouterId: 51,
  addresses: ["192.168.4.5"],
  priority: 254,
  track: { scripts: ["/bin/false"] },
};
const DAEMON = { role: "master", device: "eth0" };

export const lives: readonly LabLife[] = [
  {
    kind: systemdService,
    args: { name: "crash", running: false, enabled: "disabled" },
    others: [{ name: "crash", enabled: "masked" }],
    byHand: { make: "systemctl stop crash", undo: "systemctl start crash" },
  },
  {
    kind: packageKind,
    args: { name: "lvs-lab-crash", removeOnDestroy: true },
    byHand: { make: "apt-get install -qy lvs-lab-crash", undo: "apt-get purge -qy lvs-lab-crash" },
  },
  {
    kind: drKernelTuning,
    args: { devices: ["eth0"] },
    others: [{ devices: ["eth0"], boot: false }],
    byHand: { make: "sysctl -qw net.ipv4.conf.all.arp_ignore=1", undo: "sysctl -qw net.ipv4.conf.all.arp_ignore=0" },
  },
  {
    kind: natKernelTuning,
    args: { devices: ["eth1"], rpFilter: 2 },
    others: [
      { devices: ["eth1"], boot: false },
      { devices: ["eth1"], rpFilter: 1 },
    ],
    byHand: { make: "sysctl -qw net.ipv4.ip_forward=1", undo: "sysctl -qw net.ipv4.ip_forward=0" },
  },
  {
    kind: tunKernelTuning,
    args: { type: "ipip", sameSubnetAsVip: true },
    others: [{ type: "ipip", sameSubnetAsVip: false }],
    byHand: { make: "modprobe ipip; ip link set tunl0 up", undo: "modprobe -r ipip" },
  },
  {
    kind: vipAlias,
    args: VIP,
    others: [
      { ...VIP, label: "" },
      { ...VIP, boot: false },
    ],
    byHand: {
      make: "ip addr add 192.168.4.5/32 dev eth0 label eth0:web",
      undo: "ip addr del 192.168.4.5/32 dev eth0 2>/dev/null",
    },
  },
  {
    kind: virtualService,
    args: { ...SERVICE, realServers: { "192.168.4.200": { weight: 2 }, "192.168.4.201": {} } },
    others: [
      { ...SERVICE, realServers: { "192.168.4.201": { weight: 3 } } },
      { ...SERVICE, boot: false, realServers: {} },
    ],
    byHand: { make: "ipvsadm -A -t 192.168.4.5:80 -s wlc", undo: "ipvsadm -D -t 192.168.4.5:80 2>/dev/null" },
  },
  {
    kind: virtualService,
    args: { ...SERVICE, exclusive: false, realServers: { "192.168.4.200": { weight: 2 }, "192.168.4.201": {} } },
    others: [{ ...SERVICE, exclusive: false, realServers: { "192.168.4.201": {}, "192.168.4.202": {} } }],
  },
  {
    kind: virtualService,
    args: CHECKED,
    others: [
      { ...CHECKED, scheduler: "rr", realServers: { "192.168.4.200": { weight: 3 } } },
      { ...CHECKED, healthCheck: undefined },
    ],
  },
  {
    kind: vrrpInstance,
    args: INSTANCE,
    others: [{ ...INSTANCE, priority: 9, addresses: ["192.168.4.5", "192.168.4.6"] }],
  },
  { kind: realServer, args: SERVER, others: [{ ...SERVER, weight: 5, boot: false }] },
  {
    kind: ipvsSettings,
    args: { conntrack: true, timeouts: { tcpFin: 60, udp: 30 } },
    others: [{ timeouts: { tcpFin: 90 } }, { conntrack: true, amDroprate: 5, boot: false }],
    byHand: { make: "sysctl -qw net.ipv4.vs.conntrack=1", undo: "sysctl -qw net.ipv4.vs.conntrack=0" },
  },
  {
    kind: syncDaemon,
    args: DAEMON,
    others: [
      { ...DAEMON, syncId: 7 },
      { ...DAEMON, boot: false },
    ],
    byHand: {
      make: "ipvsadm --start-daemon master --mcast-interface eth0",
      undo: "ipvsadm --stop-daemon master 2>/dev/null",
    },
  },
  {
    kind: nfsExport,
    args: { ...EXPORT, clients: { "192.168.2.0/24": ["ro"], "192.168.4.9": ["rw"] } },
    others: [
      { ...EXPORT, clients: { "192.168.2.0/24": ["rw"] } },
      { ...EXPORT, clients: { "192.168.4.9": ["rw"] }, file: "other" },
      { ...EXPORT, clients: { "192.168.4.8": ["ro"] } },
    ],
    byHand: {
      make: "mkdir -p /srv/deep/docs; exportfs -i -o ro,no_subtree_check 192.168.2.0/24:/srv/deep/docs",
      undo: "rm -rf /srv/deep",
    },
  },
  {
    kind: fileKind,
    args: { ...CONF, content: "server { listen 8081; }\n" },
    others: [
      { ...CONF, content: "server { listen 8082; }\n", mode: "0600" },
      { ...CONF, content: "# nothing\n", owner: "www-data", validate: ["grep", "-q", "nothing", "{}"] },
    ],
    byHand: {
      make: "printf '# caf\\351\\n' >/etc/nginx/conf.d/crash.conf; chown www-data:adm /etc/nginx/conf.d/crash.conf",
      undo: "rm -f /etc/nginx/conf.d/crash.conf; systemctl reload nginx",
    },
  },
  {
    kind: nfsMount,
    args: { ...MOUNT, options: ["ro"] },
    others: [
      { ...MOUNT, options: [] },
      { ...MOUNT, source: "192.168.2.100:/srv/other", options: ["ro"], boot: false },
    ],
  },
  {
    kind: returnRoute,
    args: ROUTE,
    others: [
      { ...ROUTE, priority: 20001 },
      { ...ROUTE, boot: false },
    ],
    byHand: {
      make: "ip rule add from 192.168.2.100 lookup 20612 priority 20000",
      undo: "ip rule del from 192.168.2.100 lookup 20612 priority 20000 2>/dev/null",
    },
  },
  {
    kind: returnRoute,
    args: { ...ROUTE, table: 8 },
    others: [{ ...ROUTE, table: 9, boot: false }, ROUTE],
  },
];
