import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind";
import { realServer } from "../../../provider/kinds/real-server/kind";
import { syncDaemon } from "../../../provider/kinds/sync-daemon/kind";
import { virtualService } from "../../../provider/kinds/virtual-service/kind";
import { FakeDirector } from "../../fakes/fake-director";
import { FakeIpvsKernel } from "../../fakes/fake-ipvs-kernel";
import { type Row, row } from "./row";

const service = { protocol: "tcp", address: "192.168.4.5:80" };
const server = { service: "tcp 192.168.4.5:80", address: "192.168.4.100" };
const RULES = { debian: "/etc/ipvsadm.rules", "debian unit": "/etc/ipvsadm.rules", rhel: "/etc/sysconfig/ipvsadm" };

const rules = (["debian", "debian unit", "rhel"] as const).flatMap((layout) => [
  row(`VirtualService on ${layout}`, {
    kind: virtualService,
    host: () => new FakeDirector(layout),
    wants: [
      service,
      { ...service, scheduler: "wrr", persistenceTimeout: 60 },
      { ...service, realServers: { "192.168.4.100": { weight: 2 }, "192.168.4.200": {} } },
      { ...service, realServers: { "192.168.4.100": { weight: 0 } } },
      { ...service, realServers: {} },
      { ...service, boot: false },
    ],
    acts: [
      (host) => host.ipvsadm("-D -t 192.168.4.5:80"),
      (host) => host.ipvsadm("-E -t 192.168.4.5:80 -s lc"),
      (host) => host.ipvsadm("-a -t 192.168.4.5:80 -r 192.168.4.100:80 -g -w 9"),
      (host) => host.ipvsadm("-a -t 192.168.4.5:80 -r 192.168.4.77:80 -m -w 9"),
      (host) => host.ipvsadm("-A -u 192.168.4.5:53 -s rr"),
      (host) => host.files.set(RULES[layout], "-A -t 192.168.4.5:80 -s lc\n-A -u 192.168.4.5:53 -s rr\n"),
      (host) => {
        host.loader.unitEnabled = !host.loader.unitEnabled;
      },
      (host) => {
        if (host.loader.links === "enabled") host.loader.links = "disabled";
      },
    ],
  }),
  row(`RealServer on ${layout}`, {
    kind: realServer,
    host: () => {
      const host = new FakeDirector(layout);
      host.ipvsadm("-A -t 192.168.4.5:80 -s wlc");
      host.files.set(RULES[layout], "-A -t 192.168.4.5:80 -s wlc\n");
      return host;
    },
    wants: [
      server,
      { ...server, weight: 5, forwarding: "masquerade" },
      { ...server, weight: 0 },
      { ...server, boot: false },
    ],
    acts: [
      (host) => host.ipvsadm("-d -t 192.168.4.5:80 -r 192.168.4.100:80"),
      (host) => host.ipvsadm("-e -t 192.168.4.5:80 -r 192.168.4.100:80 -g -w 9"),
      (host) => host.ipvsadm("-a -t 192.168.4.5:80 -r 192.168.4.77:80 -m -w 9"),
      (host) => host.files.set(RULES[layout], "-A -t 192.168.4.5:80 -s lc\n-A -u 192.168.4.5:53 -s rr\n"),
      (host) => {
        host.loader.unitEnabled = !host.loader.unitEnabled;
      },
    ],
  }),
]);

const CHECK = "/etc/keepalived/pulumi-lvs.d/tcp-192.168.4.5-80.conf";
const checked = { ...service, realServers: { "192.168.4.100": {}, "192.168.4.200": {} }, healthCheck: { tcp: {} } };

const checks = (["debian", "rhel"] as const).map((layout) =>
  row(`VirtualService with checks on ${layout}`, {
    kind: virtualService,
    host: () => new FakeDirector(layout),
    wants: [
      checked,
      { ...checked, healthCheck: { http: { path: "/health" }, onFailure: "remove" } },
      { ...checked, scheduler: "rr", realServers: { "192.168.4.100": { weight: 5 } } },
      {
        ...checked,
        realServers: {
          "192.168.4.100": { weight: 0 },
          "192.168.4.150": {},
          "192.168.4.200": { healthCheck: { ping: {} } },
        },
      },
      { ...checked, healthCheck: undefined },
    ],
    // A server that is away may be out by its check, until keepalived was told that none goes away.
    passes: (host, want) => {
      const text = host.files.get(CHECK);
      const goesAway = text !== undefined && !text.includes("inhibit_on_failure");
      const { healthCheck } = want as { readonly healthCheck?: { readonly onFailure?: string } };
      return goesAway && healthCheck !== undefined && healthCheck.onFailure !== "remove" ? 2 : 1;
    },
    acts: [
      (host) => {
        host.checkers.dead.add("192.168.4.200:80");
        host.checkers.check();
      },
      (host) => {
        host.checkers.dead.clear();
        host.checkers.check();
      },
      (host) => host.ipvsadm("-D -t 192.168.4.5:80"),
      (host) => host.ipvsadm("-e -t 192.168.4.5:80 -r 192.168.4.100:80 -g -w 77"),
      (host) => host.ipvsadm("-a -t 192.168.4.5:80 -r 192.168.4.77:80 -m -w 9"),
      (host) => host.files.set(RULES[layout], "-A -t 192.168.4.5:80 -s lc\n-A -u 192.168.4.5:53 -s rr\n"),
      (host) => host.keepalived.stop(),
      (host) => {
        host.keepalived.enabled = "disabled";
      },
      (host) => {
        const text = host.files.get(CHECK);
        if (text !== undefined) host.files.set(CHECK, text.replace("delay_loop 2", "delay_loop 9"));
      },
    ],
  }),
);

const kernels = [
  row("IpvsSettings", {
    kind: ipvsSettings,
    host: () => new FakeIpvsKernel(),
    wants: [
      { conntrack: true },
      { conntrack: true, boot: false },
      { timeouts: { tcpFin: 60 }, amDroprate: 5 },
      { connTabBits: 16, syncThreshold: { packets: 3, period: 20 } },
    ],
    // Original values can be read when the module is loaded.
    passes: 2,
    acts: [
      (host) => host.load(),
      (host) => host.sysctl("net/ipv4/vs/conntrack=0"),
      (host) => host.execute({ run: ["ipvsadm", "--set", "0", "33", "0"] }),
      (host) => host.files.set("/etc/sysctl.d/10-theirs.conf", "net.ipv4.vs.conntrack = 0\n"),
    ],
  }),
  row("SyncDaemon", {
    kind: syncDaemon,
    host: () => new FakeIpvsKernel(),
    wants: [{}, { syncId: 7 }, { device: "eth1" }, { boot: false }, { maxLength: 1400, ttl: 2 }].map((one) => ({
      role: "master",
      device: "eth0",
      ...one,
    })),
    acts: [
      (host) => host.daemons.clear(),
      (host) =>
        host.execute({ run: ["ipvsadm", "--start-daemon", "master", "--mcast-interface", "eth0", "--syncid", "9"] }),
      (host) => host.files.set("/etc/ipvsadm.rules", "--start-daemon master --mcast-interface eth0 --syncid 9\n"),
    ],
  }),
];

export const directorRows: readonly Row[] = [...rules, ...checks, ...kernels];
