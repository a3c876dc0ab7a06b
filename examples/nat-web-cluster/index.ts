import * as lvs from "pulumi-lvs";

// What the hosts need to have. Where it is there already, nothing is done.
const ipvsadm = new lvs.Package("ipvsadm", { host: "director1", name: "ipvsadm" });
const servers = ["web1", "web2"].map((host) => {
  const nginx = new lvs.Package(host, { host, name: "nginx" });
  return new lvs.SystemdService(host, { host, name: "nginx" }, { dependsOn: nginx });
});

// The director becomes a router, and the servers' replies go back through it: it has to see them.
const cluster = new lvs.NatCluster(
  "web",
  {
    vips: ["192.168.4.5"],
    ports: [80, { port: 8080, serverPort: 80 }],
    scheduler: "wrr",
    directors: { director1: { device: "eth0", internal: { device: "eth1", address: "192.168.2.2" } } },
    realServers: { web1: { address: "192.168.2.100", weight: 2 }, web2: { address: "192.168.2.200", weight: 1 } },
    returnRoute: { device: "eth1" },
  },
  { dependsOn: [ipvsadm, ...servers] },
);

export const url = `http://${cluster.vips[0]}/`;
