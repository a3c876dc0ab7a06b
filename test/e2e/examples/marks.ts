import { CLIENTS, DirectRouting, other, realServers, VIP } from "../../lab/direct-routing.ts";
import { endRun } from "../../lab/resource.ts";
import type { HostsInUse } from "../../support/use-lab.ts";

// Of another bucket of dh: 192.168.4.6 and .7 would go where 192.168.4.5 goes.
const VIP2 = "192.168.4.8";
const VIP6 = "2001:db8:4::5";
const [MINE = {}] = CLIENTS;

/** Tests of services of a mark, which iptables sets, on hosts that have it. */
export function testMarks(lab: HostsInUse): void {
  let cluster: DirectRouting;

  beforeAll(async () => {
    cluster = await DirectRouting.start(lab, [VIP, VIP2, VIP6]);
  });

  afterEach(endRun);

  const mark = (program: "iptables" | "ip6tables", to: string, ports: string) =>
    cluster.director.sh(
      `${program} -t mangle -A PREROUTING -p tcp -d ${to} -m multiport --dports ${ports} -j MARK --set-mark 1`,
    );

  afterEach(() => cluster.director.sh("iptables -t mangle -F PREROUTING; ip6tables -t mangle -F PREROUTING"));

  test.each([
    { family: "ipv4", program: "iptables", vip: VIP, at: VIP },
    { family: "ipv6", program: "ip6tables", vip: VIP6, at: `[${VIP6}]` },
  ] as const)("$family: ports 80 and 443 take turns as one service, or keep a client together", async (row) => {
    const { family, program, vip, at } = row;
    await mark(program, vip, "80,443");
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
    for (const vip of [VIP, VIP2]) await mark("iptables", vip, "80");
    await cluster.serving({ protocol: "fwmark", fwmark: 1, scheduler: "dh" }, async () => {
      const [server] = await cluster.pages(`${VIP}:80`, [MINE]);
      expect(await cluster.pages(`${VIP}:80`, CLIENTS)).toEqual(CLIENTS.map(() => server));
      expect(await cluster.pages(`${VIP2}:80`, CLIENTS)).toEqual(CLIENTS.map(() => other(server)));
    });
  });
}
