import * as pulumi from "@pulumi/pulumi";
import * as lvs from "pulumi-lvs";

const vip = "192.168.4.5";
/** Who has the VIP: `pulumi config set active director2` and `pulumi up` move it. */
const active = new pulumi.Config().get("active") ?? "director1";

const ready = ["web1", "web2"].map((host) => {
  const tuning = new lvs.DrKernelTuning(host, { host });
  return new lvs.VipAlias(host, { host, role: "realServer", address: vip }, { dependsOn: tuning });
});

// Both have the rules, and both tell and listen, so that either can be the one with the VIP.
const directors = ["director1", "director2"].flatMap((host) => {
  const listens = new lvs.SyncDaemon(`${host}-backup`, { host, role: "backup", device: "eth1", syncId: 5 });
  const tells = new lvs.SyncDaemon(`${host}-master`, { host, role: "master", device: "eth1", syncId: 5 });
  const web = new lvs.VirtualService(
    host,
    {
      host,
      protocol: "tcp",
      address: `${vip}:80`,
      scheduler: "wlc",
      realServers: { "192.168.4.100": {}, "192.168.4.200": {} },
    },
    { dependsOn: ready },
  );
  return [listens, tells, web];
});

// Moved, the new one comes up before the old one goes, and the neighbours are told: nobody is without.
new lvs.VipAlias("vip", { host: active, role: "director", address: vip, device: "eth0" }, { dependsOn: directors });

export const url = `http://${vip}/`;
