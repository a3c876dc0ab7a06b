import { differences, type Snapshot } from "../../../tools/lab/host/snapshot.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import type { Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";

/** Of the same kinds as ours, on the same host, in the same files. */
const FOREIGN = `
ipvsadm -A -t 192.168.4.9:443 -s sh -b sh-port
ipvsadm -a -t 192.168.4.9:443 -r 10.9.0.1:443 -i -w 7 -x 100 -y 50
ipvsadm -A -f 9 -s rr
ip addr add 192.168.4.77/24 dev eth0 label eth0:77
sysctl -q -w net.ipv4.conf.eth0.arp_ignore=1
printf '# by hand\\n-A -f 9 -s rr' > /etc/ipvsadm.rules
printf 'auto eth0:77\\niface eth0:77 inet static\\n\\taddress 192.168.4.77/24\\n' > /etc/network/interfaces.d/eth0:77
printf 'net.ipv4.conf.eth0.arp_ignore=1\\n' > /etc/sysctl.d/50-by-hand.conf`;

const EQUAL = `
ipvsadm -A -t 192.168.4.5:80 -s wrr -p 300
ipvsadm -a -t 192.168.4.5:80 -r 10.0.0.1:80 -g -w 5
ip addr add 192.168.4.5/32 dev eth0 label eth0:0`;

const OTHER = `
ipvsadm -A -t 192.168.4.5:81 -s rr -p 60
ipvsadm -a -t 192.168.4.5:81 -r 10.0.0.1:8081 -m -w 9 -x 5
ipvsadm -A -t 192.168.4.5:82 -s rr
ipvsadm -a -t 192.168.4.5:82 -r 10.0.0.1:82 -g -w 9
ipvsadm -a -t 192.168.4.5:82 -r 10.0.0.9:82 -g -w 9
ip addr add 192.168.4.6/24 dev eth0`;

const equal = `
import * as lvs from "pulumi-lvs";
const host = "director1", protocol = "tcp", boot = false;
const web = new lvs.VirtualService("web", { host, protocol, address: "192.168.4.5:80", scheduler: "wrr", persistenceTimeout: 300, boot });
new lvs.RealServer("web1", { host, service: web, address: "10.0.0.1", weight: 5, boot });
new lvs.VipAlias("vip", { host, role: "director", address: "192.168.4.5", device: "eth0", label: "eth0:0", boot });
`;

const other = `${equal}
const app = new lvs.VirtualService("app", { host, protocol, address: "192.168.4.5:81" });
new lvs.RealServer("app1", { host, service: app, address: "10.0.0.1:8081", forwarding: "masquerade", weight: 2 });
new lvs.VirtualService("inline", { host, protocol, address: "192.168.4.5:82", realServers: { "10.0.0.1": {}, "10.0.0.2": {} } });
new lvs.VipAlias("vip2", { host, role: "director", address: "192.168.4.6", device: "eth0", label: "eth0:1" });
`;

const lab = useLab({ hosts: ["director1"] });
let stack: Stack;
let found: Snapshot;

const director = () => lab.host("director1");

beforeAll(async () => {
  await director().sh(FOREIGN);
  found = await director().snapshot();
  stack = await stackOn(lab, { program: { text: equal } });
});

/** Nothing that was there before is gone or different, in the kernel or in a file that is not ours as well. */
async function foreignIsLeftAlone(): Promise<void> {
  const ours = [
    "/etc/default/ipvsadm",
    "/etc/ipvsadm.rules",
    "/etc/rc",
    "/etc/init.d/.depend",
    "/etc/network",
    "units:",
    "/etc ",
  ];
  const lost = differences(found, await director().snapshot()).filter((line) => line.startsWith("-"));
  expect(lost.filter((line) => !ours.some((path) => line.includes(path)))).toEqual([]);
  expect(await director().text("cat /etc/ipvsadm.rules")).toMatch(/^# by hand\n-A -f 9 -s rr/);
}

test("what a host has already is adopted, made as desired, and given up by a destroy, beside things of others", async () => {
  await step(
    "what is there and as wanted is taken over, with a line for each in the host's record and nothing else",
    async () => {
      await director().sh(EQUAL);
      const before = await director().snapshot();
      await stack.up();
      const owned = await director().text("cut -d '\"' -f 2 /var/lib/pulumi-lvs/owners | sort | uniq -c | tr -s ' '");
      expect(owned.split("\n").map((line) => line.trim())).toEqual(["1 RealServer", "1 VipAlias", "1 VirtualService"]);
      expect(differences(before, await director().snapshot())).toEqual([]);
    },
  );

  await step("what is there and different is made as wanted", async () => {
    await director().sh(OTHER);
    stack.write(other);
    await stack.up();
    const rules = await director().text("ipvsadm -Sn | grep 192.168.4.5");
    expect(rules.split("\n").sort()).toEqual([
      "-A -t 192.168.4.5:80 -s wrr -p 300",
      "-A -t 192.168.4.5:81 -s wlc",
      "-A -t 192.168.4.5:82 -s wlc",
      "-a -t 192.168.4.5:80 -r 10.0.0.1:80 -g -w 5",
      "-a -t 192.168.4.5:81 -r 10.0.0.1:8081 -m -w 2",
      "-a -t 192.168.4.5:82 -r 10.0.0.1:82 -g -w 1",
      "-a -t 192.168.4.5:82 -r 10.0.0.2:82 -g -w 1",
    ]);
    expect(await director().text("ipvsadm -Ln --thresholds | grep 10.0.0.1:8081")).toMatch(/ 0 +0 +0 +0/);
    expect(await director().text("ip -o address show to 192.168.4.6")).toMatch(/inet 192.168.4.6\/32 .* eth0:1/);
    await foreignIsLeftAlone();
  });

  await step("what others have on the host is left alone by refresh and by another up", async () => {
    await stack.up("--refresh", "--expect-no-changes");
    await foreignIsLeftAlone();
  });

  await step("a destroy takes away what was taken over, and nothing else", async () => {
    await stack.destroy();
    expect(differences(found, await director().snapshot())).toEqual([]);
  });
});
