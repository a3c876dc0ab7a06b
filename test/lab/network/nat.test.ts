import { natKernelTuning } from "../../../provider/kinds/kernel-tuning/nat.ts";
import { returnRoute } from "../../../provider/kinds/return-route/kind.ts";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind.ts";
import { virtualService } from "../../../provider/kinds/virtual-service/kind.ts";
import { differences } from "../../../tools/lab/index.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

const VIP = "192.168.4.5";
const CLIENT = "192.168.4.10";
const RIP = "192.168.2.100";
const INSIDE = { devices: ["eth1"] };

const lab = useLab({ hosts: ["director1", "web1", "client"], releases: { web1: "trixie" } });

afterEach(endRun);

/** What forwarding changes along, and no snapshot has. */
const REDIRECTS = "cd /proc/sys/net/ipv4/conf; grep -s '' */accept_redirects";

test("a director becomes a router, and is afterwards as it was, in every setting", async () => {
  const director = lab.host("director1");
  // A host with settings of its own, which ip_forward=1 and back would lose.
  const names = ["all.accept_redirects", "mgmt0.forwarding", "eth1.rp_filter"].map((name) => `net.ipv4.conf.${name}`);
  const booted = await director.text(`sysctl ${names.join(" ")}`);
  await director.sh(`sysctl -qw ${names.map((name, at) => `${name}=${[0, 1, 1][at]}`).join(" ")}`);
  const before = [await director.snapshot(), await director.text(REDIRECTS)] as const;
  const tuning = new LabResource(natKernelTuning, director);
  expect(await tuning.up({ ...INSIDE, rpFilter: 2 })).toMatchObject({
    settings: {
      "net.ipv4.ip_forward": 1,
      "net.ipv4.conf.all.send_redirects": 0,
      "net.ipv4.conf.default.send_redirects": 0,
      "net.ipv4.conf.eth1.send_redirects": 0,
      "net.ipv4.conf.eth1.rp_filter": 2,
    },
    boot: true,
  });
  expect(await tuning.drift()).toBe("none");
  for (const drift of [
    "net.ipv4.ip_forward=0",
    "net.ipv4.conf.all.send_redirects=1",
    "net.ipv4.conf.default.send_redirects=1",
    "net.ipv4.conf.eth1.send_redirects=1",
    "net.ipv4.conf.eth1.rp_filter=0",
    "net.ipv4.conf.eth1.forwarding=0",
  ]) {
    await director.sh(`sysctl -qw ${drift}`);
    endRun();
    expect(await tuning.drift()).toBe("some");
    await tuning.repair();
    expect(await tuning.drift()).toBe("none");
  }
  await tuning.up(INSIDE);
  expect(await director.text("sysctl -n net.ipv4.conf.eth1.rp_filter")).toBe("1");
  await tuning.destroy();
  expect(differences(before[0], await director.snapshot())).toEqual([]);
  expect(await director.text(REDIRECTS)).toBe(before[1]);
  await director.sh(`sysctl -qp - <<'END'\n${booted}\nEND`);
});

test("a router of IPv6 as well: found, repaired, given back, and never at the cost of an advertised gateway", async () => {
  const director = lab.host("director1");
  const forwarding = () => director.text("cd /proc/sys/net/ipv6/conf; grep -s '' */forwarding");
  await director.sh("sysctl -qw net.ipv6.conf.eth0.forwarding=1");
  const before = [await director.snapshot(), await forwarding()] as const;
  const tuning = new LabResource(natKernelTuning, director);
  const both = { ...INSIDE, families: ["ipv4", "ipv6"] };
  await tuning.up(INSIDE);
  // As the kernel has it from a router, which is not in the lab.
  await director.sh("ip -6 route add default via fe80::1 dev eth1 proto ra");
  endRun();
  await expect(tuning.up(both)).rejects.toThrow("has its IPv6 default route from a router advertisement on eth1");
  expect(await forwarding()).toBe(before[1]);
  await director.sh("ip -6 route del default via fe80::1 dev eth1 proto ra");
  endRun();
  expect(await tuning.up(both)).toMatchObject({ settings: { "net.ipv6.conf.all.forwarding": 1 }, boot: true });
  expect(await director.text("cat /proc/sys/net/ipv6/conf/eth1/forwarding")).toBe("1");
  await director.sh("sysctl -qw net.ipv6.conf.all.forwarding=0");
  endRun();
  expect(await tuning.drift()).toBe("some");
  await tuning.repair();
  expect(await tuning.drift()).toBe("none");
  await tuning.destroy();
  expect(differences(before[0], await director.snapshot())).toEqual([]);
  expect(await forwarding()).toBe(before[1]);
  await director.sh("sysctl -qw net.ipv6.conf.eth0.forwarding=0");
});

test("a client's request goes through the director and so does the reply, before and after a reboot of all", async () => {
  const [director, web, client] = [lab.host("director1"), lab.host("web1"), lab.client];
  const before = await Promise.all([director.snapshot(), web.snapshot()]);
  const tuning = new LabResource(natKernelTuning, director);
  const route = new LabResource(returnRoute, web);
  const service = new LabResource(virtualService, director);
  const vip = new LabResource(vipAlias, director);
  await tuning.up(INSIDE);
  await service.up({
    protocol: "tcp",
    address: `${VIP}:80`,
    scheduler: "rr",
    realServers: { [RIP]: { forwarding: "masquerade" } },
  });
  await vip.up({ role: "director", address: VIP, device: "eth0" });
  await client.forgetNeighbour(VIP);
  // The real server has a card in the client's network: without a rule of its own the reply leaves by that, and with its own address.
  expect(await client.get(`http://${VIP}/`, { timeout: 2000 })).toEqual([
    { error: expect.stringContaining("timed out") },
  ]);
  await route.up({ address: RIP, gateway: "192.168.2.2", device: "eth1" });

  for (const booted of [false, true]) {
    if (booted) {
      const live = await director.snapshot();
      // What the next boot runs besides has the last word.
      await director.sh(
        "cp -p /etc/network/interfaces /root; printf '  up sysctl -w net.ipv4.ip_forward=0\\n' > /run/line; sed -i '/^iface eth1 /r /run/line' /etc/network/interfaces",
      );
      endRun();
      expect(await tuning.refresh()).toMatchObject({ boot: false });
      await expect(tuning.repair()).rejects.toThrow("sets net.ipv4.ip_forward to 0 and is applied after");
      await director.reboot();
      expect(await director.text("cat /proc/sys/net/ipv4/ip_forward")).toBe("0");
      await director.sh("mv /root/interfaces /etc/network/interfaces");
      endRun();
      await tuning.repair();
      await Promise.all([director.reboot(), web.reboot()]);
      endRun();
      for (const resource of [tuning, route, service, vip]) expect(await resource.drift()).toBe("none");
      const { sysctls } = await director.snapshot();
      // "default" is set before NICs have their addresses: the one that nobody named has it too, until a destroy.
      expect(differences(live, { ...live, sysctls })).toEqual([
        "- sysctls: conf/eth0/send_redirects:1",
        "+ sysctls: conf/eth0/send_redirects:0",
      ]);
    }
    let page: readonly object[] = [];
    const past = await web.capture({ nic: "eth0", filter: "tcp port 80" }, async () => {
      const inside = await director.capture(
        { nic: "eth1", filter: `src host ${RIP} and dst host ${CLIENT}` },
        async () => {
          page = await client.get(`http://${VIP}/`);
        },
      );
      expect(inside.length).toBeGreaterThan(0);
    });
    expect(page).toEqual([{ body: "web1" }]);
    expect(past).toEqual([]);
    // The server sees the client itself.
    expect(await web.text("tail -n 1 /var/log/nginx/access.log")).toMatch(/^192\.168\.4\.10 /);
  }
  for (const resource of [vip, service, route, tuning]) await resource.destroy();
  const after = await Promise.all([director.snapshot(), web.snapshot()]);
  expect(before.map((was, index) => differences(was, after[index] ?? was))).toEqual([[], []]);
});
