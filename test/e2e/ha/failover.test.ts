import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterArgs, FailoverArgs } from "../../../provider/index.ts";
import { differences, type LabHost, type Snapshot, tally } from "../../../tools/lab/index.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import { liveThrough } from "../examples/example.ts";
import { stackOn } from "../support/stack-on.ts";
import { Directors, expectServed, HELD, hasVip, VIP } from "./directors.ts";

/** Directors that fail over by themselves, while clients ask 20 times a second and some stay connected. */

/** How often the link of the master flaps. */
const FLAPS = Number(process.env["PULUMI_LVS_FLAPS"] ?? "3");

/** Seconds that a director needs to hear that the other one is gone, by RFC 5798, and what a busy machine adds. */
const AFTER_A_STOP = 1.5;
const AFTER_SILENCE = 4.5;
const AFTER_SILENCE_AT_THIRDS = 2;

const lab = useLab({ hosts: ["director1", "director2", "web1", "web2", "client"] });
let directors: Directors;

beforeEach(async () => {
  directors = new Directors(lab);
  await lab.client.forgetNeighbour(VIP);
});

/** The lab has nginx disabled without the links of its init script, which systemctl turns around. */
const LINKS_OF_NGINX = /\/etc\/rc\d\.d\/[KS]01nginx/;

/** What the clusters of this file have in common. */
const WEB: ClusterArgs = {
  vips: [VIP],
  ports: [80],
  device: "eth0",
  directors: { director1: {}, director2: {} },
  realServers: { web1: { address: "192.168.4.100" }, web2: { address: "192.168.4.200" } },
  sync: { device: "eth1", syncId: 5 },
};

function program(component: "DrCluster" | "TunCluster", args: Partial<ClusterArgs>): string {
  return `import * as lvs from "pulumi-lvs";\nnew lvs.${component}("web", ${JSON.stringify({ ...WEB, ...args })});\n`;
}

function cluster(failover?: FailoverArgs): string {
  return program("DrCluster", {
    // A director that takes over in the middle of a handshake, of which nobody has told it, chooses the same server.
    scheduler: "sh",
    schedulerFlags: ["sh-port"],
    ipvs: { expireNodestConn: true, connReuseMode: 3, sloppyTcp: true, syncRefreshPeriod: 2 },
    ...(failover && { failover }),
  });
}

test("a director may stop, lose its power, freeze and come back: clients are served, and stay connected", async () => {
  const before = await snapshots();
  const stack = await stackOn(lab, { program: { text: cluster() } });
  await stack.up();
  const clients = await lab.client.openLoop(VIP, HELD);

  await step("failover is turned on for a cluster that runs: no request fails, and all stay connected", async () => {
    await directors.shareConnections();
    stack.write(cluster({ virtualRouterId: 51 }));
    expect(await clients.during(() => stack.up(), { quiet: 3 })).toMatchObject({ failed: [], held: HELD });
    expect((await directors.master()).name).toBe("director2");
    await stack.preview("--refresh", "--expect-no-changes");
  });

  await step("keepalived is stopped on the master, and the next up starts it again", async () => {
    await directors.shareConnections();
    const stopped = await directors.master();
    await expectServed(clients, () => stopped.sh("systemctl stop keepalived"), AFTER_A_STOP);
    expect(await hasVip(stopped)).toBe(false);
    const planned = [...(await stack.planned("--refresh"))].filter(([, what]) => what === "update");
    expect(planned).toEqual([[`web-${stopped.name}-vrrp`, "update"]]);
    expect(await clients.during(() => stack.up("--refresh"))).toMatchObject({ failed: [], hurt: 0, held: HELD });
    expect((await directors.master()).name).not.toBe(stopped.name);
  });

  await step("the master loses its power, and comes back as the other one's stand-in", async () => {
    await directors.shareConnections();
    const cut = await directors.master();
    await expectServed(clients, () => cut.powerCut(), AFTER_SILENCE, { quiet: 5 });
    expect((await directors.master()).name).not.toBe(cut.name);
    await stack.preview("--refresh", "--expect-no-changes");
  });

  await step("the master freezes, and thaws", async () => {
    await directors.shareConnections();
    const frozen = await directors.master();
    await expectServed(clients, () => frozen.freeze(), AFTER_SILENCE);
    expect(await clients.during(() => frozen.thaw(), { quiet: 3 })).toMatchObject({ failed: [], held: HELD });
  });

  await step("with three adverts a second it is quicker, and a link that flaps leaves no two masters", async () => {
    stack.write(cluster({ virtualRouterId: 51, advertInterval: 0.3 }));
    expect(await clients.during(() => stack.up(), { quiet: 3 })).toMatchObject({ failed: [], held: HELD });
    await directors.shareConnections();
    const cut = await directors.master();
    await expectServed(clients, () => cut.powerCut(), AFTER_SILENCE_AT_THIRDS, { quiet: 3 });
    for (let flap = 1; flap <= FLAPS; flap += 1) {
      await directors.shareConnections();
      const flapping = await directors.master();
      const seen = await clients.during(async () => {
        await flapping.unplug("eth0");
        await sleep(1500);
        await flapping.plugIn("eth0");
      });
      expect([flap, seen]).toEqual([flap, expect.objectContaining({ held: HELD })]);
      expect(seen.outage).toBeLessThan(1.5 + AFTER_SILENCE_AT_THIRDS);
    }
    await directors.master();
  });

  await step("failover is turned off again in the same way", async () => {
    await directors.shareConnections();
    stack.write(cluster());
    expect(await clients.during(() => stack.up(), { quiet: 3 })).toMatchObject({ failed: [], held: HELD });
    expect((await directors.master()).name).toBe("director1");
    await stack.preview("--refresh", "--expect-no-changes");
  });

  await clients.end();
  await stack.destroy();
  const after = await snapshots();
  expect(before.flatMap((was, index) => differences(was, after[index] ?? was))).toEqual([]);
});

test("ha-dr-cluster: both directors boot at once, and one of them has the VIP when its rules are there", async () => {
  await liveThrough(lab, "ha-dr-cluster", async (stack) => {
    await Promise.all(directors.both.map((director) => director.powerOff()));
    await Promise.all(directors.both.map((director) => director.powerOn()));
    const active = await directors.master();
    for (const director of directors.both) {
      expect([director.name, await director.text(WHO_WAS_FIRST)]).toEqual([director.name, "rules, keepalived"]);
    }
    const clients = await lab.client.openLoop(VIP, HELD);
    await directors.shareConnections();
    // Its checkers take the rules along, so that a connection may be reset before the VIP has moved.
    const seen = await clients.during(() => active.sh("systemctl restart keepalived"));
    expect(seen.outage).toBeLessThan(AFTER_A_STOP);
    await clients.end();
    await lab.host("web1").sh("systemctl stop nginx");
    for (const director of directors.both)
      await director.sh("until ipvsadm -Sn | grep -q '100:80 -g -w 0'; do sleep 0.2; done");
    expect(tally(await lab.client.get(`http://${VIP}/`, { times: 10 }))).toEqual({ web2: 10 });
    await stack.preview("--refresh", "--expect-no-changes");
    await lab.host("web1").sh("systemctl start nginx");
  });
});

/** By systemd's clock of this boot. */
const WHO_WAS_FIRST = `
rules=$(systemctl show -P ActiveEnterTimestampMonotonic ipvsadm)
daemon=$(systemctl show -P ExecMainStartTimestampMonotonic keepalived)
[ "$rules" -gt 0 ] && [ "$rules" -le "$daemon" ] && echo 'rules, keepalived' || echo "rules $rules, keepalived $daemon"`;

test("ha-nat-cluster: a director that has lost the inside gives the VIP and the gateway away", async () => {
  await liveThrough(lab, "ha-nat-cluster", async () => {
    const stopped = await directors.master();
    const clients = await lab.client.openLoop(VIP, HELD);
    await directors.shareConnections();
    await expectServed(clients, () => stopped.sh("systemctl stop keepalived"), AFTER_A_STOP);
    await stopped.sh("systemctl start keepalived");
    const outside = await directors.master();
    expect(outside.name).not.toBe(stopped.name);
    const seen = await clients.during(() => outside.unplug("eth1"), { limit: 15 });
    expect(seen.outage).toBeLessThan(8);
    expect((await directors.master()).name).toBe(stopped.name);
    expect(await clients.during(() => outside.plugIn("eth1"), { quiet: 3 })).toMatchObject({ failed: [], hurt: 0 });
    await clients.end();
  });
});

test("a cluster with tunnels fails over, and all who are connected stay so", async () => {
  const before = await snapshots();
  const text = program("TunCluster", { scheduler: "wlc", failover: { virtualRouterId: 51 } });
  const stack = await stackOn(lab, { program: { text } });
  await stack.up();
  const stopped = await directors.master();
  const clients = await lab.client.openLoop(VIP, HELD);
  await directors.shareConnections();
  await expectServed(clients, () => stopped.sh("systemctl stop keepalived"), AFTER_A_STOP);
  await clients.end();
  await stack.destroy();
  const after = await snapshots();
  expect(before.flatMap((was, index) => differences(was, after[index] ?? was))).toEqual([]);
});

test("ha-nginx-pair: an nginx that stops or hangs, and a host that is cut off, are left by the address", async () => {
  await liveThrough(
    lab,
    "ha-nginx-pair",
    async (stack) => {
      const clients = await lab.client.openLoop(VIP, 0);
      const first = await directors.master();
      // All but the first address may differ for a while.
      const program = readFileSync(join(stack.program, "index.ts"), "utf8");
      stack.write(program.replace(`["${VIP}"]`, `["${VIP}", "192.168.4.6"]`));
      const apart = await clients.during(async () => {
        await stack.up("--target", "**web-director2");
        await sleep(10_000);
        expect((await directors.master()).name).toBe(first.name);
        await stack.up();
      });
      expect(apart).toMatchObject({ failed: [], hurt: 0 });
      expect(await first.text("ip -o -4 addr show to 192.168.4.6")).toContain("eth0");
      const stopped = await clients.during(() => first.sh("systemctl stop nginx"));
      expect(stopped.outage).toBeLessThan(3);
      expect(stopped.servers).toEqual(["web1", "web2"]);
      await first.sh("systemctl start nginx");
      const second = await directors.master();
      expect(second.name).not.toBe(first.name);
      await isReady(first);
      const hung = await clients.during(() => second.sh("pkill -STOP nginx"));
      expect(hung.outage).toBeLessThan(6);
      await second.sh("pkill -CONT nginx");
      expect((await directors.master()).name).toBe(first.name);
      await isReady(second);
      const cut = await clients.during(() => first.powerOff());
      expect(cut.outage).toBeLessThan(4.5);
      expect(await clients.during(() => first.powerOn(), { quiet: 5 })).toMatchObject({ failed: [], hurt: 0 });
      await clients.end();
    },
    { stays: LINKS_OF_NGINX },
  );
});

/** Until keepalived would take the address there. */
const isReady = (host: LabHost) =>
  host.sh("until journalctl -u keepalived -o cat --no-pager | tail -n 1 | grep -q BACKUP; do sleep 0.2; done");

function snapshots(): Promise<Snapshot[]> {
  return Promise.all(lab.hosts.filter(({ name }) => name !== "client").map((host) => host.snapshot()));
}
