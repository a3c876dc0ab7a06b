import type { NatClusterArgs } from "../../../provider/index.ts";
import { tally } from "../../../tools/lab/host/client.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import { ChangingCluster, exchange, orderOf } from "./changes.ts";
import { changeHarmlessly, VIP } from "./harmless.ts";
import { alsoServe } from "./hosts.ts";
import { hold } from "./open-connections.ts";
import { failures, serversOf } from "./traffic.ts";

const SECOND_VIP = "192.168.4.6";
const NEW_VIP = "192.168.4.7";
/** The gateway of the real servers, on whichever director has the VIPs. */
const internal = { device: "eth1", address: "192.168.2.1", alias: true };
const web1 = { address: "192.168.2.100" };
const web2 = { address: "192.168.2.200" };
const rest: Omit<NatClusterArgs, "vip" | "vips"> = {
  directors: { director1: { internal }, director2: { internal, vips: [] } },
  device: "eth0",
  realServers: { web1, web2 },
  ports: [80],
  scheduler: "rr",
  returnRoute: { device: "eth1" },
  drain: { timeout: 30 },
};
const both: NatClusterArgs = { ...rest, vips: [VIP] };
const ports = [80, { port: 8080, serverPort: 80 }];
const wide: NatClusterArgs = { ...rest, vips: [VIP, SECOND_VIP], ports };
const exchanged: NatClusterArgs = { ...rest, vips: [VIP, NEW_VIP], ports };
const moved = { director1: { internal, vips: [] }, director2: { internal, vips: [VIP, NEW_VIP] } };
type ClusterServer = NatClusterArgs["realServers"][string];

const lab = useLab({ hosts: ["director1", "director2", "web1", "web2", "client"] });

test("a NAT cluster that is changed under requests all the time loses none but those of a moved gateway, and leaves no trace", async () => {
  const cluster = await ChangingCluster.start<NatClusterArgs>(lab, {
    component: "NatCluster",
    first: { ...both, realServers: { web1 } },
    // For the one that goes over to direct routing, which changes no ports.
    prepare: (lab) => alsoServe(lab, 8080),
  });
  await changeHarmlessly(cluster, {
    both,
    wide,
    everywhere: [VIP, `${VIP}:8080`, SECOND_VIP, `${SECOND_VIP}:8080`],
    updated: 2,
    unchanged: 8,
  });

  await step(
    "a VIP is exchanged for another: the new one answers before the old one stops, and never fails",
    async () => {
      await exchange(cluster, [SECOND_VIP, NEW_VIP], exchanged);
    },
  );

  await step(
    "the VIPs and the gateway move to the other director: what is open is lost, and service goes on",
    async () => {
      const held = await hold(cluster.lab, VIP, 1);
      const { run, requests } = await cluster.change({ ...exchanged, directors: moved }, VIP);
      for (const old of [`web-director1-${VIP}`, "web-director1-inside"]) {
        expect(orderOf(run, ["web-director2-inside created", `web-director2-${VIP} created`, `${old} deleted`])).toBe(
          true,
        );
      }
      expect(await held.ask()).toEqual(["nobody"]);
      // One that was under way may wait for the rest of its page in vain.
      expect(failures(requests).length).toBeLessThanOrEqual(2);
      expect(tally(await cluster.lab.client.get(`http://${VIP}/`, { times: 4 }))).toEqual({ web1: 2, web2: 2 });
      expect(await cluster.lab.client.arpOwners(VIP)).toEqual([cluster.lab.host("director2").mac("eth0")]);
    },
  );

  await step("a drained server goes over to direct routing, and no request fails", async () => {
    const with1 = (one: ClusterServer) => ({ ...exchanged, directors: moved, realServers: { web1: one, web2 } });
    const idle = await cluster.change(with1({ ...web1, weight: 0 }), VIP);
    const there = await cluster.change(with1({ ...web1, forwarding: "direct" }), VIP);
    expect(await cluster.rules("director2")).toContain(`-a -t ${VIP}:80 -r 192.168.2.100:80 -g -w 1`);
    const order = ["web-web1 created", `web-director2-${VIP}-tcp-80 updated`, "web-web1 deleted"];
    expect(orderOf(there.run, order)).toBe(true);
    expect(await cluster.lab.client.arpOwners(VIP)).toEqual([cluster.lab.host("director2").mac("eth0")]);
    expect([idle, there].flatMap(({ requests }) => failures(requests))).toEqual([]);
    expect(serversOf(there.requests.slice(-5))).toEqual(["web1", "web2"]);
  });

  await step("a destroy leaves the hosts as they were found", async () => {
    await cluster.destroy();
  });
});
