import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import type { LabHost } from "../../../tools/lab/host/host.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

const VIP = "192.168.4.5";
const VIP6 = "2001:db8:4::5";

const lab = useLab({ hosts: ["director1", "web1", "client", "rhel1"] });

afterEach(endRun);

async function addressLines(host: LabHost, address: string): Promise<readonly string[]> {
  const text = await host.text(`ip -o addr show | grep -F ' ${address}/' | tr -s ' ' || true`);
  return text === "" ? [] : text.split("\n").map((line) => line.replace(/\\.*/, "").trim());
}

test("a director and a tuned real server hold VIPs of both families on NIC, lo and dummy, and the director alone answers, before and after a reboot", async () => {
  const [director, web] = [lab.host("director1"), lab.host("web1")];
  const before = [await director.snapshot(), await web.snapshot()];
  const tuning = new LabResource(drKernelTuning, web);
  const onWeb = new LabResource(vipAlias, web);
  const onDirector = new LabResource(vipAlias, director);

  // Without the settings a real server would answer for its VIP: that is what they are for.
  await web.sh(`ip addr add ${VIP}/32 dev lo`);
  expect(await lab.client.arpOwners(VIP)).toEqual([web.mac("eth0")]);
  await web.sh(`ip addr del ${VIP}/32 dev lo`);

  expect(await tuning.up({ devices: ["eth0"] })).toMatchObject({
    settings: { "net.ipv4.conf.all.arp_ignore": 1, "net.ipv4.conf.eth0.arp_announce": 2 },
    boot: true,
  });
  expect(await onWeb.up({ role: "realServer", address: VIP })).toMatchObject({ label: "lo:0", boot: true, live: true });
  expect(await onDirector.up({ role: "director", address: VIP, device: "eth0" })).toMatchObject({
    address: `${VIP}/32`,
    label: "eth0:0",
    boot: true,
    live: true,
  });
  expect(await addressLines(director, VIP)).toEqual([`3: eth0 inet ${VIP}/32 scope global eth0:0`]);
  expect(await addressLines(web, VIP)).toEqual([`1: lo inet ${VIP}/32 scope global lo:0`]);
  expect(await lab.client.arpOwners(VIP)).toEqual([director.mac("eth0")]);

  const onLo = new LabResource(vipAlias, web);
  const onDummy = new LabResource(vipAlias, web);
  const onNic = new LabResource(vipAlias, director);
  await onLo.up({ role: "realServer", address: VIP6 });
  await onDummy.up({ role: "realServer", address: "192.168.4.6", device: "dummy0" });
  await onNic.up({ role: "director", address: VIP6, device: "eth0" });

  await Promise.all([director.reboot(), web.powerCut()]);
  endRun();
  const all = [onNic, onDummy, onLo, onDirector, onWeb, tuning];
  for (const resource of all) expect(await resource.drift()).toBe("none");
  expect(await lab.client.arpOwners(VIP)).toEqual([director.mac("eth0")]);

  for (const resource of all) await resource.destroy();
  expect([await director.snapshot(), await web.snapshot()]).toEqual(before);
});

test("neighbours that knew the VIP elsewhere are told, without being asked", async () => {
  const director = lab.host("director1");
  await lab.client.sh(`ip neigh replace ${VIP} lladdr 02:00:00:00:00:99 dev eth0 nud stale`);
  const vip = new LabResource(vipAlias, director);
  await vip.up({ role: "director", address: VIP, device: "eth0" });
  await lab.client.sh("for i in $(seq 30); do ip neigh show " + VIP + " | grep -q 00:99 || break; sleep 0.1; done");
  expect(await lab.client.neighbour(VIP)).toBe(director.mac("eth0"));
  await vip.destroy();
  await lab.client.forgetNeighbour(VIP);
});

test("each property drifts, is seen and is repaired", async () => {
  const director = lab.host("director1");
  const vip = new LabResource(vipAlias, director);
  await vip.up({ role: "director", address: VIP, device: "eth0" });
  const file = "/etc/network/interfaces.d/pulumi-lvs-eth0-192-168-4-5";
  const drifts = [
    { by: `ip addr del ${VIP}/32 dev eth0`, shows: { live: false } },
    { by: `ip addr del ${VIP}/32 dev eth0; ip addr add ${VIP}/32 dev eth0`, shows: { label: "eth0" } },
    { by: `ip addr add ${VIP}/24 dev eth0`, shows: { address: `${VIP}/24` } },
    { by: `sed -i s/32/24/ ${file}`, shows: { boot: false } },
    { by: `rm ${file}`, shows: { boot: false } },
  ];
  for (const { by, shows } of drifts) {
    await director.sh(by);
    endRun();
    expect(await vip.drift()).toBe("some");
    expect(await vip.refresh()).toMatchObject(shows);
    expect(await vip.repair()).toMatchObject({ address: `${VIP}/32`, label: "eth0:0", boot: true, live: true });
    expect(await vip.drift()).toBe("none");
  }
  await director.sh(`ip addr del ${VIP}/32 dev eth0; rm ${file}`);
  endRun();
  expect(await vip.drift()).toBe("gone");
});

test("an operator's ifup, ifdown and restart of networking do with a VIP what they do with any alias", async () => {
  const director = lab.host("director1");
  const [one, two] = [new LabResource(vipAlias, director), new LabResource(vipAlias, director)];
  await one.up({ role: "director", address: VIP, device: "eth0" });
  await two.up({ role: "director", address: VIP6, device: "eth0" });
  const up = await addressLines(director, VIP);
  await director.sh("ifup eth0:0");
  expect(await addressLines(director, VIP)).toEqual(up);
  await director.sh("ifdown eth0:0");
  expect(await addressLines(director, VIP)).toEqual([]);
  await director.sh("ifup eth0:0");
  expect(await addressLines(director, VIP)).toEqual(up);
  await director.sh("systemctl restart networking");
  expect(await director.text("systemctl is-active networking")).toBe("active");
  expect(await director.text("journalctl -b -p warning -u networking --no-pager -q")).toBe("");
  endRun();
  expect([await one.drift(), await two.drift()]).toEqual(["none", "none"]);
  await director.sh("ifdown eth0:0");
  await Promise.all([one.destroy(), two.destroy()]);
});

test("label, prefix and boot change in place; nothing else on the NIC is touched", async () => {
  const director = lab.host("director1");
  await director.sh(`ip addr add 192.168.4.77/24 dev eth0 label eth0:7; ip addr add ${VIP6}/64 dev eth0 nodad`);
  const before = await director.snapshot();
  const vip = new LabResource(vipAlias, director);
  await vip.up({ role: "director", address: VIP, device: "eth0" });
  await vip.up({ role: "director", address: VIP, device: "eth0", label: "eth0:web" });
  expect(await addressLines(director, VIP)).toEqual([`3: eth0 inet ${VIP}/32 scope global eth0:web`]);
  await vip.up({ role: "director", address: `${VIP}/24`, device: "eth0", label: "eth0:web" });
  expect(await addressLines(director, VIP)).toEqual([
    `3: eth0 inet ${VIP}/24 brd 192.168.4.255 scope global secondary eth0:web`,
  ]);
  await vip.up({ role: "director", address: VIP, device: "eth0", boot: false });
  expect(await director.text("ls /etc/network/interfaces.d")).toBe("");
  await expect(
    new LabResource(vipAlias, director).up({
      role: "director",
      address: "192.168.4.6",
      device: "eth0",
      label: "eth0:7",
    }),
  ).rejects.toThrow('the label eth0:7 belongs to 192.168.4.77/24 already. Choose another, such as "eth0:1"');
  await vip.destroy();
  expect(await director.snapshot()).toEqual(before);
  await director.sh(`ip addr del 192.168.4.77/24 dev eth0; ip addr del ${VIP6}/64 dev eth0`);
});

test("an IPv6 address with another prefix length becomes the VIP, since the kernel takes it once for a NIC", async () => {
  const director = lab.host("director1");
  await director.sh(`ip addr add ${VIP6}/64 dev eth0 nodad`);
  const vip = new LabResource(vipAlias, director);
  expect(await vip.up({ role: "director", address: VIP6, device: "eth0" })).toMatchObject({ boot: true, live: true });
  expect(await addressLines(director, VIP6)).toEqual([`3: eth0 inet6 ${VIP6}/128 scope global nodad`]);
  expect(await vip.drift()).toBe("none");
  await vip.destroy();
  expect(await addressLines(director, VIP6)).toEqual([]);
});

test("the address by which we reach the host is refused, although the host would take it", async () => {
  const director = lab.host("director1");
  const before = await director.text("ip -o addr show dev mgmt0");
  const address = await director.text("ip -o -4 addr show dev mgmt0 | tr -s ' ' | cut -d' ' -f4 | cut -d/ -f1");
  await expect(
    new LabResource(vipAlias, director).up({ role: "director", address, device: "mgmt0", boot: false }),
  ).rejects.toThrow(`${address} is where we reach this host by SSH`);
  expect(await director.text("ip -o addr show dev mgmt0")).toBe(before);
});

test.each(["director1", "rhel1"] as const)(
  "two VIPs of one run with one label on %s: one gets it, the other is told, and can choose another",
  async (name) => {
    const host = lab.host(name);
    const before = await host.snapshot();
    const args = { role: "director", device: "eth0", gratuitousArp: false };
    const [one, two] = [new LabResource(vipAlias, host), new LabResource(vipAlias, host)];
    const [first, second] = await Promise.allSettled([
      one.up({ ...args, address: VIP }),
      two.up({ ...args, address: "192.168.4.6" }),
    ]);
    expect([first.status, second.status]).toEqual(["fulfilled", "rejected"]);
    expect(second).toMatchObject({ reason: { message: expect.stringContaining("Choose another label") as string } });
    await two.up({ ...args, address: "192.168.4.6", label: "eth0:1" });
    expect([await one.drift(), await two.drift()]).toEqual(["none", "none"]);
    await Promise.all([one.destroy(), two.destroy()]);
    expect(await host.snapshot()).toEqual(before);
  },
);

test("a host of RHEL: the file is where network-scripts look, the address is up, and both go", async () => {
  const rhel = lab.host("rhel1");
  const before = await rhel.snapshot();
  const vip = new LabResource(vipAlias, rhel);
  expect(await vip.up({ role: "director", address: VIP, device: "eth0" })).toMatchObject({ boot: true, live: true });
  const folder = "/etc/sysconfig/network-scripts";
  expect(await rhel.text(`. ${folder}/ifcfg-eth0:0 && echo $DEVICE $IPADDR $PREFIX $NETMASK $ONPARENT`)).toBe(
    `eth0:0 ${VIP} 32 255.255.255.255 yes`,
  );
  expect(await rhel.text(`ls -A ${folder} | grep -F 'eth0:'`)).toBe("ifcfg-eth0:0");
  await vip.up({ role: "director", address: VIP, device: "eth0", label: "eth0:1" });
  expect(await rhel.text(`ls -A ${folder} | grep -F 'eth0:'`)).toBe("ifcfg-eth0:1");
  await vip.destroy();
  expect(await rhel.snapshot()).toEqual(before);
});

test("ARP settings: drift in a value and in the file is seen and repaired", async () => {
  const web = lab.host("web1");
  const before = await web.snapshot();
  const tuning = new LabResource(drKernelTuning, web);
  await tuning.up({});
  await web.sh("sysctl -q -w net.ipv4.conf.all.arp_ignore=0");
  endRun();
  expect(await tuning.refresh()).toMatchObject({ settings: { "net.ipv4.conf.all.arp_ignore": 0 }, boot: true });
  await tuning.repair();
  await web.sh("sed -i '/^net.ipv4.conf.all.arp_announce/s/2/0/' /etc/sysctl.d/99-zz-pulumi-lvs.conf");
  endRun();
  expect(await tuning.refresh()).toMatchObject({ settings: { "net.ipv4.conf.all.arp_announce": 2 }, boot: false });
  await tuning.repair();
  expect(await tuning.drift()).toBe("none");
  await tuning.destroy();
  expect(await web.snapshot()).toEqual(before);
});
