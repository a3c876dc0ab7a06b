import type { DrClusterArgs } from "../../../provider/index.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import { ChangingCluster, exchange, orderOf } from "./changes.ts";
import { changeHarmlessly, VIP } from "./harmless.ts";
import { alsoServe, speakIpv6 } from "./hosts.ts";
import { hold } from "./open-connections.ts";
import { failures, serversOf } from "./traffic.ts";

const IPV6_VIP = "2001:db8:4::5";
const NEW_VIP = "192.168.4.6";
const hosts = ["director1", "web1", "web2"] as const;
const web1 = { address: "192.168.4.100", address6: "2001:db8:4::100" };
const web2 = { address: "192.168.4.200", address6: "2001:db8:4::200" };
const rest: Omit<DrClusterArgs, "vip" | "vips"> = {
  directors: { director1: { device: "eth0" } },
  realServers: { web1, web2 },
  ports: [80],
  scheduler: "rr",
  drain: { timeout: 30 },
  // A client that asks 20 times a second comes by its ports again before the director has forgotten them, and of which server.
  ipvs: { expireNodestConn: true, connReuseMode: 3 },
};
const both: DrClusterArgs = { ...rest, vips: [VIP] };
const wide: DrClusterArgs = { ...rest, vips: [VIP, IPV6_VIP], ports: [80, 8080] };
const moved: DrClusterArgs = { ...rest, vips: [NEW_VIP] };

const lab = useLab({ hosts: [...hosts, "client"] });

test("a DR cluster that is changed under requests all the time loses none, and leaves no trace", async () => {
  const cluster = await ChangingCluster.start<DrClusterArgs>(lab, {
    component: "DrCluster",
    first: { ...both, realServers: { web1 } },
    prepare: (lab) => Promise.all([alsoServe(lab, 8080), speakIpv6(lab, [...hosts, "client"])]),
  });
  await changeHarmlessly(cluster, {
    both,
    wide,
    everywhere: [VIP, `${VIP}:8080`, `[${IPV6_VIP}]`, `[${IPV6_VIP}]:8080`],
    updated: 1,
    unchanged: 8,
  });

  await step(
    "each real server becomes a resource, joins as one, and is none any more, and no request fails",
    async () => {
      const [first, last] = [VIP, `[${IPV6_VIP}]:8080`];
      const before = await cluster.rules();
      const apart = await cluster.change({ ...wide, granularity: "server", realServers: { web2 } }, first, last);
      expect(await cluster.rules()).toEqual(before);
      const joined = await cluster.change({ ...wide, granularity: "server" }, first, last);
      const all = await cluster.rules();
      const together = await cluster.change(wide, first, last);
      expect(await cluster.rules()).toEqual(all);
      expect([apart, joined, together].flatMap(({ requests }) => failures(requests))).toEqual([]);
      expect(serversOf(joined.requests)).toEqual(["web1", "web2"]);
    },
  );

  await step(
    "a VIP is exchanged for another: the new one answers before the old one stops, and never fails",
    async () => {
      await exchange(cluster, [VIP, NEW_VIP], moved);
    },
  );

  await step(
    "a drained server gets its packets in a tunnel, later goes back the same way, and no request fails",
    async () => {
      const director = cluster.lab.host("director1");
      const tunnel = { ...web1, forwarding: "tunnel" } as const;
      const idle = await cluster.change({ ...moved, realServers: { web1: { ...web1, weight: 0 }, web2 } }, NEW_VIP);
      const there = await cluster.change({ ...moved, realServers: { web1: tunnel, web2 } }, NEW_VIP);
      expect(await director.text("ipvsadm -Sn")).toContain("-r 192.168.4.100:80 -i -w 1");
      expect(await cluster.lab.client.arpOwners(NEW_VIP)).toEqual([director.mac("eth0")]);
      const order = ["web-web1 created", `web-director1-${NEW_VIP}-tcp-80 updated`, "web-web1 deleted"];
      expect(orderOf(there.run, order)).toBe(true);
      const idleAgain = await cluster.change(
        { ...moved, realServers: { web1: { ...tunnel, weight: 0 }, web2 } },
        NEW_VIP,
      );
      const back = await cluster.change(moved, NEW_VIP);
      expect(await cluster.lab.client.arpOwners(NEW_VIP)).toEqual([director.mac("eth0")]);
      expect([idle, there, idleAgain, back].flatMap(({ requests }) => failures(requests))).toEqual([]);
      expect(serversOf(there.requests.slice(-5))).toEqual(["web1", "web2"]);
      expect(serversOf(back.requests.slice(-5))).toEqual(["web1", "web2"]);
    },
  );

  await step(
    "a destroy waits for nothing that cannot end any more, and leaves the hosts as they were found",
    async () => {
      const held = await hold(cluster.lab, NEW_VIP, 1);
      const { text } = await cluster.destroy();
      expect(text).toMatch(/the host no longer accepts packets for it; not waiting for \d+ connection\(s\)/);
      expect(await held.ask()).toEqual(["nobody"]);
    },
  );
});
