import { setTimeout as sleep } from "node:timers/promises";
import type { DrClusterArgs } from "../../provider/index.ts";
import { tally } from "../lab/client.ts";
import { type Lab, startLab } from "../lab/index.ts";
import { differences, type Snapshot } from "../lab/snapshot.ts";
import { failures, type Request, serversOf, startTraffic } from "./clusters-traffic.ts";
import { type Run, Stack } from "./stack.ts";

const HOSTS = ["director1", "web1", "web2"] as const;
const VIP = "192.168.4.5";
const NEW_VIP = "192.168.4.6";
const web1 = { address: "192.168.4.100" };
const web2 = { address: "192.168.4.200" };
const first: DrClusterArgs = {
  directors: { director1: { device: "eth0" } },
  realServers: { web1 },
  vip: VIP,
  ports: 80,
  scheduler: "rr",
  drain: { timeout: 30 },
  // A client that asks 20 times a second comes by its ports again before the director has forgotten them.
  ipvs: { connReuseMode: 3 },
};
const both: DrClusterArgs = { ...first, realServers: { web1, web2 } };

let lab: Lab;
let stack: Stack;
let found: readonly Snapshot[];

beforeAll(async () => {
  lab = await startLab({ hosts: [...HOSTS, "client"], progress: () => undefined });
  found = await snapshots();
  stack = await Stack.create(lab, { program: { text: programOf(first) } });
  await stack.up();
});

afterAll(async () => {
  stack.remove();
  await lab.down();
});

/** A change of the arguments while a client asks all the time: what Pulumi said, and what the client got. */
async function change(args: DrClusterArgs): Promise<{ run: Run; requests: readonly Request[] }> {
  stack.write(programOf(args));
  const traffic = await startTraffic(lab, VIP);
  const run = await stack.up();
  const requests = await traffic.stop();
  expect(requests.length).toBeGreaterThan(20);
  return { run, requests };
}

// Each test goes on from where the one before it ended.
describe("under requests all the time, none fails", () => {
  test("when a server joins: it is ready before the rules name it", async () => {
    const { requests } = await change(both);
    expect(failures(requests)).toEqual([]);
    expect(serversOf(requests)).toEqual(["web1", "web2"]);
  });

  test.each([
    ["a weight", { realServers: { web1: { ...web1, weight: 3 }, web2 } }],
    ["the scheduler", { scheduler: "sh" }],
    ["persistence", { scheduler: "wlc", persistenceTimeout: 60 }],
    ["nothing but back to where it was", {}],
  ])("when %s changes: in place", async (_, args) => {
    const { run, requests } = await change({ ...both, ...args });
    expect(failures(requests)).toEqual([]);
    expect(run.text).toMatch(/~ 1 updated\n +8 unchanged/);
  });

  test("when a port is added", async () => {
    const { requests } = await change({ ...both, ports: [8080, 80] });
    expect(failures(requests)).toEqual([]);
  });

  test("when a server is drained, gets its packets in a tunnel from now on, and later goes back the same way", async () => {
    const tunnel = { ...web1, forwarding: "tunnel" } as const;
    const idle = await change({ ...both, realServers: { web1: { ...web1, weight: 0 }, web2 } });
    const there = await change({ ...both, realServers: { web1: tunnel, web2 } });
    expect(await lab.host("director1").text("ipvsadm -Sn")).toContain("-r 192.168.4.100:80 -i -w 1");
    expect(await lab.client.arpOwners(VIP)).toEqual([lab.host("director1").mac("eth0")]);
    const order = ["web-web1 created", `web-director1-${VIP}-tcp-80 updated`, "web-web1 deleted"];
    expect(orderOf(there.run, order)).toBe(true);
    const idleAgain = await change({ ...both, realServers: { web1: { ...tunnel, weight: 0 }, web2 } });
    const back = await change(both);
    expect(await lab.client.arpOwners(VIP)).toEqual([lab.host("director1").mac("eth0")]);
    expect([idle, there, idleAgain, back].flatMap(({ requests }) => failures(requests))).toEqual([]);
    expect(serversOf(there.requests.slice(-5))).toEqual(["web1", "web2"]);
    expect(serversOf(back.requests.slice(-5))).toEqual(["web1", "web2"]);
  });

  test("when a server leaves: drained, out of the rules, and only then without its VIP", async () => {
    await Promise.all((["web1", "web2"] as const).map((name) => lab.host(name).sh(BIG_PAGE)));
    const downloads = lab.client.sh(DOWNLOADS, { timeout: 60_000 });
    await sleep(1_000);
    const { run, requests } = await change({ ...first, realServers: { web2 } });
    expect(failures(requests)).toEqual([]);
    expect((await downloads).stdout).toBe("200 12582912\n".repeat(2));
    expect(run.text).toContain("draining, 1 connections left");
    const order = [`web-director1-${VIP}-tcp-80 updated`, `web-web1-${VIP} deleted`, "web-web1 deleted"];
    expect(orderOf(run, order)).toBe(true);
    expect(serversOf(requests.slice(-5))).toEqual(["web2"]);
  });

  test("when a VIP is added", async () => {
    const { vip: _, ...rest } = both;
    const { requests } = await change({ ...rest, vips: [NEW_VIP, VIP] });
    expect(failures(requests)).toEqual([]);
    expect(tally(await lab.client.get(`http://${NEW_VIP}/`, { times: 4 }))).toEqual({ web1: 2, web2: 2 });
  });
});

test("a VIP is exchanged for another: the new one answers before the old one stops, and never fails", async () => {
  stack.write(programOf(both));
  await stack.up();
  await lab.client.sh(`ip neigh flush to ${NEW_VIP}`, { check: false });
  stack.write(programOf({ ...both, vip: NEW_VIP }));
  const traffics = await Promise.all([VIP, NEW_VIP].map((address) => startTraffic(lab, address)));
  await stack.up();
  const [old = [], young = []] = await Promise.all(traffics.map((traffic) => traffic.stop()));
  const lastOld = old.findLast(({ server }) => server !== undefined);
  const firstYoung = young.find(({ server }) => server !== undefined);
  expect(lastOld?.at).toBeGreaterThan(firstYoung?.at ?? Infinity);
  expect(failures(old.filter(({ at }) => at < (firstYoung?.at ?? 0)))).toEqual([]);
  expect(failures(young.filter(({ at }) => at > (firstYoung?.at ?? 0)))).toEqual([]);
});

test("a destroy leaves the hosts as they were found", async () => {
  await stack.destroy();
  const left = await snapshots();
  expect(found.flatMap((was, index) => differences(was, left[index] ?? was))).toEqual([]);
});

const BIG_PAGE = "head -c 12582912 /dev/zero >/var/www/html/big";

/** Two at a time, one for each server: about 25 seconds, so that a slow machine comes in time and a quick one does not wait too long. */
const DOWNLOADS = `
  for one in 1 2; do
    curl -s -o /dev/null -m 50 --limit-rate 500k -w '%{http_code} %{size_download}\\n' http://${VIP}/big &
  done
  wait`;

function programOf(args: DrClusterArgs): string {
  return `import * as lvs from "pulumi-lvs";\nnew lvs.DrCluster("web", ${JSON.stringify(args)});\n`;
}

/** Whether the engine did these one after the other: "web-web1 deleted". */
function orderOf({ text }: Run, moves: readonly string[]): boolean {
  const lines = text.split("\n");
  const places = moves.map((move) => {
    const [name = "", done = ""] = move.split(" ");
    return lines.findIndex((line) => line.includes(` ${name} ${done}`));
  });
  return places.every((place, index) => place > (places[index - 1] ?? -1));
}

function snapshots(): Promise<Snapshot[]> {
  return Promise.all(HOSTS.map((name) => lab.host(name).snapshot()));
}
