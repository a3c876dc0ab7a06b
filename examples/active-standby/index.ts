import * as lvs from "pulumi-lvs";

const vip = "192.168.4.5";

// Whoever of the two is well has the address. The first begins with more priority, and takes nothing back from the other.
["web1", "web2"].map((host, index) => {
  const nginx = new lvs.Package(`${host}-nginx`, { host, name: "nginx" });
  const keepalived = new lvs.Package(`${host}-keepalived`, { host, name: "keepalived" });
  const service = new lvs.SystemdService(host, { host, name: "nginx" }, { dependsOn: nginx });
  return new lvs.VrrpInstance(
    host,
    {
      host,
      device: "eth0",
      virtualRouterId: 51,
      addresses: [vip],
      priority: 254 - index,
      track: { services: ["nginx"] },
    },
    { dependsOn: [keepalived, service] },
  );
});

export const url = `http://${vip}/`;
