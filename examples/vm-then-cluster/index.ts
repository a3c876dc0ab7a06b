import * as pulumi from "@pulumi/pulumi";
import * as lvs from "pulumi-lvs";
import { Vm } from "./vm.ts";

const vip = "192.168.4.5";

/** A machine, and how it is reached: outputs, which nobody knows before it has booted. */
function boot(name: string, privateIp: string) {
  // Only the stand-in reads this: a cloud tells where its machines are.
  const { host, port = 22, hostKey = "", ...login } = lvs.hostNamed(name);
  const vm = new Vm(name, { machine: { host, port, hostKey }, privateIp });
  return { vm, host: { ...login, host: vm.host, port: vm.port, hostKey: vm.hostKey } };
}

const director = boot("director1", "192.168.4.2");
const servers = [boot("web1", "192.168.4.100"), boot("web2", "192.168.4.200")];

const ready = servers.map(({ host }) => {
  const tuning = new lvs.DrKernelTuning(host.name, { host });
  return new lvs.VipAlias(host.name, { host, role: "realServer", address: vip }, { dependsOn: tuning });
});

const web = new lvs.VirtualService(
  "web",
  {
    host: director.host,
    protocol: "tcp",
    address: `${vip}:80`,
    scheduler: "rr",
    realServers: pulumi
      .all(servers.map(({ vm }) => vm.privateIp))
      .apply((addresses) => Object.fromEntries(addresses.map((address) => [address, { weight: 1 }]))),
  },
  { dependsOn: ready },
);

new lvs.VipAlias("vip", { host: director.host, role: "director", address: vip, device: "eth0" }, { dependsOn: web });

export const url = `http://${vip}/`;
