import { MAX_AGE } from "../../../provider/host/session/fact-cache.ts";
import { differences, type Snapshot } from "../../../tools/lab/host/snapshot.ts";
import { type HostName } from "../../../tools/lab/index.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import type { Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";

const HOSTS = ["director1", "web1"] as const;
const SERVERS = 20;

const program = (weight: number) => `
import * as lvs from "pulumi-lvs";
const tuning = new lvs.DrKernelTuning("tuning", { host: "web1" });
const silent = new lvs.VipAlias("silent", { host: "web1", role: "realServer", address: "192.168.4.5" }, { dependsOn: tuning });
const web = new lvs.VirtualService("web", { host: "director1", protocol: "tcp", address: "192.168.4.5:80" }, { dependsOn: silent });
for (let n = 1; n <= ${SERVERS}; n++) {
  new lvs.RealServer("server" + n, { host: "director1", service: web, address: "10.0.0." + n, weight: n === 7 ? ${weight} : 1 });
}`;

const lab = useLab({ hosts: HOSTS });
let stack: Stack;
let before: readonly Snapshot[];

const snapshots = () => Promise.all(HOSTS.map((name) => lab.host(name).snapshot()));

beforeAll(async () => {
  before = await snapshots();
  stack = await stackOn(lab, { program: { text: program(1) } });
});

/** What an operation does on the network: logins by sshd's count, travels by ours. */
async function costs(operation: () => Promise<unknown>) {
  const logins = () => Promise.all(HOSTS.map((name) => lab.host(name).sshLogins()));
  stack.travels();
  const earlier = await logins();
  const start = Date.now();
  await operation();
  const travels = stack.travels();
  const of = (host: HostName, kind: string) => travels.filter((line) => line.host === host && line.kind === kind);
  return {
    logins: (await logins()).map((count, index) => count - (earlier[index] ?? 0)),
    connects: HOSTS.map((host) => of(host, "connect").length),
    looks: HOSTS.map((host) => of(host, "observe").length),
    writes: HOSTS.map((host) => of(host, "apply").length),
    /** An answer is believed for so long; a slow machine has to look again. */
    looksAllowed: 1 + Math.floor((Date.now() - start) / MAX_AGE),
  };
}

const NOTHING = { logins: [0, 0], connects: [0, 0], looks: [0, 0], writes: [0, 0] };

test("twenty servers and their prerequisites: each operation connects, looks and writes as little as it can", async () => {
  await step("a preview of all of it connects to no host", async () => {
    expect(await costs(() => stack.preview())).toMatchObject(NOTHING);
    expect(differences(before[0] as Snapshot, await lab.host("director1").snapshot())).toEqual([]);
  });

  await step(
    "an up makes all of it, by one connection to each host and one look ahead of its first write",
    async () => {
      const up = await costs(() => stack.up());
      expect(up).toMatchObject({ logins: [1, 1], connects: [1, 1] });
      // web1 is asked other questions by each kind; on the director, all of them are the same.
      expect(up.looks[0]).toBeLessThanOrEqual(up.looksAllowed);
      // What arrives while a round trip is in flight travels with the next one.
      expect(up.writes[0]).toBeLessThan(SERVERS);
      const rules = (await lab.host("director1").text("ipvsadm -Sn")).split("\n");
      expect(rules).toHaveLength(1 + SERVERS);
      expect(rules[0]).toBe("-A -t 192.168.4.5:80 -s wlc");
      expect(await lab.host("web1").text("ip -o address show dev lo label lo:0")).toContain("inet 192.168.4.5/32");
      expect(await lab.host("web1").text("sysctl -n net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce")).toBe(
        "1\n2",
      );
    },
  );

  await step("a second preview and a second up find nothing to do, and connect to no host", async () => {
    // Without --skip-preview, one run is both.
    expect(await costs(() => stack.pulumi("up", "--yes", "--expect-no-changes"))).toMatchObject(NOTHING);
  });

  await step("a refresh finds nothing, by one connection to each host, and writes nothing", async () => {
    const refresh = await costs(() => stack.refresh("--expect-no-changes"));
    expect(refresh).toMatchObject({ logins: [1, 1], connects: [1, 1], writes: [0, 0] });
    for (const looks of refresh.looks) expect(looks).toBeLessThanOrEqual(refresh.looksAllowed);
  });

  await step("a changed weight is one look and one write on the one host that it is about", async () => {
    stack.write(program(0));
    expect((await stack.planned()).get("server7")).toBe("update");
    const up = await costs(() => stack.up());
    expect(up).toMatchObject({ logins: [1, 0], connects: [1, 0], looks: [1, 0], writes: [1, 0] });
    expect(await lab.host("director1").text("ipvsadm -Sn")).toContain("-r 10.0.0.7:80 -g -w 0");
  });

  await step("a destroy takes one connection to each host, and leaves both as they were found", async () => {
    const destroy = await costs(() => stack.destroy());
    expect(destroy).toMatchObject({ logins: [1, 1], connects: [1, 1] });
    // The service, which goes last, asks what its servers do not.
    expect(destroy.looks[0]).toBeLessThanOrEqual(destroy.looksAllowed + 1);
    expect(destroy.writes[0]).toBeLessThan(SERVERS);
    const after = await snapshots();
    expect(before.flatMap((was, index) => differences(was, after[index] as Snapshot))).toEqual([]);
  });
});
