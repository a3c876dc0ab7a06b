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
import { repositoryScript } from "../../../tools/lab/repository.ts";

/** All kinds on one host, in the order in which they are made. "OWN" is its own address on the back network, "VIP" its VIP. */
export const declared = {
  server: [systemdService, { name: "nfs-server" }],
  nginx: [systemdService, { name: "nginx" }],
  health: [
    fileKind,
    {
      path: "/etc/nginx/conf.d/health.conf",
      content: "server { listen 8080; location = /health { return 200; } }\n",
      validate: ["nginx", "-t"],
      reload: "nginx",
    },
  ],
  never: [systemdService, { name: "lvs-lab-daemon", enabled: "masked" }],
  tool: [packageKind, { name: "lvs-lab-tool", removeOnDestroy: true }],
  docs: [nfsExport, { path: "/srv/docs", clients: { "192.168.2.0/24": ["ro"], "192.168.4.0/24": ["rw", "async"] } }],
  mount: [nfsMount, { source: "OWN:/srv/docs", path: "/srv/mounted", version: "4.2", options: ["ro"] }],
  router: [natKernelTuning, { devices: ["eth1"] }],
  arp: [drKernelTuning, { devices: ["eth0"] }],
  tunnel: [tunKernelTuning, { type: "ipip", sameSubnetAsVip: true }],
  vip: [vipAlias, { role: "director", address: "VIP", device: "eth0", gratuitousArp: false }],
  silent: [vipAlias, { role: "realServer", address: "192.168.4.9" }],
  back: [returnRoute, { address: "OWN", gateway: "192.168.2.99", device: "eth1" }],
  web: [
    virtualService,
    {
      protocol: "tcp",
      address: "VIP:80",
      scheduler: "wrr",
      persistenceTimeout: 300,
      realServers: { "192.168.4.61": { weight: 3 }, "192.168.4.62": { forwarding: "masquerade" } },
    },
  ],
  bare: [virtualService, { protocol: "udp", address: "VIP:53", scheduler: "rr", onePacket: true }],
  marked: [
    virtualService,
    { protocol: "fwmark", fwmark: 7, scheduler: "rr", exclusive: false, realServers: { "192.168.4.61": {} } },
  ],
  one: [realServer, { service: "udp VIP:53", address: "192.168.4.61", weight: 2, upperThreshold: 100 }],
  master: [syncDaemon, { role: "master", device: "eth1", syncId: 5 }],
  settings: [
    ipvsSettings,
    { conntrack: true, expireNodestConn: true, amDroprate: 20, timeouts: { tcp: 800 }, connTabBits: 12 },
  ],
} as const;

export type ResourceName = keyof typeof declared;
export const names = Object.keys(declared) as ResourceName[];

const first: readonly ResourceName[] = ["server"];
const last: readonly ResourceName[] = ["one", "mount", "silent"];

/** What does not need each other is made, and repaired, at once. */
export const stages: readonly (readonly ResourceName[])[] = [
  first,
  names.filter((name) => !first.includes(name) && !last.includes(name)),
  last,
];

/** Whoever has rules for boot, and so a say in the loader. */
export const BOOT_RULES = ["web", "bare", "marked", "one", "master", "settings"] as const satisfies ResourceName[];

/** A file that is older than all changes. */
export const STAMP = "/root/by-hand-began";

/** What a host has before us, and what others have there. */
export const PREPARE = `${repositoryScript([
  { name: "lvs-lab-tool", version: "1.2-3" },
  { name: "lvs-lab-tool", version: "1.3-1", unlisted: true },
  { name: "lvs-lab-daemon", version: "2.0-1", service: "/bin/sleep infinity" },
])}
printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' > /usr/lib/systemd/system/theirs.service
systemctl daemon-reload
mkdir -p /srv/docs /srv/theirs /etc/exports.d
echo '/srv/theirs 192.168.2.0/24(ro,no_subtree_check)' > /etc/exports
printf '# Not ours.\\n-A -t 192.168.4.99:81 -s rr\\n-a -t 192.168.4.99:81 -r 10.9.9.9:81 -m -w 7\\n' > /etc/ipvsadm.rules
grep -v '^#' /etc/ipvsadm.rules | ipvsadm -R
echo 'net.ipv4.conf.lo.rp_filter = 2' > /etc/sysctl.d/50-theirs.conf
sysctl -q -p /etc/sysctl.d/50-theirs.conf
printf 'tmpfs /srv/theirs-tmp tmpfs nofail 0 0\\n' >> /etc/fstab
touch ${STAMP}; sleep 0.05
find /etc /srv -type d -exec touch {} +; find /etc/rc?.d /etc/systemd -type l -exec touch -h {} +; touch /etc/network/interfaces /etc/exports /etc/fstab
`;
