import { tunKernelTuning } from "../../../provider/kinds/tun-kernel-tuning/kind.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import type { Snapshot } from "../../../tools/lab/host/snapshot.ts";
import { differences } from "../../../tools/lab/index.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

const VIP = "192.168.4.5";
/** The real server in another network than the VIP's. */
const RIP = "192.168.2.100";

const lab = useLab({ hosts: ["director1", "web1", "client"], releases: { web1: "trixie" } });

afterEach(endRun);

describe("what a director sends in a tunnel is taken out of it, and answered past the director", () => {
  const envelopes = [
    { tuning: { type: "ipip" }, tunnel: { type: "ipip" }, device: "tunl0", frames: "ip proto 4" },
    { tuning: { type: "gre" }, tunnel: { type: "gre" }, device: "gre0", frames: "ip proto 47" },
    {
      tuning: { type: "gue", port: 6080 },
      tunnel: { type: "gue", port: 6080 },
      device: "tunl0",
      frames: "udp port 6080",
    },
  ];

  test.each(envelopes)("$tunnel.type", async ({ tuning, tunnel, device, frames }) => {
    const [director, web, client] = [lab.host("director1"), lab.host("web1"), lab.client];
    const before = await Promise.all([director.snapshot(), web.snapshot()]);
    // Strict everywhere, as some distributions have it: the setting of the device is what counts.
    await web.sh("sysctl -qw net.ipv4.conf.all.rp_filter=1");
    const onWeb = new LabResource(tunKernelTuning, web);
    const vipOnWeb = new LabResource(vipAlias, web);
    const service = new LabResource(virtualService, director);
    const vip = new LabResource(vipAlias, director);
    await onWeb.up({ ...tuning, sameSubnetAsVip: true, boot: false });
    await vipOnWeb.up({ role: "realServer", address: VIP, device, boot: false });
    await service.up({
      protocol: "tcp",
      address: `${VIP}:80`,
      scheduler: "rr",
      boot: false,
      realServers: { [RIP]: { forwarding: "tunnel", tunnel } },
    });
    await vip.up({ role: "director", address: VIP, device: "eth0", boot: false });
    await client.forgetNeighbour(VIP);

    let page: readonly object[] = [];
    const replies = await director.capture({ nic: "eth0", filter: `src host ${VIP} and tcp src port 80` }, async () => {
      const inner = await web.capture({ nic: "eth1", filter: frames }, async () => {
        page = await client.get(`http://${VIP}/`);
      });
      expect(inner.length).toBeGreaterThan(0);
    });
    expect(page).toEqual([{ body: "web1" }]);
    expect(replies).toEqual([]);
    expect(await client.neighbour(VIP)).toBe(director.mac("eth0"));
    expect(await web.text("tail -n 1 /var/log/nginx/access.log")).toMatch(/^192\.168\.4\.10 /);

    for (const resource of [vip, service, vipOnWeb, onWeb]) await resource.destroy();
    await web.sh("sysctl -qw net.ipv4.conf.all.rp_filter=0");
    expect(differences(before[0], await director.snapshot())).toEqual([]);
    expect(differences(before[1], await web.snapshot())).toEqual([]);
  });
});

test("each drift is found and repaired", async () => {
  const web = lab.host("web1");
  const before = await web.snapshot();
  const tuning = new LabResource(tunKernelTuning, web);
  await tuning.up({ type: "gue", port: 6080, sameSubnetAsVip: true });
  expect(await tuning.drift()).toBe("none");
  for (const drift of [
    "ip link set tunl0 down",
    "ip fou del port 6080",
    "sysctl -qw net.ipv4.conf.tunl0.rp_filter=1",
    "sysctl -qw net.ipv4.conf.all.arp_ignore=0",
    "rm /etc/modules-load.d/pulumi-lvs-tun-gue-6080.conf",
    "systemctl --quiet disable pulumi-lvs-tun-gue-6080.service",
    "sed -i s/6080/6081/ /etc/systemd/system/pulumi-lvs-tun-gue-6080.service",
    "ip fou del port 6080; ip link set tunl0 down; modprobe -r fou; modprobe -r ipip",
  ]) {
    await web.sh(drift);
    endRun();
    expect([drift, await tuning.drift()]).toEqual([drift, "some"]);
    await tuning.repair();
    expect([drift, await tuning.drift()]).toEqual([drift, "none"]);
  }
  // Somebody's route over the device would go with it.
  await web.sh("ip route add 10.7.0.0/16 dev tunl0");
  await tuning.destroy();
  expect(await web.text("ip route show dev tunl0")).toBe("10.7.0.0/16 scope link");
  await web.sh("modprobe -r fou; modprobe -r ipip");
  expect(differences(before, await web.snapshot())).toEqual([]);
});

test("module, setting, device, port and VIP are there after a reboot", async () => {
  const web = lab.host("web1");
  const before = await web.snapshot();
  const tunings = [
    { type: "ipip", sameSubnetAsVip: true },
    { type: "gre" },
    { type: "gue", port: 6080 },
    { encapsulates: "6in4" },
    { encapsulates: "6in6" },
    { type: "gre", encapsulates: "6in4" },
  ].map((args) => ({ args, resource: new LabResource(tunKernelTuning, web) }));
  await Promise.all(tunings.map(({ args, resource }) => resource.up(args)));
  const vip = new LabResource(vipAlias, web);
  await vip.up({ role: "realServer", address: VIP, device: "tunl0" });
  const after = await web.snapshot();
  await web.reboot();
  endRun();
  const drifts = await Promise.all(tunings.map(({ resource }) => resource.drift()));
  expect(new Set(drifts)).toEqual(new Set(["none"]));
  expect(await vip.drift()).toBe("none");
  expect(differences(plain(after), plain(await web.snapshot()))).toEqual([
    ...["gre-6in4", "gre", "gue-6080", "ipip-6in4", "ipip-6in6", "ipip"].map(
      (name) => `+ services: pulumi-lvs-tun-${name}.service`,
    ),
  ]);
  await vip.destroy();
  await Promise.all(tunings.map(({ resource }) => resource.destroy()));
  expect(differences(before, await web.snapshot())).toEqual([]);
});

/** Without the numbers of devices, which come in another order, and the kernel's own addresses on them. */
function plain(snapshot: Snapshot): Snapshot {
  const lines = (list: readonly string[]) =>
    list.filter((line) => !/fe80::|sit0/.test(line)).map((line) => line.replace(/^\d+: /, ""));
  return { ...snapshot, addresses: lines(snapshot.addresses), routes: lines(snapshot.routes) };
}
