import * as lvs from "pulumi-lvs";

const vip = "192.168.4.5";

// Real servers first: each must stay silent about the VIP before it holds it.
const ready = ["web1", "web2"].map((host) => {
  const tuning = new lvs.DrKernelTuning(host, { host });
  return new lvs.VipAlias(host, { host, role: "realServer", address: vip }, { dependsOn: tuning });
});

// Then the rules. Without the VIP on the director they are inert.
const web = new lvs.VirtualService(
  "web",
  {
    host: "director1",
    protocol: "tcp",
    address: `${vip}:80`,
    scheduler: "wrr",
    realServers: { "192.168.4.100": { weight: 2 }, "192.168.4.200": { weight: 1 } },
  },
  { dependsOn: ready },
);

// The VIP last: from here on clients are served. A destroy goes the other way round.
new lvs.VipAlias("vip", { host: "director1", role: "director", address: vip, device: "eth0" }, { dependsOn: web });

export const url = `http://${vip}/`;
