import { type Declared, VIP } from "./declared.ts";
import { directors } from "./directors.ts";

const realServers: readonly Declared[] = [
  { kind: "DrKernelTuning", name: "arp", args: { host: "web1", devices: ["eth0"] } },
  { kind: "VipAlias", name: "silent", args: { host: "web1", role: "realServer", address: VIP }, needs: ["arp"] },
  {
    kind: "TunKernelTuning",
    name: "tunnel",
    args: { host: "web1", type: "ipip", sameSubnetAsVip: true },
    after: { sameSubnetAsVip: false },
    needs: ["arp"],
  },
  {
    kind: "VipAlias",
    name: "silent in the tunnel",
    args: { host: "web1", role: "realServer", address: VIP, device: "tunl0" },
    needs: ["tunnel"],
  },
  {
    kind: "ReturnRoute",
    name: "third way back",
    args: { host: "web1", address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" },
  },
  {
    kind: "ReturnRoute",
    name: "way back",
    args: { host: "web2", address: "192.168.2.200", gateway: "192.168.2.2", device: "eth1" },
    after: { priority: 20001 },
  },
  {
    kind: "ReturnRoute",
    name: "second way back",
    args: { host: "web2", address: "192.168.4.200", gateway: "192.168.4.2", device: "eth0" },
  },
  {
    kind: "DrKernelTuning",
    name: "arp until the next boot",
    args: { host: "web2", devices: ["eth0"], boot: false },
    after: { boot: true },
  },
  { kind: "TunKernelTuning", name: "gre tunnel", args: { host: "web2", type: "gre" } },
];

const documents: readonly Declared[] = [
  { kind: "SystemdService", name: "nfs server", args: { host: "nfs", name: "nfs-server" } },
  {
    kind: "NfsExport",
    name: "common",
    args: { host: "nfs", path: "/common", clients: { "192.168.2.0/24": ["rw"] } },
    after: { clients: { "192.168.2.0/24": ["ro"] } },
    needs: ["nfs server"],
  },
  {
    kind: "NfsExport",
    name: "other",
    args: { host: "nfs", path: "/other", clients: { "192.168.2.0/24": ["rw"] } },
    needs: ["nfs server"],
  },
  {
    kind: "NfsExport",
    name: "old",
    args: { host: "nfs", path: "/srv/old", clients: { "*": ["ro"] } },
    needs: ["nfs server"],
  },
  {
    kind: "NfsMount",
    name: "documents",
    args: { host: "web1", source: "192.168.2.50:/common", path: "/srv/docs", version: "4.2", options: ["nosuid"] },
    after: { options: ["ro", "noatime"] },
    needs: ["common"],
  },
  {
    kind: "NfsMount",
    name: "same documents",
    args: { host: "web2", source: "192.168.2.50:/common", path: "/srv/docs", version: "4.2" },
    needs: ["common"],
  },
  {
    kind: "NfsMount",
    name: "other documents",
    args: { host: "web2", source: "192.168.2.50:/other", path: "/srv/other", version: "4.2" },
    needs: ["other", "same documents"],
  },
  {
    kind: "File",
    name: "health",
    args: {
      host: "web1",
      path: "/etc/nginx/conf.d/health.conf",
      content: "server { listen 8080; location = /health { return 200; } }\n",
      validate: ["nginx", "-t"],
      reload: "nginx",
    },
    after: { content: "server { listen 8080; location = /health { return 204; } }\n", mode: "0640" },
  },
  {
    kind: "File",
    name: "foreign file",
    args: { host: "web1", path: "/etc/foreign.conf", content: "kept\n", owner: "www-data", group: "adm" },
  },
  { kind: "SystemdService", name: "nginx", args: { host: "web1", name: "nginx" }, needs: ["documents", "health"] },
  { kind: "SystemdService", name: "second nginx", args: { host: "web2", name: "nginx" }, needs: ["same documents"] },
];

const packages: readonly Declared[] = [
  { kind: "Package", name: "tool", args: { host: "web1", name: "lvs-lab-tool" } },
  {
    kind: "Package",
    name: "daemon",
    args: { host: "nfs", name: "lvs-lab-daemon", removeOnDestroy: true },
    after: { lockTimeout: 60 },
  },
  {
    kind: "SystemdService",
    name: "daemon runs",
    args: { host: "nfs", name: "lvs-lab-daemon", enabled: "disabled" },
    after: { enabled: "enabled" },
    needs: ["daemon"],
  },
];

const all = [...realServers, ...documents, ...packages, ...directors];

/** Each after what it needs. Lines of one file that are gone and made again come in the same order, too. */
export const resources: readonly Declared[] = ordered(all, []);

function ordered(left: readonly Declared[], done: readonly Declared[]): readonly Declared[] {
  const isDone = (name: string) => done.some((one) => one.name === name);
  const next = left.filter(({ needs = [] }) => needs.every(isDone));
  if (next.length === 0) return done;
  return ordered(
    left.filter((one) => !next.includes(one)),
    [...done, ...next],
  );
}
