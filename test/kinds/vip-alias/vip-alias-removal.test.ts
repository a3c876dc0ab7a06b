import { drKernelTuning } from "../../../provider/kinds/kernel-tuning/dr";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import type { WantedVip } from "../../../provider/kinds/vip-alias/schema";
import type { Vip } from "../../../provider/model/network/vip";
import type { LabHost } from "../../../tools/lab/index";
import { Batches } from "../../fakes/batching-session";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { LabResource } from "../../lab/resource";
import { bring, director, real, want } from "./vip-operator";

const WEB1 = { name: "web1", connection: { host: "192.0.2.1" } } as unknown as LabHost;

describe("removal", () => {
  test("takes all forms of the address, on its device alone", () => {
    const host = new FakeNetworkHost("none");
    const before = [...host.addresses];
    host.ip("addr add 192.168.4.5/32 dev eth1");
    const others = [...host.addresses];
    bring(host, want(director));
    host.ip("addr add 192.168.4.5/24 dev eth0");
    bring(host, undefined, want(director));
    expect(host.addresses).toEqual(others);
    expect(before).toHaveLength(2);
  });

  test("of the first address of a subnet is refused if the kernel would delete its secondaries", () => {
    const host = new FakeNetworkHost("none");
    const vip = want({ ...director, device: "eth1", address: "192.168.2.110/24" });
    bring(host, vip);
    host.ip("addr add 192.168.2.3/24 dev eth1");
    expect(() => bring(host, undefined, vip)).toThrow(
      "removing 192.168.2.110/24 from eth1 would remove 192.168.2.3 too: it was there first, and the other addresses of its subnet are " +
        'secondary to it. Set the kernel to promote them, "sysctl -w net.ipv4.conf.eth1.promote_secondaries=1", and run again',
    );
    host.promotes.add("eth1");
    bring(host, undefined, vip);
    expect(host.addresses.map(({ local }) => local)).toContain("192.168.2.3/24");
  });

  test("of the last VIP on a dummy of ours removes the dummy, and of an earlier one does not", () => {
    const host = new FakeNetworkHost("none");
    const first = want({ ...real, device: "dummy0" });
    const second = want({ ...real, device: "dummy0", address: "192.168.4.6", label: "dummy0:1" });
    bring(host, first);
    bring(host, second);
    bring(host, undefined, first);
    expect(host.devices.has("dummy0")).toBe(true);
    expect(bring(host, undefined, second).at(-1)).toBe("ip link del dev dummy0");
    expect(host.devices.has("dummy0")).toBe(false);
  });

  test.each(["ifcfg", "networkd", "none"] as const)(
    "of the only VIP on a dummy leaves it to one that comes in the same script (%s)",
    async (manager) => {
      const host = new FakeNetworkHost(manager);
      const batches = new Batches();
      const vipOf = () => new LabResource(vipAlias, WEB1, () => batches.sessionOf(host));
      const [first, second, third] = [vipOf(), vipOf(), vipOf()];
      const argsOf = (address: string) => ({ role: "realServer", address, device: "dummy0", boot: manager !== "none" });
      await first.up(argsOf("192.168.4.5"));
      let lost = false;
      const perform = host.perform.bind(host);
      host.perform = (step) => {
        const result = perform(step);
        lost ||= !host.devices.has("dummy0");
        return result;
      };
      await Promise.all([second.up(argsOf("192.168.4.6")), first.destroy()]);
      expect([lost, await second.drift()]).toEqual([false, "none"]);
      await third.up(argsOf("192.168.4.7"));
      await Promise.all([second.destroy(), third.destroy()]);
      expect(host.devices.has("dummy0")).toBe(false);
    },
  );

  test("leaves a dummy of ours that somebody's route leads to", () => {
    const host = new FakeNetworkHost("none");
    const vip = want({ ...real, address: "2001:db8::5", device: "dummy0" });
    bring(host, vip);
    host.ip("route add 2001:db8:7::/64 dev dummy0");
    expect(bring(host, undefined, vip)).toEqual(["ip addr del 2001:db8::5/128 dev dummy0"]);
    expect(host.devices.has("dummy0")).toBe(true);
  });

  test("leaves a dummy that somebody else made", () => {
    const host = new FakeNetworkHost("none");
    host.devices.add("dummy0");
    const vip = want({ ...real, device: "dummy0" });
    bring(host, vip);
    bring(host, undefined, vip);
    expect(host.devices.has("dummy0")).toBe(true);
  });

  test("sets ARP settings free that were kept only because the VIP was up", () => {
    const host = new FakeNetworkHost("none");
    const tuning = drKernelTuning.schema.parse({});
    host.pass(drKernelTuning, tuning);
    bring(host, want(real));
    host.pass(drKernelTuning, undefined, tuning);
    expect(host.sysctls.get("net.ipv4.conf.all.arp_ignore")).toBe("1");
    bring(host, undefined, want(real));
    expect(host.sysctls.get("net.ipv4.conf.all.arp_ignore")).toBe("0");
    expect([...host.files.keys()]).toEqual([]);
  });
});

describe("refused by what the host has", () => {
  test("a label that belongs to another address", () => {
    const host = new FakeNetworkHost("none");
    host.ip("addr add 192.168.4.9/32 dev eth0 label eth0:web");
    expect(() => bring(host, want({ ...director, label: "eth0:web" }))).toThrow(
      'the label eth0:web belongs to 192.168.4.9/32 already. Choose another, such as "eth0:0"',
    );
  });

  test("an address that another host has, unless it may have it", () => {
    const host = new FakeNetworkHost("none");
    host.holders.set("192.168.4.5", "02:00:63:00:15:01");
    const before = [...host.addresses];
    expect(() => bring(host, want(director))).toThrow(
      "192.168.4.5 is in use on the network of eth0, by 02:00:63:00:15:01",
    );
    expect(host.addresses).toEqual(before);
    bring(host, want({ ...director, allowDuplicateAddress: true }));
    expect(host.addresses).toHaveLength(before.length + 1);
  });

  test("a NIC that is not there", () => {
    expect(() => bring(new FakeNetworkHost("none"), want({ ...director, device: "eth7" }))).toThrow(
      "this host has no device eth7, only lo, eth0, eth1, eth0.5",
    );
  });

  test("the address by which we reach the host", () => {
    const at = { address: "192.168.4.5", port: 22 };
    expect(vipAlias.lockoutProblem?.(want(director), at)).toEqual({
      property: "address",
      reason:
        "192.168.4.5 is where we reach this host by SSH, so removing the VIP would cut us off. Reach the host at an address of its own",
    });
    expect(vipAlias.lockoutProblem?.(want(director), { ...at, address: "192.168.4.2" })).toBeUndefined();
  });

  test.each([
    { address: "2001:db8::5", reachedAt: "2001:DB8::5" },
    { address: "192.168.4.5", reachedAt: "::ffff:192.168.4.5" },
  ])("the same address in another spelling: $reachedAt", ({ address, reachedAt }) => {
    const problem = vipAlias.lockoutProblem?.(want({ role: "director", device: "eth0", address }), {
      address: reachedAt,
      port: 22,
    });
    expect(problem).toMatchObject({ property: "address" });
  });
});

describe("diff", () => {
  const have = ({ networkManager: _, gratuitousArp: __, ...rest }: WantedVip): Vip => rest;

  test("settings are no difference, and each observed property is one", () => {
    const goal = want({ ...director, boot: true });
    expect(vipAlias.plan({ ...goal, gratuitousArp: false, networkManager: "ifcfg" }, have(goal))).toEqual([]);
    const drifts: Partial<Vip>[] = [
      { live: false },
      { boot: false },
      { label: "eth0" },
      { address: "192.168.4.5/24" },
      { role: "realServer" },
    ];
    for (const drift of drifts) expect(vipAlias.plan(goal, { ...have(goal), ...drift })).not.toEqual([]);
  });

  test("another address under the same label is another object that needs the label first", () => {
    const other = want({ ...director, address: "192.168.4.6" });
    expect(vipAlias.key(other)).not.toBe(vipAlias.key(want(director)));
    expect(vipAlias.conflictsWith?.(have(want(director)), other)).toBe(true);
    expect(
      vipAlias.conflictsWith?.(have(want(director)), want({ ...director, address: "192.168.4.6", label: "eth0:1" })),
    ).toBe(false);
  });

  test("the rule of a preview says what the host will be told", () => {
    expect(vipAlias.commands(want({ ...director, boot: true }))).toEqual([
      "ask on eth0 who has 192.168.4.5, and go on if nobody answers",
      "ip addr add 192.168.4.5/32 dev eth0 label eth0:0",
      "arping -U -I eth0 192.168.4.5",
      "at boot: the host's own network configuration",
    ]);
  });
});
