import * as lvs from "pulumi-lvs";
import { MarkRule } from "./mark-rule.ts";

const host = "director1";
const dns = { address: "192.168.4.53", label: 1 };
const www = { address: "192.168.4.5", label: 0 };
const realServers = { "192.168.4.100": {}, "192.168.4.200": {} };

const ready = ["web1", "web2"].flatMap((server) => {
  const tuning = new lvs.DrKernelTuning(server, { host: server });
  return [dns, www].map(({ address, label }) => {
    const args = { host: server, role: "realServer", address, label: `lo:${label}` } as const;
    return new lvs.VipAlias(`${server}-${address}`, args, { dependsOn: tuning });
  });
});

// A question and its answer are one packet each: nothing to remember for 300 s. And a client whose server is drained moves on.
const settings = new lvs.IpvsSettings(host, { host, timeouts: { udp: 10 }, expireQuiescentTemplate: true });

// Each question is scheduled on its own, those of one resolver from one port as well.
const resolver = new lvs.VirtualService(
  "dns",
  { host, protocol: "udp", address: `${dns.address}:53`, scheduler: "rr", onePacket: true, realServers },
  { dependsOn: [...ready, settings] },
);

// Ports 80 and 443 are one service, known by the mark of their packets: a client gets the same server on both.
const web = new lvs.VirtualService(
  "web",
  { host, protocol: "fwmark", fwmark: 1, scheduler: "rr", persistenceTimeout: 600, realServers },
  { dependsOn: [...ready, settings] },
);
const login = lvs.hostNamed(host);
const mark = new MarkRule("web", { login, address: www.address, ports: [80, 443], mark: 1 }, { dependsOn: web });

for (const { address, label } of [dns, www]) {
  const args = { host, role: "director", address, device: "eth0", label: `eth0:${label}` } as const;
  new lvs.VipAlias(address, args, { dependsOn: [resolver, mark] });
}

export const url = `http://${www.address}/`;
