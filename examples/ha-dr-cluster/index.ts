import * as lvs from "pulumi-lvs";

// Moves the VIP when a director is gone. Where it is there already, nothing is done.
const keepalived = ["director1", "director2"].map((host) => new lvs.Package(host, { host, name: "keepalived" }));

const cluster = new lvs.DrCluster(
  "web",
  {
    vips: ["192.168.4.5"],
    ports: [80],
    scheduler: "wlc",
    device: "eth0",
    directors: { director1: {}, director2: {} },
    realServers: { web1: { address: "192.168.4.100" }, web2: { address: "192.168.4.200" } },
    // The number of this VIP's group: no other one on that network may have it.
    failover: { virtualRouterId: 51 },
    // A server whose page fails is out until it is well again.
    healthCheck: { http: { path: "/" } },
    // Each director knows the connections of the other, so that open ones go on.
    sync: { device: "eth1", syncId: 5 },
    ipvs: { expireNodestConn: true, connReuseMode: 3 },
  },
  { dependsOn: keepalived },
);

export const url = `http://${cluster.vips[0]}/`;
