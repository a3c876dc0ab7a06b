import * as lvs from "pulumi-lvs";

const servers = { web1: { address: "192.168.4.100", weight: 2 }, web2: { address: "192.168.4.200", weight: 1 } };

// What is served: a directory of the NFS server.
const nfsd = new lvs.SystemdService("nfs-server", { host: "nfs", name: "nfs-server" });
const common = new lvs.NfsExport(
  "common",
  { host: "nfs", path: "/common", clients: { "192.168.2.0/24": ["ro"] } },
  { dependsOn: nfsd },
);

// Who serves it: the mount first, so that nobody is shown the page that nginx came with. It hides that page.
const pages = Object.keys(servers).map((host) => {
  const root = new lvs.NfsMount(
    host,
    { host, source: "192.168.2.50:/common", path: "/var/www/html", options: ["ro"], hideNonEmpty: true },
    { dependsOn: common },
  );
  return new lvs.SystemdService(host, { host, name: "nginx" }, { dependsOn: root });
});

// Then the cluster, which is dr-web-cluster as one component.
const vip = "192.168.4.5";
new lvs.DrCluster(
  "web",
  { vip, ports: 80, scheduler: "wrr", directors: { director1: { device: "eth0" } }, realServers: servers },
  { dependsOn: pages },
);

export const url = `http://${vip}/`;
