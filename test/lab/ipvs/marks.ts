import { CLIENTS, type DirectRouting, other, realServers, VIP } from "../direct-routing.ts";

/** Of another bucket of dh: 192.168.4.6 and .7 would go where 192.168.4.5 goes. */
export const VIP2 = "192.168.4.8";
export const VIP6 = "2001:db8:4::5";
const [MINE = {}] = CLIENTS;

/** Services of a mark, which packets get as they come in: by tc, since the quick kernel of hosts has no iptables. An example has those set it. */
export function testMarks(started: () => DirectRouting): void {
  let cluster: DirectRouting;

  beforeAll(() => {
    cluster = started();
  });

  const mark = (protocol: "ip" | "ipv6", to: string, ports: readonly number[]) =>
    cluster.director.sh(
      [
        "tc qdisc show dev eth0 | grep -q clsact || tc qdisc add dev eth0 clsact",
        ...ports.map(
          (port) =>
            `tc filter add dev eth0 ingress protocol ${protocol} flower ip_proto tcp dst_ip ${to} dst_port ${port} action skbedit mark 1`,
        ),
      ].join("\n"),
    );

  afterEach(() => cluster.director.sh("tc qdisc del dev eth0 clsact"));

  test.each([
    { family: "ipv4", protocol: "ip", vip: VIP, at: VIP },
    { family: "ipv6", protocol: "ipv6", vip: VIP6, at: `[${VIP6}]` },
  ] as const)("$family: ports 80 and 443 take turns as one service, or keep a client together", async (row) => {
    const { family, protocol, vip, at } = row;
    await mark(protocol, vip, [80, 443]);
    const visits = async () => {
      const pages: string[] = [];
      for (const port of [80, 443, 80, 443]) pages.push(...(await cluster.visitor.get({ to: `${at}:${port}` })));
      return pages;
    };
    const args = { protocol: "fwmark", fwmark: 1, family, realServers: realServers(1, 1, family) };
    await cluster.serving(args, async (change) => {
      const [server, ...others] = await visits();
      expect(others).toEqual([other(server), server, other(server)]);
      await change({ persistenceTimeout: 60 });
      expect(new Set(await visits()).size).toBe(1);
    });
  });

  test("dh: each address has its server, for all clients", async () => {
    for (const vip of [VIP, VIP2]) await mark("ip", vip, [80]);
    await cluster.serving({ protocol: "fwmark", fwmark: 1, scheduler: "dh" }, async () => {
      const [server] = await cluster.pages(`${VIP}:80`, [MINE]);
      expect(await cluster.pages(`${VIP}:80`, CLIENTS)).toEqual(CLIENTS.map(() => server));
      expect(await cluster.pages(`${VIP2}:80`, CLIENTS)).toEqual(CLIENTS.map(() => other(server)));
    });
  });
}
