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
import { repositoryScript } from "../../../tools/lab/repository.ts";

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

const parts = { service, servers, settings, router, silent, tunnel, documents, mount, masked, packages };

function together(all: readonly (readonly Declared[])[]): readonly Declared[] {
  return all.reduce(
    (before, part) => [
      ...before,
      ...part.map((one) => ({ ...one, needs: (one.needs ?? []).map((place) => place + before.length) })),
    ],
    [],
  );
}

const some = together([service, servers, silent, documents]);

/** Of all kinds. A tunnel that comes before the settings of NAT inherits others than one that comes after them. */
const whole = together(Object.values(parts)).map((one, _, all) => {
  const router = all.findIndex(({ kind }) => kind === natKernelTuning);
  return one.kind === tunKernelTuning ? { ...one, needs: [...(one.needs ?? []), router] } : one;
});

/** Its removal and its change take a route along, so that the host takes them back unless they are confirmed. */
const guarded: readonly Declared[] = [
  {
    kind: vipAlias,
    args: { role: "director", address: "192.168.9.5/24", device: "eth0", gratuitousArp: false },
    after: { label: "eth0:cut" },
  },
];

/** Small ones, whose runs are short, one of some and one of all of them, and one whose interrupted runs wait for the host. */
export const STACKS = { ...parts, some, whole, guarded } as const;
export type StackName = keyof typeof STACKS;

export type StackChoice = readonly [StackName, ...StackName[]];
/** Those whose runs are short are tried more often. */
const SMALL: StackChoice = [
  "service",
  "service",
  "servers",
  "servers",
  "settings",
  "settings",
  "router",
  "router",
  "silent",
  "silent",
  "tunnel",
  "documents",
  "mount",
  "masked",
  "packages",
];

/** What the host has before, and after each boot: a module, two services, a file system and a repository. */
export const PREPARE = `${repositoryScript([{ name: "lvs-lab-daemon", version: "1.0", service: "/bin/sleep infinity" }])}
echo ip_vs > /etc/modules-load.d/lab.conf; modprobe ip_vs
for unit in cut cut-off; do
  printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' > /usr/lib/systemd/system/$unit.service
done
for folder in exported other; do
  mkdir -p /srv/$folder; line="/srv/$folder 192.168.2.100(ro,no_subtree_check)"; grep -qxF "$line" /etc/exports || echo "$line" >> /etc/exports
done
systemctl enable --now cut nfs-server; exportfs -ra
# What is touched after that is shown whole.
touch /var/tmp/prepared; sleep 0.05; touch /etc/fstab /etc/exports /etc/default/ipvsadm /etc/ipvsadm.rules; sync`;

/** By a name, or all of the small ones. */
export function stacksOf(name: string | undefined, usual: StackChoice = SMALL): StackChoice {
  const named = Object.keys(STACKS).find((one) => one === name) as StackName | undefined;
  return named === undefined ? usual : [named];
}
