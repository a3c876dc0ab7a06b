import { returnRoute } from "../../../provider/kinds/return-route/kind.ts";
import { differences } from "../../../tools/lab/index.ts";
import { useLab } from "../../support/use-lab.ts";
import { endRun, LabResource } from "../resource.ts";

const WAY = { address: "192.168.2.100", gateway: "192.168.2.2", device: "eth1" };

const lab = useLab({ hosts: ["web1", "rhel1"], releases: { web1: "trixie" } });

afterEach(endRun);

/** Where a packet of the real server's goes. */
const wayTo = (to: string) => `ip route get ${to} from 192.168.2.100 | head -n 1 | tr -s ' '`;

test("a table of its own: live, at boot, in place, and gone without a trace", async () => {
  const web = lab.host("web1");
  const before = await web.snapshot();
  const route = new LabResource(returnRoute, web);
  expect(await route.up(WAY)).toMatchObject({ ...WAY, table: 20612, priority: 20000, live: true, boot: true });
  expect(await route.drift()).toBe("none");
  // The client's network is eth0's own; the way back leads through the director all the same.
  expect(await web.text(wayTo("192.168.4.10"))).toContain("via 192.168.2.2 dev eth1");
  expect(await web.text(wayTo("192.168.2.50"))).not.toContain("via");

  for (const drift of [
    "ip rule del from 192.168.2.100 lookup 20612",
    "ip route del default table 20612",
    "ip route replace default via 192.168.2.3 dev eth1 table 20612",
    "ip route del 192.168.2.0/24 table 20612",
    "ip rule del from 192.168.2.100 lookup 20612; ip rule add from 192.168.2.100 lookup 20612 priority 5",
    "rm /etc/network/interfaces.d/pulumi-lvs-route-192-168-2-100",
    "sed -i s/20000/20001/ /etc/network/interfaces.d/pulumi-lvs-route-192-168-2-100",
  ]) {
    await web.sh(drift);
    endRun();
    expect([drift, await route.drift()]).toEqual([drift, "some"]);
    await route.repair();
    expect([drift, await route.drift()]).toEqual([drift, "none"]);
  }

  await seesWhatComesFirst(route);

  const after = await web.snapshot();
  await web.reboot();
  endRun();
  expect(differences(after, await web.snapshot())).toEqual([]);
  expect(await route.drift()).toBe("none");
  // An operator's ifdown and ifup find it as well.
  await web.sh("ifdown eth1 && ifup eth1");
  expect(await web.text("ip rule | grep -c 20612")).toBe("1");
  endRun();
  expect(await route.drift()).toBe("none");

  // Somebody's route through another gateway stays in the table that we leave.
  await web.sh("ip route add 10.7.0.0/16 via 192.168.2.78 table 20612");
  endRun();
  expect(await route.drift()).toBe("none");
  await route.up({ ...WAY, table: 700, priority: 10, gateway: "192.168.2.3", localNetworks: [] });
  expect(await web.text("ip rule | grep 192.168.2.100 | tr '\\t' ' '")).toBe("10: from 192.168.2.100 lookup 700");
  expect(await web.text("ip route show table 20612; ip route del 10.7.0.0/16 table 20612")).toBe(
    "10.7.0.0/16 via 192.168.2.78 dev eth1",
  );
  expect(await web.text(wayTo("192.168.2.50"))).toContain("via 192.168.2.3 dev eth1");
  await route.destroy();
  expect(differences(before, await web.snapshot())).toEqual([]);
});

/** `ip rule` and `ip route` of somebody else, and whether replies still come to ours: by us, and by the kernel. */
async function seesWhatComesFirst(route: LabResource): Promise<void> {
  const web = lab.host("web1");
  const through = (to: string) => `route add ${to} via 192.168.2.77 dev eth1 table 50`;
  const toDefault = through("default");
  // Of rules with one priority, the kernel asks that first which was made first.
  const made = ["rule del from 192.168.2.100 lookup 20612", "rule add from 192.168.2.100 lookup 50 priority 20000"];
  for (const [lines, isLive] of [
    [[toDefault, ...made, "rule add from 192.168.2.100 lookup 20612 priority 20000"], false],
    [[toDefault, "rule add from 192.168.2.0/24 lookup 50 priority 100"], false],
    [[through("0.0.0.0/1"), through("128.0.0.0/1"), "rule add from 192.168.2.0/24 lookup 50 priority 100"], false],
    [["rule add from 192.168.2.100 unreachable priority 100"], false],
    [[toDefault, "rule add from all fwmark 0x7 lookup 50 priority 100"], true],
    [[toDefault, "rule add from 192.168.4.0/24 lookup 50 priority 100"], true],
    [[through("203.0.113.0/24"), "rule add from all lookup 50 priority 100"], true],
    [[toDefault, "rule add from 192.168.2.100 lookup 50 priority 20001"], true],
  ] as const) {
    await web.sh(`printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")} | ip -batch -`);
    endRun();
    const live = (await route.refresh())?.["live"];
    const used = (await web.text(wayTo("192.168.4.10"))).includes("via 192.168.2.2 ");
    expect([lines, live, used]).toEqual([lines, isLive, isLive]);
    if (!isLive) await expect(route.repair()).rejects.toThrow("before ours, which no reply would come to");
    await web.sh("ip rule del priority 100 || ip rule del lookup 50; ip route flush table 50");
  }
  endRun();
  expect(await route.drift()).toBe("none");
}

test("what a refused gateway has left goes with a destroy: ip(8) had made the first of three lines", async () => {
  const web = lab.host("web1");
  const before = await web.snapshot();
  for (const table of [undefined, 9]) {
    const route = new LabResource(returnRoute, web);
    const args = { ...WAY, gateway: "10.9.9.9", ...(table !== undefined && { table }), __resource: "shop/prod/way" };
    for (const _again of [1, 2]) await expect(route.plainUp(args)).rejects.toThrow("Nexthop has invalid gateway");
    expect(await web.text(`ip route show table ${table ?? 20612}`)).toMatch(/^192\.168\.2\.0\/24 dev eth1/);
    await route.destroy();
    endRun();
    expect(differences(before, await web.snapshot())).toEqual([]);
  }
});

test("IPv6", async () => {
  const web = lab.host("web1");
  await web.sh("ip addr add 2001:db8:2::64/64 dev eth1 nodad");
  const before = await web.snapshot();
  const route = new LabResource(returnRoute, web);
  const way = { address: "2001:db8:2::64", gateway: "2001:db8:2::2", device: "eth1", boot: false };
  expect(await route.up(way)).toMatchObject({ ...way, table: 20100, live: true });
  expect(await route.drift()).toBe("none");
  expect(await web.text("ip -6 route get 2001:db8:9::1 from 2001:db8:2::64")).toContain("via 2001:db8:2::2 dev eth1");
  await web.sh(
    "ip -6 route add default via 2001:db8:2::7 dev eth1 table 50; ip -6 rule add from 2001:db8:2::/64 lookup 50 pref 9",
  );
  endRun();
  expect(await web.text("ip -6 route get 2001:db8:9::1 from 2001:db8:2::64")).toContain("via 2001:db8:2::7 dev eth1");
  expect(await route.refresh()).toMatchObject({ live: false });
  await web.sh("ip -6 rule del pref 9; ip -6 route flush table 50");
  endRun();
  expect(await route.drift()).toBe("none");
  await route.destroy();
  expect(differences(before, await web.snapshot())).toEqual([]);
  await web.sh("ip addr del 2001:db8:2::64/64 dev eth1");
});

test("a route that the kernel passes over, since its NIC has no carrier, is not live", async () => {
  const web = lab.host("web1");
  await web.sh(`ip link add dummy7 type dummy; ip addr add 192.168.7.100/24 dev dummy7; ip link set dev dummy7 up
sysctl -qw net.ipv4.conf.dummy7.ignore_routes_with_linkdown=1`);
  const way = { address: "192.168.7.100", gateway: "192.168.7.2", device: "dummy7", boot: false };
  const route = new LabResource(returnRoute, web);
  expect(await route.up(way)).toMatchObject({ ...way, live: true });
  await web.sh("ip link set dev dummy7 carrier off");
  expect(await web.text("ip route show default table 21892")).toContain("dead linkdown");
  expect(await web.text("ip route get 192.168.9.9 from 192.168.7.100 2>&1 || true")).not.toContain("via 192.168.7.2");
  endRun();
  expect(await route.refresh()).toMatchObject({ ...way, live: false });
  await expect(route.repair()).rejects.toThrow("the kernel passes over the route through 192.168.7.2");
  await web.sh("ip link set dev dummy7 carrier on");
  endRun();
  expect(await route.drift()).toBe("none");
  await route.destroy();
  expect(await web.text("ip rule | grep -c 192.168.7.100 || true")).toBe("0");
  await web.sh("ip link del dummy7");
});

test("the default gateway: armed, confirmed, kept over a reboot, and the former one comes back", async () => {
  const web = lab.host("web1");
  await web.sh("ip route add default via 192.168.4.10 dev eth0 proto static");
  const before = await web.snapshot();
  const logins = await web.sshLogins();
  const route = new LabResource(returnRoute, web);
  expect(await route.up({ mode: "default", gateway: "192.168.2.2", device: "eth1" })).toMatchObject({
    live: true,
    boot: true,
  });
  // One for the run, and one that proves that there is a way in.
  expect((await web.sshLogins()) - logins).toBe(2);
  expect(await web.text("ip route show default")).toBe("default via 192.168.2.2 dev eth1");
  expect(await route.drift()).toBe("none");
  expect(await web.text("ls -d /run/pulumi-lvs-undo* 2>/dev/null || true")).toBe("");
  await web.sh("for half in 0.0.0.0/1 128.0.0.0/1; do ip route add $half via 192.168.4.10 dev eth0; done");
  endRun();
  expect(await route.refresh()).toMatchObject({ live: false });
  await web.sh("for half in 0.0.0.0/1 128.0.0.0/1; do ip route del $half via 192.168.4.10 dev eth0; done");
  endRun();
  expect(await route.drift()).toBe("none");
  await route.destroy();
  expect(differences(before, await web.snapshot())).toEqual([]);

  await web.sh("ip route del default");
  endRun();
  const bare = await web.snapshot();
  await route.up({ mode: "default", gateway: "192.168.2.2", device: "eth1" });
  await web.reboot();
  endRun();
  expect(await web.text("ip route show default")).toContain("default via 192.168.2.2 dev eth1");
  expect(await route.drift()).toBe("none");
  await route.destroy();
  expect(differences(bare, await web.snapshot())).toEqual([]);
});

test("lines of the host's own in other words: a table by its name, a default gateway in a command", async () => {
  const web = lab.host("web1");
  await web.sh("mkdir -p /etc/iproute2/rt_tables.d");
  const before = await web.snapshot();
  const route = new LabResource(returnRoute, web);
  await web.sh(`printf '0x2bc\\toperators' >/etc/iproute2/rt_tables.d/own.conf
ip rule add from 10.9.9.9 lookup operators`);
  await expect(route.up({ ...WAY, table: 700 })).rejects.toThrow(/table 700 is in use on this host, by the rule/);
  await web.sh("ip rule del from 10.9.9.9 lookup operators; rm /etc/iproute2/rt_tables.d/own.conf");

  const own = "/etc/network/interfaces.d/own";
  await web.sh(`printf 'iface eth0 inet manual\\n up ip route add 0/0 via 192.168.4.10 dev eth0\\n' >${own}`);
  endRun();
  const gateway = new LabResource(returnRoute, web);
  await expect(gateway.up({ mode: "default", gateway: "192.168.2.2", device: "eth1" })).rejects.toThrow(
    `${own}, line 2, has a default gateway of its own`,
  );
  // The live route has not changed either.
  await web.sh(`rm ${own}`);
  expect(differences(before, await web.snapshot())).toEqual([]);
  await web.sh("rmdir --ignore-fail-on-non-empty -p /etc/iproute2/rt_tables.d");
});

test("a host with network-scripts gets lines for them", async () => {
  const rhel = lab.host("rhel1");
  const before = await rhel.snapshot();
  const route = new LabResource(returnRoute, rhel);
  const way = { address: "192.168.4.61", gateway: "192.168.4.2", device: "eth0" };
  expect(await route.up(way)).toMatchObject({ ...way, live: true, boot: true });
  expect(await rhel.text("cd /etc/sysconfig/network-scripts; grep -h '^[^#]' route-eth0 rule-eth0")).toBe(
    [
      "192.168.4.0/24 dev eth0 src 192.168.4.61 table 21085",
      "default via 192.168.4.2 dev eth0 table 21085",
      "from 192.168.4.61 lookup 21085 priority 20000",
    ].join("\n"),
  );
  // As ifup does it: each line to ip.
  await rhel.sh("ip rule del from 192.168.4.61 lookup 21085; ip route flush table 21085");
  await rhel.sh(`cd /etc/sysconfig/network-scripts
grep -v '^#' route-eth0 | while read -r line; do ip route add $line; done
grep -v '^#' rule-eth0 | while read -r line; do ip rule add $line; done`);
  endRun();
  expect(await route.drift()).toBe("none");

  // One of the two files is wrong: by hand, and by a change in place. The other one keeps its lines.
  await rhel.sh("sed -i s/20000/20001/ /etc/sysconfig/network-scripts/rule-eth0");
  endRun();
  expect(await route.drift()).toBe("some");
  await route.repair();
  expect(await route.up({ ...way, gateway: "192.168.4.3" })).toMatchObject({ gateway: "192.168.4.3", boot: true });
  expect(await rhel.text("cd /etc/sysconfig/network-scripts; grep -h '^[^#]' route-eth0 rule-eth0")).toBe(
    [
      "192.168.4.0/24 dev eth0 src 192.168.4.61 table 21085",
      "default via 192.168.4.3 dev eth0 table 21085",
      "from 192.168.4.61 lookup 21085 priority 20000",
    ].join("\n"),
  );
  await route.destroy();
  expect(differences(before, await rhel.snapshot())).toEqual([]);
});

describe("our own way in", () => {
  const OURS = { address: "10.99.0.21", gateway: "10.99.0.99", device: "mgmt0", boot: false };

  test("a change that cuts us off is put back by the host itself, and told", async () => {
    const web = lab.host("web1");
    const before = await web.snapshot();
    const route = new LabResource(returnRoute, web);
    // Every packet of the management address goes to a machine that does not exist.
    await expect(route.up({ ...OURS, localNetworks: [] })).rejects.toThrow(
      /^ReturnRoute from 10\.99\.0\.21 on web1: no new SSH connection succeeded after this change; the host rolled it back after 30 s\n {2}\$ ip -4 -batch - <<'END'\n {2}route replace default via 10\.99\.0\.99 dev mgmt0 table 20021\n/,
    );
    expect(differences(before, await web.snapshot())).toEqual([]);
    expect(await web.text("ls -d /run/pulumi-lvs-undo* 2>/dev/null || true")).toBe("");
  });

  test("one that does not is kept", async () => {
    const web = lab.host("web1");
    const before = await web.snapshot();
    const logins = await web.sshLogins();
    const route = new LabResource(returnRoute, web);
    expect(await route.up(OURS)).toMatchObject({ live: true });
    expect((await web.sshLogins()) - logins).toBe(2);
    await web.sh("sleep 32", { timeout: 60_000 });
    expect(await web.text("ip rule | grep -c 10.99.0.21")).toBe("1");
    await route.destroy();
    expect(differences(before, await web.snapshot())).toEqual([]);
  });
});
