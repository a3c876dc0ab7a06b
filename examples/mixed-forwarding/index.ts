import * as lvs from "pulumi-lvs";

const vip = "192.168.4.5";

// Direct routing and tunnels deliver packets for the VIP itself: web1 and director2 hold it, and never answer ARP for it.
const direct = new lvs.DrKernelTuning("web1", { host: "web1" });
const tunnel = new lvs.TunKernelTuning("director2", { host: "director2", sameSubnetAsVip: true });
const holders = [
  new lvs.VipAlias("web1", { host: "web1", role: "realServer", address: vip }, { dependsOn: direct }),
  new lvs.VipAlias(
    "director2",
    { host: "director2", role: "realServer", address: vip, device: "tunl0" },
    { dependsOn: tunnel },
  ),
];

// Masquerading rewrites addresses, and has to see the replies: web2 never hears of the VIP.
const router = new lvs.NatKernelTuning("director1", { host: "director1", devices: ["eth1"] });
const wayBack = new lvs.ReturnRoute(
  "web2",
  { host: "web2", address: "192.168.2.200", gateway: "192.168.2.2", device: "eth1" },
  { dependsOn: router },
);

const web = new lvs.VirtualService(
  "web",
  {
    host: "director1",
    protocol: "tcp",
    address: `${vip}:80`,
    scheduler: "rr",
    realServers: {
      "192.168.4.100": { forwarding: "direct" },
      "192.168.2.200": { forwarding: "masquerade" },
      "192.168.2.3": { forwarding: "tunnel" },
    },
  },
  { dependsOn: [...holders, wayBack] },
);

new lvs.VipAlias("vip", { host: "director1", role: "director", address: vip, device: "eth0" }, { dependsOn: web });

export const url = `http://${vip}/`;
