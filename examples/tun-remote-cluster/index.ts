import * as lvs from "pulumi-lvs";

const vip = "192.168.4.5";

// Taken out of the envelope, a packet is for the VIP: each real server holds it, here on the end of the tunnel.
const ready = ["web1", "web2"].map((host) => {
  // In the lab they have a NIC in the VIP's network as well. Servers that are really elsewhere do without sharesNetwork.
  const tuning = new lvs.TunKernelTuning(host, { host, sharesNetwork: true });
  return new lvs.VipAlias(host, { host, role: "realServer", address: vip, device: "tunl0" }, { dependsOn: tuning });
});

const web = new lvs.VirtualService(
  "web",
  {
    host: "director1",
    protocol: "tcp",
    address: `${vip}:80`,
    scheduler: "wrr",
    realServers: {
      "192.168.2.100": { forwarding: "tunnel", weight: 2 },
      "192.168.2.200": { forwarding: "tunnel", weight: 1 },
    },
  },
  { dependsOn: ready },
);

new lvs.VipAlias("vip", { host: "director1", role: "director", address: vip, device: "eth0" }, { dependsOn: web });

export const url = `http://${vip}/`;
