import * as lvs from "pulumi-lvs";

const servers = { web1: { address: "192.168.4.100", weight: 2 }, web2: { address: "192.168.4.200", weight: 1 } };

// What is served: a directory of the NFS server. It hides the page that nginx came with.
const pages = new lvs.SharedDocumentRoot("pages", {
  server: { host: "nfs", address: "192.168.2.50" },
  exportTo: { "192.168.2.0/24": ["ro"] },
  webServers: Object.keys(servers),
  options: ["ro"],
  allowNonEmpty: true,
});

// Who serves it: after the mount, so that nobody is shown another page.
const nginx = Object.keys(servers).map(
  (host) => new lvs.SystemdService(host, { host, name: "nginx" }, { dependsOn: pages }),
);

// Then the cluster, which is dr-web-cluster as one component.
const cluster = new lvs.DrCluster(
  "web",
  {
    vips: ["192.168.4.5"],
    ports: [80],
    scheduler: "wrr",
    directors: { director1: { device: "eth0" } },
    realServers: servers,
  },
  { dependsOn: nginx },
);

export const url = `http://${cluster.vips[0]}/`;
