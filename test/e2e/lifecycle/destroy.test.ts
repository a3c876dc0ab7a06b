import { setTimeout as sleep } from "node:timers/promises";
import { differences, type Snapshot } from "../../../tools/lab/host/snapshot.ts";
import { step } from "../../support/step.ts";
import { until } from "../../support/until.ts";
import { useLab } from "../../support/use-lab.ts";
import { diagnostics } from "../support/diagnostics.ts";
import type { Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";

const HOSTS = ["director1", "web1"] as const;
const VIP = "192.168.4.5";
const SERVER = `RealServer tcp ${VIP}:80 -> 192.168.4.100:80 on director1`;

/** A cluster of one server, which is taken out gently, or has been. */
const cluster = (drain: object | undefined) => `
import * as lvs from "pulumi-lvs";
const tuning = new lvs.DrKernelTuning("tuning", { host: "web1" });
const silent = new lvs.VipAlias("silent", { host: "web1", role: "realServer", address: "${VIP}" }, { dependsOn: tuning });
const web = new lvs.VirtualService("web", { host: "director1", protocol: "tcp", address: "${VIP}:80" }, { dependsOn: silent });
new lvs.VipAlias("vip", { host: "director1", role: "director", address: "${VIP}", device: "eth0" }, { dependsOn: web });
const drain = ${JSON.stringify(drain)};
if (drain) new lvs.RealServer("web1", { host: "director1", service: web, address: "192.168.4.100", drain });
`;

const lab = useLab({ hosts: [...HOSTS, "client"] });
let stack: Stack;
let before: readonly Snapshot[];

const director = () => lab.host("director1");
const snapshots = () => Promise.all(HOSTS.map((name) => lab.host(name).snapshot()));
const rules = async () => (await director().text("ipvsadm -Sn")).split("\n").filter((line) => line !== "");

beforeAll(async () => {
  before = await snapshots();
  stack = await stackOn(lab, { program: { text: cluster({ timeout: 60, pollInterval: 1 }) } });
});

async function expectAsFound(): Promise<void> {
  const after = await snapshots();
  expect(before.flatMap((was, index) => differences(was, after[index] as Snapshot))).toEqual([]);
}

/** The client holds a connection to the service and says nothing on it, until told to let go. */
async function holdConnection(): Promise<() => Promise<void>> {
  await lab.client.sh(
    `nohup bash -c 'exec 3<>/dev/tcp/${VIP}/80 && exec sleep 600' >/dev/null 2>&1 </dev/null & echo $! >/tmp/holder`,
  );
  await until("a connection", async () => (await director().text("ipvsadm -Lnc")).includes("ESTABLISHED"));
  return async () => {
    await lab.client.sh("kill $(cat /tmp/holder)");
  };
}

test("a drain ends with the connections or with its time, and what is gone already is no error", async () => {
  await step("a drained server gets no new connections, and goes when the ones that it has are ended", async () => {
    await stack.up();
    const letGo = await holdConnection();
    stack.write(cluster(undefined));
    const going = stack.up();
    await until("weight 0", async () => (await rules()).includes(`-a -t ${VIP}:80 -r 192.168.4.100:80 -g -w 0`));
    // Nothing is said of a wait of less than 5 s.
    await sleep(7000);
    expect(await rules()).toContain(`-a -t ${VIP}:80 -r 192.168.4.100:80 -g -w 0`);
    await letGo();
    expect((await going).text).toContain(`${SERVER}: draining, 1 connection(s) left`);
    expect(await rules()).toEqual([`-A -t ${VIP}:80 -s wlc`]);
  });

  await step("a drain ends when its time is over, and reports how many connections were cut", async () => {
    stack.write(cluster({ timeout: 2, pollInterval: 1 }));
    await stack.up();
    const letGo = await holdConnection();
    stack.write(cluster(undefined));
    expect((await stack.up()).text).toContain(`${SERVER}: the drain timeout of 2 s is over with 1 connection(s) left`);
    expect(await rules()).toEqual([`-A -t ${VIP}:80 -s wlc`]);
    await letGo();
  });

  await step("a destroy of what somebody took away by hand succeeds", async () => {
    stack.write(cluster({ timeout: 0 }));
    await stack.up();
    await director().sh(`
      ipvsadm -D -t ${VIP}:80
      ip addr del ${VIP}/32 dev eth0
      sed -i '/pulumi-lvs begin/,/pulumi-lvs end/d' /etc/ipvsadm.rules
      rm $(grep -rl ${VIP} /etc/network)`);
    await lab.host("web1").sh(`
      ip addr del ${VIP}/32 dev lo
      sysctl -q -w net.ipv4.conf.{all,lo}.arp_ignore=0 net.ipv4.conf.{all,lo}.arp_announce=0
      rm $(grep -rl ${VIP} /etc/network) $(grep -rl arp_ignore /etc/sysctl.d)`);
    await stack.destroy();
    await expectAsFound();
  });

  await step(
    "a rule that somebody deleted does not come back at the next boot, also where a refresh comes first",
    async () => {
      await stack.up();
      await director().sh(`ipvsadm -D -t ${VIP}:80`);
      await stack.destroy("--refresh");
      await expectAsFound();
    },
  );
});

const shared = `
  import * as lvs from "pulumi-lvs";
  new lvs.VirtualService("web", {
    host: "director1", protocol: "tcp", address: "${VIP}:80", exclusive: false, realServers: { "10.0.0.1": {}, "10.0.0.2": {} },
  });`;

test("servers of others in a service of ours are left alone by an up, and make a destroy fail", async () => {
  stack.write(shared);
  await stack.up();
  await director().sh(`ipvsadm -a -t ${VIP}:80 -r 10.0.0.9 -g`);
  stack.write(shared.replace(', "10.0.0.2": {}', ""));
  await stack.up("--refresh");
  const three = [
    `-A -t ${VIP}:80 -s wlc`,
    `-a -t ${VIP}:80 -r 10.0.0.1:80 -g -w 1`,
    `-a -t ${VIP}:80 -r 10.0.0.9:80 -g -w 1`,
  ];
  expect((await rules()).sort()).toEqual(three);
  const { code, text } = await stack.try("destroy", "--yes", "--skip-preview");
  expect(code).not.toBe(0);
  expect(diagnostics(text)["web"]).toBe(
    `error: VirtualService tcp ${VIP}:80 on director1: tcp ${VIP}:80 still has real servers that this resource does not manage: 10.0.0.9:80. ` +
      "The kernel would delete them with the service. Delete them first; Pulumi does that for RealServer resources whose service is " +
      'the VirtualService\'s "key".',
  );
  expect((await rules()).sort()).toEqual(three);
  await director().sh(`ipvsadm -d -t ${VIP}:80 -r 10.0.0.9`);
  await stack.destroy();
  await expectAsFound();
});
