import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind";
import { realServer } from "../../../provider/kinds/real-server/kind";
import { syncDaemon } from "../../../provider/kinds/sync-daemon/kind";
import { virtualService } from "../../../provider/kinds/virtual-service/kind";
import { FakeDirector } from "../../fakes/fake-director";
import { FakeIpvsKernel } from "../../fakes/fake-ipvs-kernel";
import type { LoaderLayout } from "../../fakes/fake-loader";
import { type FakeLife, life } from "./life";

export const directorLives = (): readonly FakeLife[] => [...rules(), ...kernels()];

function rules(): readonly FakeLife[] {
  const service = { protocol: "tcp", address: "192.168.4.5:80" };
  const server = { service: "tcp 192.168.4.5:80", address: "192.168.4.100" };
  const services = (["debian", "rhel"] as const).flatMap((layout) => [
    life(layout, {
      kind: virtualService,
      host: new FakeDirector(layout),
      args: { ...service, realServers: { "192.168.4.200": { weight: 2 }, "192.168.4.201": {} } },
      others: [
        { ...service, realServers: { "192.168.4.201": { weight: 3 } } },
        { ...service, realServers: {} },
        { ...service, scheduler: "wrr", persistenceTimeout: 60, realServers: { "192.168.4.200": { weight: 2 } } },
        { ...service, boot: false, realServers: { "192.168.4.200": { weight: 2 } } },
      ],
      byHand: {
        make: (host) => {
          host.ipvsadm("-A -t 192.168.4.5:80 -s wlc");
          host.ipvsadm("-a -t 192.168.4.5:80 -r 192.168.4.200:80 -g -w 2");
        },
        undo: () => undefined,
      },
    }),
    life(layout, {
      kind: virtualService,
      host: new FakeDirector(layout),
      args: { ...service, exclusive: false, realServers: { "192.168.4.200": { weight: 2 }, "192.168.4.201": {} } },
      others: [{ ...service, exclusive: false, realServers: { "192.168.4.201": {} } }],
    }),
  ]);
  const servers = (["debian", "debian unit", "rhel"] as const).map((layout) =>
    life(layout, {
      kind: realServer,
      host: withService(layout),
      args: server,
      others: [
        { ...server, weight: 5, forwarding: "masquerade" },
        { ...server, boot: false },
      ],
    }),
  );
  return [...services, ...servers, ...loaders(), checks()];
}

/** Rules first, then keepalived's file; turned off, both ways of failing, and a service that was there without checks. */
function checks(): FakeLife {
  const service = {
    protocol: "tcp",
    address: "192.168.4.5:80",
    realServers: { "192.168.4.200": {}, "192.168.4.201": {} },
  };
  return life("debian with keepalived", {
    kind: virtualService,
    host: new FakeDirector("debian"),
    args: { ...service, healthCheck: { tcp: {} } },
    others: [
      { ...service, healthCheck: { http: {}, onFailure: "remove" } },
      { ...service, scheduler: "rr", realServers: { "192.168.4.200": { weight: 3 } }, healthCheck: { tcp: {} } },
      service,
    ],
    byHand: {
      make: (host) => {
        host.ipvsadm("-A -t 192.168.4.5:80 -s wlc");
        host.ipvsadm("-a -t 192.168.4.5:80 -r 192.168.4.200:80 -g -w 2");
      },
      undo: () => undefined,
    },
  });
}

/** The files of another loader, where only the operator knows which one the next boot reads. */
function loaders(): readonly FakeLife[] {
  const service = { protocol: "tcp", address: "192.168.4.5:80", realServers: { "192.168.4.200": {} } };
  const server = { service: "tcp 192.168.4.5:80", address: "192.168.4.100" };
  const [debian, rhel] = [{ rulesLoader: "debian" }, { rulesLoader: "rhel" }];
  return [
    life("own unit", {
      kind: virtualService,
      host: new FakeDirector("own unit"),
      args: { ...service, ...debian },
      others: [
        { ...service, ...rhel },
        { ...service, ...rhel, boot: false },
      ],
    }),
    life("own unit", {
      kind: realServer,
      host: withService("own unit"),
      args: { ...server, ...rhel },
      others: [{ ...server, ...debian, weight: 5 }],
    }),
    life("own unit", {
      kind: syncDaemon,
      host: withIpvs("own unit"),
      args: { role: "master", device: "eth0", ...debian },
      others: [{ role: "master", device: "eth0", ...rhel }],
    }),
  ];
}

function withService(layout: Exclude<LoaderLayout, "none">): FakeDirector {
  const host = new FakeDirector(layout);
  host.ipvsadm("-A -t 192.168.4.5:80 -s wlc");
  if (layout === "own unit") host.files.set("/etc/sysconfig/ipvsadm", "-A -t 192.168.4.5:80 -s wlc\n");
  host.files.set(layout === "rhel" ? "/etc/sysconfig/ipvsadm" : "/etc/ipvsadm.rules", "-A -t 192.168.4.5:80 -s wlc\n");
  return host;
}

function kernels(): readonly FakeLife[] {
  const daemon = { role: "master", device: "eth0" };
  return [
    life("a kernel with IPVS", {
      kind: ipvsSettings,
      host: withIpvs(),
      args: { conntrack: true, amDroprate: 5, timeouts: { tcpFin: 60, udp: 30 }, connTabBits: 14 },
      others: [
        { conntrack: true },
        { timeouts: { tcpFin: 90, udp: 30 } },
        { conntrack: true, amDroprate: 5, timeouts: { tcpFin: 60, udp: 30 }, boot: false },
        { sloppyTcp: true, timeouts: { tcp: 300 }, connTabBits: 15 },
      ],
      byHand: {
        make: (host) => host.sysctl("net/ipv4/vs/conntrack=1"),
        undo: (host) => host.sysctl("net/ipv4/vs/conntrack=0"),
      },
    }),
    life("a kernel with IPVS", {
      kind: syncDaemon,
      host: withIpvs(),
      args: daemon,
      others: [
        { ...daemon, syncId: 7 },
        { ...daemon, boot: false },
        { ...daemon, device: "eth1", maxLength: 1400 },
        { ...daemon, device: "eth1", group: "224.0.0.99", port: 9000, boot: false },
      ],
      byHand: {
        make: (host) => host.execute({ run: ["ipvsadm", "--start-daemon", "master", "--mcast-interface", "eth0"] }),
        undo: (host) => host.daemons.clear(),
      },
    }),
  ];
}

function withIpvs(layout?: LoaderLayout): FakeIpvsKernel {
  const host = new FakeIpvsKernel(layout);
  host.load();
  return host;
}
