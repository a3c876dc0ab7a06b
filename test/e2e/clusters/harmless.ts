import { setTimeout as sleep } from "node:timers/promises";
import { tally } from "../../../tools/lab/host/client.ts";
import { step } from "../../support/step.ts";
import { until } from "../../support/until.ts";
import { type AnyClusterArgs, type ChangingCluster, orderOf } from "./changes.ts";
import { type Held, hold } from "./open-connections.ts";
import { failures, serversOf } from "./traffic.ts";

/** Arguments of a cluster that begins with web1 alone, behind VIP, port 80, scheduler rr. */
interface Harmless<A> {
  /** With web2. */
  readonly both: A;
  /** With a second VIP, and with port 8080. */
  readonly wide: A;
  /** Where all services of `wide` answer: the first and the last address are asked all the time. */
  readonly everywhere: readonly string[];
  /** In a weight's change of `both`: one for each director, and all others. */
  readonly updated: number;
  readonly unchanged: number;
}

/** Where the first VIP answers. */
export const VIP = "192.168.4.5";

/** Changes that cost no request in any mode, while a client asks all the time. At the end only web2 is left. */
export async function changeHarmlessly<A extends AnyClusterArgs>(
  cluster: ChangingCluster<A>,
  { both, wide, everywhere, updated, unchanged }: Harmless<A>,
): Promise<void> {
  const { web1, web2 } = both.realServers as Required<typeof both.realServers>;
  const ends = [everywhere[0] ?? VIP, everywhere.at(-1) ?? VIP];

  await step("a server joins: it is ready before the rules name it", async () => {
    const { run, requests } = await cluster.change(both, VIP);
    expect(failures(requests)).toEqual([]);
    expect(serversOf(requests)).toEqual(["web1", "web2"]);
    expect(orderOf(run, ["web-web2 created", `web-director1-${VIP}-tcp-80 updated`])).toBe(true);
  });

  await step("weight, scheduler and persistence change in place", async () => {
    const other = { realServers: { web1: { ...web1, weight: 3 }, web2 }, scheduler: "sh", persistenceTimeout: 60 };
    const { run, requests } = await cluster.change({ ...both, ...other }, VIP);
    expect(failures(requests)).toEqual([]);
    expect(run.text).toMatch(new RegExp(`~ ${updated} updated\\n +${unchanged} unchanged`));
  });

  await step("a VIP and a port are added, and weight, scheduler and persistence change back", async () => {
    const { requests } = await cluster.change(wide, VIP);
    expect(failures(requests)).toEqual([]);
    for (const address of everywhere) {
      // From no port that a connection had while the service was persistent: the director would remember its server.
      const answers = await cluster.lab.client.get(`http://${address}/`, { times: 4, ports: "61000-65000" });
      expect([address, tally(answers)]).toEqual([address, { web1: 2, web2: 2 }]);
    }
  });

  await step("a server leaves: drained, out of the rules, and only then no longer ready", async () => {
    // Turns are taken by all who ask: a late packet of somebody else's takes one, too.
    const held = await hold(cluster.lab, VIP, 4);
    const [{ run, requests }, answers] = await Promise.all([
      cluster.change({ ...wide, realServers: { web2 } }, ...ends),
      whileDrained(cluster, held),
    ]);
    expect([...new Set(answers)]).toEqual(["web1", "web2"]);
    expect(failures(requests)).toEqual([]);
    expect(orderOf(run, [`web-director1-${VIP}-tcp-80 updated`, "web-web1 deleted"])).toBe(true);
    expect(serversOf(requests.slice(-5))).toEqual(["web2"]);
  });
}

/** Lets some looks at the draining server go by before the connections come to their end. */
async function whileDrained<A extends AnyClusterArgs>(
  cluster: ChangingCluster<A>,
  held: Held,
): Promise<readonly string[]> {
  const drained = async () => (await cluster.rules()).some((rule) => /^-a -t \S+:80 -r [\d.]+100:80 .*-w 0/.test(rule));
  await until("web1 is drained", drained, 120);
  await sleep(1500);
  expect(await drained()).toBe(true);
  return held.ask();
}
