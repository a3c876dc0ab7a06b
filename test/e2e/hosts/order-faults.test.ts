import { differences, type Snapshot } from "../../../tools/lab/host/snapshot.ts";
import { type Frame, type HostName, tally } from "../../../tools/lab/index.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import { orderOf } from "../clusters/changes.ts";
import { failures, type Request, startTraffic } from "../clusters/traffic.ts";
import { connectionOf } from "../support/connection.ts";
import { diagnostics } from "../support/diagnostics.ts";
import type { Run, Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";

/** A host that cannot be reached in the middle of an operation: what is done meanwhile is safe, and the next run finishes. */
const HOSTS = ["director1", "web1", "web2"] as const;
const VIP = "192.168.4.5";
const SECOND_VIP = "192.168.4.6";
const DESTROY = ["destroy", "--yes", "--skip-preview", "--continue-on-error"] as const;

const program = (...vips: string[]) => `
import * as lvs from "pulumi-lvs";
new lvs.DrCluster("web", {
  directors: { director1: {} }, device: "eth0",
  realServers: { web1: { address: "192.168.4.100" }, web2: { address: "192.168.4.200" } },
  vips: ${JSON.stringify(vips)}, ports: [80], scheduler: "rr", ipvs: { expireNodestConn: true, connReuseMode: 3 },
});`;

const lab = useLab({ hosts: [...HOSTS, "client"] });
let stack: Stack;
let found: readonly Snapshot[];

const pages = async (vip: string) => tally(await lab.client.get(`http://${vip}/`, { times: 4 }));
const snapshots = (...names: HostName[]) => Promise.all(names.map((name) => lab.host(name).snapshot()));
const rules = () => lab.host("director1").text("ipvsadm -Sn");
const vipsOn = (name: HostName) =>
  lab.host(name).text("ip -o -4 address show to 192.168.4.5/30 | grep -o '192[^/]*/32' || true");

beforeAll(async () => {
  found = await snapshots(...HOSTS);
  const impatient = (name: HostName) => ({ ...connectionOf(lab, name), perDialTimeout: 8, dialErrorLimit: 1 });
  const hosts = Object.fromEntries(HOSTS.map((name) => [name, impatient(name)]));
  stack = await stackOn(lab, { program: { text: program(VIP) }, hosts });
});

/** While these cannot be reached: what Pulumi said, what a client that asks all the time got, and every frame that claims the VIP. */
async function without(names: readonly HostName[], words: readonly string[], vip = VIP) {
  await lab.client.forgetNeighbour(vip);
  for (const name of names) await lab.host(name).cut();
  let run: Run | undefined;
  let requests: readonly Request[] = [];
  const filter = `src host ${vip} or (dst host ${vip} and tcp[tcpflags] & tcp-syn != 0)`;
  const frames = await lab.client.capture({ nic: "eth0", filter }, async () => {
    const traffic = await startTraffic(lab, vip);
    run = await stack.run(words);
    requests = await traffic.stop();
  });
  for (const name of names) await lab.host(name).mend();
  if (run === undefined) throw new Error("Pulumi did not run");
  expect(run.code).not.toBe(0);
  expect(requests.length).toBeGreaterThan(0);
  return { run, requests, claims: claimsIn(frames, vip), errors: diagnostics(run.text) };
}

/**
 * All that comes from the VIP, but for what a server repeats of a connection that the client had begun before: it lost the VIP in the middle,
 * and says the rest when it has it again.
 */
function claimsIn(frames: readonly Frame[], vip: string): readonly Frame[] {
  const isFromVip = ({ text }: Frame) => !text.includes(`> ${vip}.`);
  const begun = frames.filter((frame) => !isFromVip(frame)).map(({ text }) => /\.(\d+) > /.exec(text)?.[1]);
  const portIn = ({ text }: Frame) => / > \S+\.(\d+): tcp/.exec(text)?.[1];
  return frames.filter((frame) => isFromVip(frame) && (portIn(frame) === undefined || begun.includes(portIn(frame))));
}

const UP = ["up", "--yes", "--skip-preview"] as const;

test("hosts that cannot be reached in the middle of an operation: what is done meanwhile is safe, and the next run finishes", async () => {
  await step(
    "an up without the real servers: no rules, no VIP, nobody answers for it; the next one finishes",
    async () => {
      const { claims, errors } = await without(["web1", "web2"], UP);
      expect(claims).toEqual([]);
      expect(errors["web-web1"]).toMatch(/^error: web1: no connection: /);
      expect(errors["web-web2"]).toMatch(/^error: web2: no connection: /);
      expect(await rules()).toBe("");
      expect(await vipsOn("director1")).toBe("");
      await stack.up();
      expect(await pages(VIP)).toEqual({ web1: 2, web2: 2 });
    },
  );

  await step(
    "a second VIP without one of the real servers: the first is served, the second is not there; the next up finishes",
    async () => {
      const before = await rules();
      stack.write(program(VIP, SECOND_VIP));
      const { requests, errors } = await without(["web1"], UP);
      expect(errors[`web-web1-${SECOND_VIP}`]).toMatch(/^error: web1: no connection: /);
      expect(failures(requests)).toEqual([]);
      expect(await rules()).toBe(before);
      expect(await vipsOn("director1")).toBe(`${VIP}/32`);
      await stack.up();
      expect(await pages(SECOND_VIP)).toEqual({ web1: 2, web2: 2 });
    },
  );

  await step("a destroy without the director: the real servers are left as they are, and serve on", async () => {
    const before = await snapshots("web1", "web2");
    const { requests, errors } = await without(["director1"], DESTROY);
    expect(errors[`web-director1-${VIP}`]).toMatch(/^error: director1: no connection: /);
    expect(failures(requests)).toEqual([]);
    const after = await snapshots("web1", "web2");
    expect(before.flatMap((was, index) => differences(was, after[index] ?? was))).toEqual([]);
  });

  await step(
    "a destroy without one of the real servers: the rest goes, the director's VIP first; the next one finishes",
    async () => {
      const { run, errors } = await without(["web1"], DESTROY);
      expect(errors[`web-web1-${VIP}`]).toMatch(/^error: web1: no connection: /);
      const rule = `web-director1-${VIP}-tcp-80`;
      const order = [`web-director1-${VIP} deleted`, `${rule} deleted`, `web-web2-${VIP} deleted`, "web-web2 deleted"];
      expect(orderOf(run, order)).toBe(true);
      const [director, , web2] = found as [Snapshot, Snapshot, Snapshot];
      const after = (await snapshots("director1", "web2")) as [Snapshot, Snapshot];
      expect([...differences(director, after[0]), ...differences(web2, after[1])]).toEqual([]);
      const left = [...stack.resources().values()].filter(({ type }) => type.includes("/lvs:"));
      expect(left.map(({ outputs }) => outputs["host"])).toEqual(["web1", "web1", "web1"]);
      await stack.destroy();
      const all = await snapshots(...HOSTS);
      expect(found.flatMap((was, index) => differences(was, all[index] ?? was))).toEqual([]);
    },
  );

  await step(
    "an up without the director: real servers hold the VIP and nobody answers for it; the next one finishes",
    async () => {
      stack.write(program(VIP));
      const { claims, errors } = await without(["director1"], [...UP, "--continue-on-error"]);
      expect(claims).toEqual([]);
      expect(Object.values(errors).join()).toMatch(/error: director1: no connection: /);
      expect(await Promise.all(HOSTS.map(vipsOn))).toEqual(["", `${VIP}/32`, `${VIP}/32`]);
      expect(await lab.client.arpOwners(VIP)).toEqual([]);
      await stack.up();
      expect(await pages(VIP)).toEqual({ web1: 2, web2: 2 });
      await stack.destroy();
      const all = await snapshots(...HOSTS);
      expect(found.flatMap((was, index) => differences(was, all[index] ?? was))).toEqual([]);
    },
  );
});
