import * as lvs from "pulumi-lvs";

// Moves the addresses when a director is gone. Where it is there already, nothing is done.
const keepalived = ["director1", "director2"].map((host) => new lvs.Package(host, { host, name: "keepalived" }));

// The gateway of replies: one address for both, which no director has of its own.
const internal = { device: "eth1", address: "192.168.2.5" };

const cluster = new lvs.NatCluster(
  "web",
  {
    vips: ["192.168.4.5"],
    ports: [80],
    scheduler: "wlc",
    device: "eth0",
    directors: { director1: { internal }, director2: { internal } },
    realServers: { web1: { address: "192.168.2.100" }, web2: { address: "192.168.2.200" } },
    returnRoute: { device: "eth1" },
    failover: { virtualRouterId: 51 },
    sync: { device: "eth1", syncId: 5 },
    ipvs: { expireNodestConn: true, connReuseMode: 3 },
  },
  { dependsOn: keepalived },
);

export const url = `http://${cluster.vips[0]}/`;
