import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import type { LabHost } from "../../../tools/lab/host/host.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

const VIP = "192.168.4.5";
const VIP6 = "2001:db8:4::5";
const NIC6 = "2001:db8:2::2";

const INTERFACES = "/etc/network/interfaces";
const STANZA = "auto eth0:9\niface eth0:9 inet static\n    address 192.168.4.15/32";

const lab = useLab({ hosts: ["director1", "web1", "client", "rhel1"], releases: { director1: "trixie" } });

afterEach(endRun);

/** ifupdown2 knows no aliases: their stanzas are the device's. */
function interfaceOf(host: LabHost, label: string): string {
  return host.release === "ifupdown2" ? label.replace(/:.*/, "") : label;
}

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
  const [second, bare] = [new LabResource(vipAlias, director), new LabResource(vipAlias, director)];
  await onLo.up({ role: "realServer", address: VIP6 });
  await onDummy.up({ role: "realServer", address: "192.168.4.6", device: "dummy0" });
  await onNic.up({ role: "director", address: VIP6, device: "eth0" });
  expect(await second.up({ role: "director", address: "192.168.4.7", device: "eth0" })).toMatchObject({
    label: "eth0:1",
  });
  const none = await bare.up({ role: "director", address: "192.168.4.8", device: "eth0", label: "" });
  expect(none).toMatchObject({ label: "eth0", boot: true });

  // An operator's own stanza for a VIP is its boot configuration: with a second one, networking would fail.
  await director.sh(`cp -p ${INTERFACES} /root/interfaces; echo '${STANZA}' >> ${INTERFACES}`);
  endRun();
  const onStanza = new LabResource(vipAlias, director);
  expect(await onStanza.up({ role: "director", address: "192.168.4.15", device: "eth0" })).toMatchObject({
    boot: true,
    live: true,
  });
  const label = interfaceOf(director, "eth0:9");
  expect(await addressLines(director, "192.168.4.15")).toEqual([`3: eth0 inet 192.168.4.15/32 scope global ${label}`]);

  await Promise.all([director.reboot(), web.powerCut()]);
  endRun();
  const all = [onStanza, bare, second, onNic, onDummy, onLo, onDirector, onWeb, tuning];
  for (const resource of all) expect(await resource.drift()).toBe("none");
  const stanzas = await director.text(`cat ${INTERFACES}`);
  expect(await lab.client.arpOwners(VIP)).toEqual([director.mac("eth0")]);

  for (const resource of all) await resource.destroy();
  // The operator's stanza stays as it is: the address is down now, and the next boot brings it up.
  expect(await addressLines(director, "192.168.4.15")).toEqual([]);
  expect(await director.text(`cat ${INTERFACES}`)).toBe(stanzas);
  expect(await director.text(`ifquery ${label}`)).toContain("192.168.4.15");
  await director.sh(`mv /root/interfaces ${INTERFACES}`);
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
    { by: `ip addr add ${VIP}/24 dev eth0`, shows: { address: `${VIP}/24`, boot: true } },
    { by: `ip addr add ${VIP}/28 dev eth0 label eth0:7`, shows: { address: `${VIP}/28`, label: "eth0:7", boot: true } },
    { by: `ip addr change ${VIP}/32 dev eth0 valid_lft 60 preferred_lft 60`, shows: { live: false } },
    {
      by: `ip addr del ${VIP}/32 dev eth0; ip addr add ${VIP}/32 dev eth0 label eth0:x valid_lft 60 preferred_lft 60`,
      shows: { live: false, label: "eth0:x" },
    },
    { by: `sed -i s/32/24/ ${file}`, shows: { boot: false } },
    { by: `rm ${file}`, shows: { boot: false } },
  ];
  for (const { by, shows } of drifts) {
    await director.sh(by);
    endRun();
    expect(await vip.drift()).toBe("some");
    // Asked again, it says the same: also of what is right.
    const seen = await vip.refresh();
    expect([seen, await vip.refresh()]).toEqual([expect.objectContaining(shows), seen]);
    expect(await vip.repair()).toMatchObject({ address: `${VIP}/32`, label: "eth0:0", boot: true, live: true });
    expect(await vip.drift()).toBe("none");
    expect(await director.text(`ip -o addr show dev eth0 to ${VIP}`)).toMatch(
      /valid_lft forever preferred_lft forever$/,
    );
  }
  await director.sh(`ip addr del ${VIP}/32 dev eth0; rm ${file}`);
  endRun();
  expect(await vip.drift()).toBe("gone");
});

test("a director's address is live where its NIC's network is answered, a real server's wherever packets come in", async () => {
  const [director, web] = [lab.host("director1"), lab.host("web1")];
  const before = [await director.snapshot(), await web.snapshot()];
  const [address, silent] = ["192.168.2.9", "192.168.4.6"];
  const [onNic, onDummy] = [new LabResource(vipAlias, director), new LabResource(vipAlias, web)];
  await onNic.up({ role: "director", address: `${address}/24`, device: "eth1", boot: false });
  await onDummy.up({ role: "realServer", address: silent, device: "dummy0", boot: false });
  // A form with a longer prefix than ours is one more, too.
  await director.sh(`ip addr add ${address}/32 dev eth1`);
  endRun();
  expect(await onNic.refresh()).toMatchObject({ address: `${address}/32` });
  await onNic.repair();

  // With keep_addr_on_down the kernel does not forget the IPv6 addresses of the NIC.
  await director.sh("sysctl -qw net.ipv6.conf.eth1.keep_addr_on_down=1; ip link set dev eth1 down");
  const wayIn = `ip route get ${silent} from 192.168.4.10 iif eth0 | head -n 1`;
  for (const change of ["down", "up", "carrier off"]) {
    await web.sh(`ip link set dev dummy0 ${change}`);
    expect(await web.text(wayIn)).toMatch(/^local /);
    endRun();
    expect([change, await onDummy.refresh()]).toEqual([change, expect.objectContaining({ live: true })]);
  }
  // The kernel answers for the address on other networks than the NIC's.
  expect(await director.text(`ip route get ${address} from 192.168.4.10 iif eth0 | head -n 1`)).toMatch(/^local /);
  expect([await onNic.refresh(), await onNic.drift()]).toEqual([expect.objectContaining({ live: false }), "some"]);
  await expect(onNic.repair()).rejects.toThrow(
    "eth1 is down on this host, so nobody on its network would be answered at 192.168.2.9",
  );
  await director.sh("ip link set dev eth1 up; sysctl -qw net.ipv6.conf.eth1.keep_addr_on_down=0");
  endRun();
  for (const resource of [onNic, onDummy]) {
    expect(await resource.drift()).toBe("none");
    await resource.destroy();
  }
  expect([await director.snapshot(), await web.snapshot()]).toEqual(before);
});

test("an operator's ifup, ifdown, ifreload and restart of networking do with a VIP what they do with any address", async () => {
  const director = lab.host("director1");
  const [one, two, bare] = [0, 1, 2].map(() => new LabResource(vipAlias, director)) as [
    LabResource,
    LabResource,
    LabResource,
  ];
  await one.up({ role: "director", address: VIP, device: "eth0" });
  await two.up({ role: "director", address: VIP6, device: "eth0" });
  await bare.up({ role: "director", address: "192.168.4.8", device: "eth0", label: "" });
  const alias = interfaceOf(director, "eth0:0");
  const up = await addressLines(director, VIP);
  await director.sh(`ifup ${alias}`);
  expect(await addressLines(director, VIP)).toEqual(up);
  await director.sh(`ifdown ${alias}`);
  expect(await addressLines(director, VIP)).toEqual([]);
  await director.sh(`ifup ${alias}`);
  expect(await addressLines(director, VIP)).toEqual(up);
  expect(await addressLines(director, VIP6)).toEqual([`3: eth0 inet6 ${VIP6}/128 scope global nodad`]);
  expect(await director.text(RELOAD)).toBe("");
  await director.sh("systemctl restart networking");
  expect(await director.text("systemctl is-active networking")).toBe("active");
  expect(await director.text("journalctl -b -p warning -u networking --no-pager -q")).toBe("");
  endRun();
  expect([await one.drift(), await two.drift(), await bare.drift()]).toEqual(["none", "none", "none"]);
  await director.sh(`ifdown ${alias}`);
  await Promise.all([one.destroy(), two.destroy(), bare.destroy()]);
  await director.sh("ifup eth0");
});

/** What ifreload of ifupdown2 takes away for a moment, and what ifquery finds wrong. Other hosts have no such command. */
const RELOAD = `command -v ifreload >/dev/null || exit 0
exec 3>&1
{ ip monitor address & echo $! >/run/monitor; wait; } | grep "^Deleted" >&3 &
sleep 1
ifreload -a
ifquery --check -a >/run/check || cat /run/check
sleep 1
kill "$(cat /run/monitor)"`;

test("a NIC with a name of 14 or 15 characters holds a VIP, without a label", async () => {
  const director = lab.host("director1");
  for (const device of ["enp0s31f6.4000", "enp193s0f0np0.5"]) {
    // The device is new to the run before, which remembers what it saw for ten seconds.
    endRun();
    await director.sh(`ip link add link eth0 name ${device} type vlan id 5 && ip link set ${device} up`);
    const before = await director.snapshot();
    const vip = new LabResource(vipAlias, director);
    const made = await vip.up({ role: "director", address: "192.168.5.5", device, boot: false });
    expect(made).toMatchObject({ label: device, live: true });
    expect(await director.text(`ip -o addr show dev ${device} to 192.168.5.5`)).toContain(`scope global ${device}`);
    expect(await vip.drift()).toBe("none");
    await vip.destroy();
    expect(await director.snapshot()).toEqual(before);
    await director.sh(`ip link del ${device}`);
  }
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
  await director.sh(`ip addr add ${VIP6}/64 dev eth0 nodad; ip addr add 2001:db8:4::2/64 dev eth0 nodad`);
  const vip = new LabResource(vipAlias, director);
  expect(await vip.up({ role: "director", address: VIP6, device: "eth0" })).toMatchObject({ boot: true, live: true });
  expect(await addressLines(director, VIP6)).toEqual([`3: eth0 inet6 ${VIP6}/128 scope global nodad`]);
  expect(await vip.drift()).toBe("none");
  await vip.destroy();
  expect(await addressLines(director, VIP6)).toEqual([]);
  await director.sh("ip addr del 2001:db8:4::2/64 dev eth0");
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
  "two VIPs of one run by the default label on %s: each gets one of its own, and one of the program's belongs to one of them",
  async (name) => {
    const host = lab.host(name);
    const before = await host.snapshot();
    const args = { role: "director", device: "eth0", gratuitousArp: false };
    const [one, two, three] = [0, 1, 2].map(() => new LabResource(vipAlias, host)) as [
      LabResource,
      LabResource,
      LabResource,
    ];
    const made = await Promise.all([one.up({ ...args, address: VIP }), two.up({ ...args, address: "192.168.4.6" })]);
    expect(made).toMatchObject([
      { label: "eth0:0", boot: true },
      { label: "eth0:1", boot: true },
    ]);
    const taken = three.up({ ...args, address: "192.168.4.7", label: "eth0:1" });
    await expect(taken).rejects.toThrow(
      'the label eth0:1 belongs to 192.168.4.6/32 already. Choose another, such as "eth0:2"',
    );
    endRun();
    expect([await one.drift(), await two.drift()]).toEqual(["none", "none"]);
    await Promise.all([one.destroy(), two.destroy()]);
    expect(await host.snapshot()).toEqual(before);
  },
);

test("a NIC's own address becomes a VIP, changes and is given up, and its NIC keeps every route", async () => {
  const director = lab.host("director1");
  await director.sh(`ip addr add ${NIC6}/64 dev eth1 nodad
ip route add default via 192.168.2.1 dev eth1
ip route add 10.7.0.0/16 via 192.168.2.1 dev eth1 src 192.168.2.2 table 77
ip -6 route add default via 2001:db8:2::1 dev eth1`);
  const routes = () => director.text("ip route show table all; ip -6 route show table all; ip -o addr show dev eth1");
  const [before, kept] = [await director.snapshot(), await routes()];
  const [four, six] = [new LabResource(vipAlias, director), new LabResource(vipAlias, director)];
  const args = { role: "director", device: "eth1", boot: false };
  const own = { address: "192.168.2.2/24", label: "eth1", live: true, adopted: true };
  const adopted = await four.up({ role: "director", device: "eth1", address: "192.168.2.2/24" });
  expect(adopted).toMatchObject({ ...own, boot: true });
  expect(await six.up({ ...args, address: NIC6 })).toMatchObject({ address: `${NIC6}/64`, live: true, adopted: true });
  expect(await four.up({ ...args, address: "192.168.2.2/24", label: "eth1:web" })).toMatchObject(own);
  endRun();
  expect([await four.drift(), await six.drift()]).toEqual(["none", "none"]);
  expect(await routes()).toBe(kept);
  expect(await four.up({ ...args, address: "192.168.2.2", label: "eth1:web" })).toMatchObject({
    address: "192.168.2.2/32",
    label: "eth1:web",
  });
  expect(await addressLines(director, "192.168.2.2")).toHaveLength(2);
  expect(await director.text("ip route show table all dev eth1 type unicast")).toContain("default via 192.168.2.1");
  await Promise.all([four.destroy(), six.destroy()]);
  expect(await routes()).toBe(kept);
  expect(await director.snapshot()).toEqual(before);
  await director.sh(`ip -6 route del default via 2001:db8:2::1 dev eth1; ip addr del ${NIC6}/64 dev eth1
ip route del default via 192.168.2.1 dev eth1; ip route del 10.7.0.0/16 table 77`);
});

test("a VIP that is the only address of its NIC goes only when nobody's route goes with it", async () => {
  const director = lab.host("director1");
  await director.sh("ip link add vip0 type veth peer name vip1 && ip link set vip0 up && ip link set vip1 up");
  const before = await director.snapshot();
  const vip = new LabResource(vipAlias, director);
  const args = { role: "director", device: "vip0", address: "192.168.77.5/24", boot: false };
  await vip.up(args);
  await director.sh(
    "ip route add 10.7.0.0/16 via 192.168.77.1 dev vip0; ip route add 10.8.0.0/16 via 192.168.77.1 dev vip0 src 192.168.77.5",
  );
  const routes = () => director.text("ip -o route show dev vip0 | sort");
  const kept = await routes();
  endRun();
  expect(await vip.up({ ...args, label: "vip0:web" })).toMatchObject({ label: "vip0:web" });
  expect(await routes()).toBe(kept);
  await expect(vip.destroy()).rejects.toThrow(
    "would remove routes that depend on it:\n  10.7.0.0/16 via 192.168.77.1 dev vip0",
  );
  expect(await routes()).toBe(kept);
  await director.sh("ip route del 10.7.0.0/16; ip route del 10.8.0.0/16");
  endRun();
  await vip.destroy();
  expect(await director.snapshot()).toEqual(before);
  await director.sh("ip link del vip0");
});

test("an address that another host has stays there, and its card is named, unless both may have it", async () => {
  const [director, web] = [lab.host("director1"), lab.host("web1")];
  await lab.client.sh(`ip addr add ${VIP}/32 dev eth0; ip addr add ${VIP6}/128 dev eth0 nodad`);
  await web.sh("ip addr add 192.168.4.6/32 dev lo");
  const before = await director.snapshot();
  const args = { role: "director", device: "eth0" };
  const [four, six, real, free] = [0, 1, 2, 3].map(() => new LabResource(vipAlias, director)) as [
    LabResource,
    LabResource,
    LabResource,
    LabResource,
  ];
  const said = await Promise.allSettled([
    four.up({ ...args, address: VIP }),
    six.up({ ...args, address: VIP6 }),
    real.up({ ...args, address: "192.168.4.6" }),
    free.up({ ...args, address: "192.168.4.7" }),
  ]);
  const refusals = said.map((one) => (one.status === "rejected" ? (one.reason as Error).message : ""));
  for (const [index, ip] of [VIP, VIP6].entries()) {
    expect(refusals[index]).toContain(`${ip} is in use on the network of eth0, by ${lab.client.mac("eth0")}`);
  }
  expect(refusals[2]).toContain(`by ${web.mac("eth0")}`);
  expect(refusals[2]).toContain("without arp_ignore=1");
  expect(refusals[3]).toBe("");
  await free.destroy();
  expect(await director.snapshot()).toEqual(before);
  // As Debian installs it: enabled, and inert.
  await director.sh("echo 'vrrp_instance a { virtual_ipaddress { 192.168.4.7 } }' >/etc/keepalived/a.conf");
  endRun();
  await expect(free.up({ ...args, address: "192.168.4.7" })).rejects.toThrow(
    "a.conf, line 1, gives 192.168.4.7 to keepalived",
  );
  await director.sh("rm /etc/keepalived/a.conf");
  endRun();
  expect(await director.snapshot()).toEqual(before);
  expect(await lab.client.neighbour("192.168.4.2")).toBeDefined();
  const allowed = { ...args, allowDuplicateAddress: true, gratuitousArp: false };
  expect(await four.up({ ...allowed, address: VIP })).toMatchObject({ live: true });
  await four.destroy();
  await lab.client.sh(`ip addr del ${VIP}/32 dev eth0; ip addr del ${VIP6}/128 dev eth0`);
  await web.sh("ip addr del 192.168.4.6/32 dev lo");
});

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
