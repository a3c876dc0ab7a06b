import { differences, type Snapshot } from "../../../tools/lab/host/snapshot.ts";
import { step } from "../../support/step.ts";
import { useLab } from "../../support/use-lab.ts";
import type { Stack } from "../support/stack.ts";
import { stackOn } from "../support/stack-on.ts";

/** A stack that needs what the other one needs too, and has a service of its own. */
const program = (vip: string) => `
import * as lvs from "pulumi-lvs";
const host = "director1";
new lvs.NatKernelTuning("router", { host, devices: ["eth1"] });
new lvs.DrKernelTuning("silent", { host });
new lvs.TunKernelTuning("tunnel", { host, type: "gue", port: 6080 });
new lvs.IpvsSettings("settings", { host, conntrack: true, timeouts: { tcp: 300 }, connTabBits: 14 });
new lvs.VirtualService("web", { host, protocol: "tcp", address: "${vip}:80", realServers: { "192.168.2.100": { forwarding: "masquerade" } } });
new lvs.VipAlias("vip", { host, role: "director", address: "${vip}", device: "eth0" });
const both = new lvs.VirtualService("both", { host, protocol: "tcp", address: "192.168.4.7:80" });
new lvs.RealServer("server", { host, service: both.key, address: "192.168.2.100:80", forwarding: "masquerade" });
new lvs.VipAlias("both", { host, role: "director", address: "192.168.4.7", device: "eth0" });
new lvs.SystemdService("nginx", { host, name: "nginx", running: false, enabled: "disabled" });
`;

const lab = useLab({ hosts: ["director1"] });
let one: Stack;
let two: Stack;
let before: Snapshot;

const director = () => lab.host("director1");

beforeAll(async () => {
  before = await director().snapshot();
  [one, two] = await Promise.all([
    stackOn(lab, { name: "one", program: { text: program("192.168.4.5") } }),
    stackOn(lab, { name: "two", program: { text: program("192.168.4.6") } }),
  ]);
});

/** What both need, as the kernel and the next boot have it. */
const shared = () =>
  director().text(`sysctl -n net.ipv4.ip_forward net.ipv4.vs.conntrack net.ipv4.conf.all.arp_ignore
    ipvsadm -L --timeout; ip fou show; ip -br link show dev tunl0 | cut -c 1-14
    cat /etc/modules-load.d/pulumi-lvs-settings.conf /etc/modprobe.d/zz-pulumi-lvs-ip_vs.conf | grep -v ^#
    ipvsadm -Sn | grep 192.168.4.7; ip -br addr show dev eth0 | grep -o 192.168.4.7/; ls /etc/network/interfaces.d/*-192-168-4-7
    systemctl is-active nginx; systemctl is-enabled nginx
    systemctl is-enabled pulumi-lvs-tun-gue-6080.service; grep -e --set /etc/ipvsadm.rules`);

test("two stacks that need the same of a host: each may come and go, at once too, and the last one restores what was", async () => {
  await step("both come at once, and each finds nothing to do afterwards", async () => {
    await Promise.all([one.up(), two.up()]);
    await Promise.all([one, two].map((stack) => stack.refresh("--expect-no-changes")));
  });

  const whole = await shared();
  expect(whole).toContain("Timeout (tcp tcpfin udp): 300");
  expect(whole).toContain("-a -t 192.168.4.7:80 -r 192.168.2.100:80 -m -w 1");

  await step("one goes while the other one changes: what both need stays", async () => {
    two.write(program("192.168.4.6").replace("conntrack: true", "conntrack: true, snatReroute: false"));
    const [gone] = await Promise.all([one.try("destroy", "--yes", "--skip-preview"), two.up()]);
    expect([gone.code, gone.text]).toEqual([
      0,
      expect.stringMatching(/VipAlias 192.168.4.7 .*: stays, because .*\/two\/both needs it/),
    ]);
    expect(await shared()).toBe(whole);
    await two.refresh("--expect-no-changes");
  });

  await step("one comes back while the other one goes", async () => {
    await Promise.all([one.up(), two.destroy()]);
    expect(await shared()).toBe(whole);
    await one.refresh("--expect-no-changes");
    await director().reboot();
    expect(await shared()).toBe(whole);
  });

  await step("the last one leaves the host as it was found", async () => {
    await one.destroy();
    expect(differences(before, await director().snapshot())).toEqual([]);
  });
});
