import * as lvs from "pulumi-lvs";

// In the lab the real servers have a NIC in the VIP's network as well, and must not answer ARP for it. Servers that are really
// elsewhere have sameSubnetAsVip: false.
const cluster = new lvs.TunCluster("web", {
  vips: ["192.168.4.5"],
  ports: [80],
  scheduler: "wrr",
  directors: { director1: { device: "eth0" } },
  realServers: {
    web1: { address: "192.168.2.100", weight: 2, sameSubnetAsVip: true },
    web2: { address: "192.168.2.200", weight: 1, sameSubnetAsVip: true },
  },
});

export const url = `http://${cluster.vips[0]}/`;
