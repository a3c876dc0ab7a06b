import * as lvs from "pulumi-lvs";

const vip = "2001:db8:4::5";

// No DrKernelTuning: it is about ARP. For IPv6 a host answers neighbour solicitations only for addresses of the very NIC
// that is asked, so a VIP on lo is silent by itself.
const ready = ["web1", "web2"].map(
  (host) => new lvs.VipAlias(host, { host, role: "realServer", address: `${vip}/128` }),
);

const web = new lvs.VirtualService(
  "web",
  {
    host: "director1",
    protocol: "tcp",
    address: `[${vip}]:80`,
    scheduler: "wrr",
    realServers: { "[2001:db8:4::100]": { weight: 2 }, "[2001:db8:4::200]": { weight: 1 } },
  },
  { dependsOn: ready },
);

// The director's has to be usable at once, so it is put up without a duplicate address check (nodad).
new lvs.VipAlias(
  "vip",
  { host: "director1", role: "director", address: `${vip}/128`, device: "eth0" },
  { dependsOn: web },
);

export const url = `http://[${vip}]/`;
