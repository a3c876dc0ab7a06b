import { ipvsSettings } from "../../../provider/kinds/ipvs-settings/kind.ts";
import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind.ts";
import { CLIENTS, type DirectRouting, other, REFUSED, VIP } from "../direct-routing.ts";
import type { LabResource } from "../resource.ts";

const [MINE = {}, THEIRS = {}] = CLIENTS;
/** None of those from which the kernel takes one for a connection that names none: it could still be waiting, and be refused. */
const PORTS = [20001, 20002, 20003, 20004, 20005, 20006, 20007, 20008].map((fromPort) => ({ fromPort }));
const BOTH = new Set(["web1", "web2"]);

/** Which connections belong together: those of a client, of a network, to several ports or addresses. */
export function testClients(clusterOf: () => DirectRouting): void {
  let cluster: DirectRouting;
  let settings: LabResource;
  const forgetful = { timeouts: { tcpFin: 1 }, boot: false };

  beforeAll(async () => {
    cluster = clusterOf();
    settings = await cluster.stack.up(ipvsSettings, cluster.director, forgetful);
  });

  /** Once the director has forgotten the connections: until then one from the same port goes where the last one went. */
  const forgotten = (to: string) =>
    cluster.director.sh(`while ipvsadm -Lnc | grep -qF ' ${to} '; do sleep 0.1; done`, { timeout: 20_000 });

  describe.each(["sh", "mh"])("%s", (scheduler) => {
    test("a client has its server, until that has weight 0: then it is refused, or falls back", async () => {
      const { to, change } = await cluster.serve(scheduler, [1, 1]);
      const servers = await cluster.pages(to, CLIENTS);
      expect(new Set(servers)).toEqual(BOTH);
      await forgotten(to);
      expect(await cluster.pages(to, [...CLIENTS].reverse())).toEqual([...servers].reverse());
      await change(scheduler, [0, 1]);
      await forgotten(to);
      expect(await cluster.pages(to, CLIENTS)).toEqual(servers.map((server) => (server === "web1" ? REFUSED : server)));
      await change(scheduler, [0, 1], { schedulerFlags: [`${scheduler}-fallback`] });
      expect(await cluster.pages(to, CLIENTS)).toEqual(CLIENTS.map(() => "web2"));
    });

    test("when a server was out for a while, sh has changed all of its clients, and mh none", async () => {
      const { to, change } = await cluster.serve(scheduler, [1, 1]);
      const servers = await cluster.pages(to, CLIENTS);
      await change(scheduler, [1, 1], { realServers: { "192.168.4.200": {} } });
      await change(scheduler, [1, 1]);
      await forgotten(to);
      expect(await cluster.pages(to, CLIENTS)).toEqual(scheduler === "sh" ? servers.map(other) : servers);
    });

    test(`with ${scheduler}-port each of its ports has one`, async () => {
      const { to, change } = await cluster.serve(scheduler, [1, 1]);
      expect(new Set(await cluster.pages(to, PORTS)).size).toBe(1);
      await change(scheduler, [1, 1], { schedulerFlags: [`${scheduler}-port`] });
      await forgotten(to);
      const servers = await cluster.pages(to, PORTS);
      expect(new Set(servers)).toEqual(BOTH);
      await forgotten(to);
      expect(await cluster.pages(to, PORTS)).toEqual(servers);
    });
  });

  describe("persistence", () => {
    test("each client stays; with a netmask, each network", async () => {
      const { to, change } = await cluster.serve("rr", [1, 1], { persistenceTimeout: 60 });
      const servers = await cluster.pages(to, CLIENTS);
      const [first] = servers;
      expect(servers).toEqual(CLIENTS.map((_, index) => (index % 2 === 0 ? first : other(first))));
      expect(await cluster.pages(to, [...CLIENTS].reverse())).toEqual([...servers].reverse());
      await change("rr", [1, 1], { persistenceTimeout: 60, netmask: "255.255.255.0" });
      expect(new Set(await cluster.pages(to, CLIENTS)).size).toBe(1);
    });

    test("a server of weight 0 keeps its clients, unless expireQuiescentTemplate is set", async () => {
      const persistent = { persistenceTimeout: 60 };
      const { to, change } = await cluster.serve("rr", [1, 1], persistent);
      const [server] = await cluster.pages(to, [MINE]);
      await change("rr", server === "web1" ? [0, 1] : [1, 0], persistent);
      expect(await cluster.pages(to, [MINE, THEIRS])).toEqual([server, other(server)]);
      await settings.up({ ...forgetful, expireQuiescentTemplate: true });
      expect(await cluster.pages(to, [MINE, THEIRS])).toEqual([other(server), other(server)]);
      await settings.up(forgetful);
    });

    test("port 0: a client has one server for all ports of the address", async () => {
      await cluster.serving({ protocol: "tcp", address: `${VIP}:0`, persistenceTimeout: 60 }, async () => {
        const [server] = await cluster.pages(`${VIP}:80`, [MINE]);
        expect(await cluster.pages(`${VIP}:443`, [MINE, THEIRS])).toEqual([server, other(server)]);
        expect(await cluster.pages(`${VIP}:80`, [MINE, THEIRS])).toEqual([server, other(server)]);
      });
    });
  });

  describe("a client that comes by the port of a connection to a server that has left since", () => {
    afterEach(() => settings.up(forgetful));

    test.each([
      ["is lost", {}, {}, "timed out"],
      ["is scheduled anew with connReuseMode 3", { connReuseMode: 3 }, {}, "web2"],
      ["is lost all the same if it was persistent then", { connReuseMode: 3 }, { persistenceTimeout: 60 }, "timed out"],
      ["is scheduled anew with expireNodestConn", { expireNodestConn: true }, {}, "web2"],
      ["and so if it was persistent then", { expireNodestConn: true }, { persistenceTimeout: 60 }, "web2"],
    ])("%s", async (_, kernel, before, page) => {
      await settings.up({ boot: false, timeouts: { tcpFin: 120 }, ...kernel });
      const { to, change } = await cluster.serve("rr", [1, 0], before);
      const [port = {}] = PORTS;
      expect(await cluster.pages(to, [port])).toEqual(["web1"]);
      await change("rr", [0, 1], { realServers: { "192.168.4.200": {} } });
      expect(await cluster.pages(to, [port])).toEqual([page]);
    });
  });

  describe("a client that comes by the port of a connection to a server that is reached in another way since", () => {
    const tunnel = { "192.168.4.100": { forwarding: "tunnel" } };

    afterEach(() => settings.up(forgetful));

    test.each([
      ["is lost with expireNodestConn alone", { expireNodestConn: true }, "timed out"],
      ["is served with connReuseMode 3, too", { expireNodestConn: true, connReuseMode: 3 }, "web1"],
    ])("%s", async (_, kernel, page) => {
      await settings.up({ boot: false, timeouts: { tcpFin: 120 }, ...kernel });
      const web1 = cluster.lab.host("web1");
      const web = await cluster.stack.up(tunKernelTuning, web1, { boot: false });
      // rp_filter 2 drops what comes out of a device without an address.
      await web1.sh(`ip addr add ${VIP}/32 dev tunl0`);
      const { to, change } = await cluster.serve("rr", [1, 0], { realServers: tunnel });
      const [port = {}] = PORTS;
      expect(await cluster.pages(to, [port])).toEqual(["web1"]);
      await change("rr", [1, 0]);
      await web1.sh(`ip addr del ${VIP}/32 dev tunl0`);
      await web.destroy();
      expect(await cluster.pages(to, [port])).toEqual([page]);
    });
  });
}
