import * as lvs from "pulumi-lvs";

const vip = "192.168.4.5";

// What the hosts need to have. Where it is there already, nothing is done.
const ipvsadm = new lvs.Package("ipvsadm", { host: "director1", name: "ipvsadm" });
const servers = ["web1", "web2"].map((host) => {
  const nginx = new lvs.Package(host, { host, name: "nginx-light" });
  return new lvs.SystemdService(host, { host, name: "nginx" }, { dependsOn: nginx });
});

// The director becomes a router: replies go back through it, and it has to see them.
const router = new lvs.NatKernelTuning("director1", { host: "director1", devices: ["eth1"] });

const ways = Object.entries({ web1: "192.168.2.100", web2: "192.168.2.200" }).map(
  ([host, address]) =>
    new lvs.ReturnRoute(host, { host, address, via: "192.168.2.2", device: "eth1" }, { dependsOn: router }),
);

const web = new lvs.VirtualService(
  "web",
  {
    host: "director1",
    protocol: "tcp",
    address: `${vip}:80`,
    scheduler: "wrr",
    realServers: {
      "192.168.2.100": { forwarding: "masquerade", weight: 2 },
      "192.168.2.200": { forwarding: "masquerade", weight: 1 },
    },
  },
  { dependsOn: [ipvsadm, ...servers, ...ways] },
);

// The VIP last: from here on clients are served. The real servers never hear of it.
new lvs.VipAlias("vip", { host: "director1", role: "director", address: vip, device: "eth0" }, { dependsOn: web });

export const url = `http://${vip}/`;
