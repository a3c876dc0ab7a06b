import type { TunClusterArgs } from "../../../provider/index.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import { ChangingCluster, exchange } from "./changes.ts";
import { changeHarmlessly, VIP } from "./harmless.ts";
import { alsoServe, speakIpv6 } from "./hosts.ts";

const IPV6_VIP = "2001:db8:4::5";
const NEW_VIP = "192.168.4.6";
// The envelope goes over the back network, replies leave by the front one.
const web1 = { address: "192.168.2.100" };
const web2 = { address: "192.168.2.200" };
const rest: Omit<TunClusterArgs, "vip" | "vips"> = {
  directors: { director1: {} },
  device: "eth0",
  realServers: { web1, web2 },
  ports: [80],
  scheduler: "rr",
  drain: { timeout: 30 },
  // A client that asks 20 times a second comes by its ports again before the director has forgotten them, and of which server.
  ipvs: { expireNodestConn: true, connReuseMode: 3 },
};
const both: TunClusterArgs = { ...rest, vips: [VIP] };
const wide: TunClusterArgs = { ...rest, vips: [VIP, IPV6_VIP], ports: [80, 8080] };

const lab = useLab({ hosts: ["director1", "web1", "web2", "client"] });

test("a tunnel cluster that is changed under requests all the time loses none, and leaves no trace", async () => {
  const cluster = await ChangingCluster.start<TunClusterArgs>(lab, {
    component: "TunCluster",
    first: { ...both, realServers: { web1 } },
    prepare: (lab) => Promise.all([alsoServe(lab, 8080), speakIpv6(lab, ["director1", "web1", "web2", "client"])]),
  });
  await changeHarmlessly(cluster, {
    both,
    wide,
    everywhere: [VIP, `${VIP}:8080`, `[${IPV6_VIP}]`, `[${IPV6_VIP}]:8080`],
    updated: 1,
    unchanged: 8,
  });

  await step("a VIP is exchanged for another: the new one answers before the old one stops, and never fails", () => {
    return exchange(cluster, [VIP, NEW_VIP], { ...rest, vips: [NEW_VIP, IPV6_VIP], ports: [80, 8080] });
  });

  await step("a destroy leaves the hosts as they were found", async () => {
    await cluster.destroy();
  });
});
