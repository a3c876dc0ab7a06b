import fc from "fast-check";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import type { VipInput, WantedVip } from "../../../provider/kinds/vip-alias/schema";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { bring, director, real, want } from "./vip-operator";

/** The first VIP with all that can change in place as in the second. */
function sameIdentity(first: VipInput, second: VipInput): VipInput {
  const [ip = ""] = first.address.split("/");
  const alias = second.label?.split(":")[1];
  if (first.label === undefined || alias === undefined) return { ...first, boot: second.boot };
  const prefix = first.role === "director" && second.address.endsWith("/24") ? "/24" : "";
  return { ...first, boot: second.boot, address: `${ip}${prefix}`, label: `${first.device}:${alias}` };
}

const managers = ["ifcfg", "ifupdown", "networkd", "netplan", "networkmanager"] as const;

describe.each(managers)("at boot with %s", (manager) => {
  const inputs: fc.Arbitrary<VipInput> = fc
    .record({
      role: fc.constantFrom("director" as const, "realServer" as const),
      last: fc.integer({ min: 3, max: 250 }),
      alias: fc.stringMatching(/^\w{1,6}$/),
      boot: fc.boolean(),
      wide: fc.boolean(),
      six: fc.boolean(),
      dummy: fc.boolean(),
    })
    .map(({ role, last, alias, boot, wide, six, dummy }): VipInput => {
      const device = role === "director" ? "eth0" : dummy ? "dummy0" : "lo";
      const prefix = wide && role === "director" ? "/24" : "";
      // network-scripts keep IPv6 elsewhere.
      if (six && manager !== "ifcfg") return { role, boot, device, address: `2001:db8::${last}` };
      return { role, boot, device, address: `192.168.4.${last}${prefix}`, label: `${device}:${alias}` };
    });

  test("whatever is wanted is there after one pass, the second does nothing, and a removal leaves the host as it was", () => {
    fc.assert(
      fc.property(inputs, inputs, (first, second) => {
        const host = new FakeNetworkHost(manager);
        const files = [...host.files];
        const addresses = [...host.addresses];
        const goal = want(first);
        bring(host, goal);
        const { networkManager: _, gratuitousArp: __, ...record } = goal;
        expect(vipAlias.observe(host.seen(), goal)).toEqual({ ...record, otherForms: [] });
        expect(bring(host, goal)).toEqual([]);
        const moved = want(sameIdentity(first, second));
        expect(vipAlias.key(moved)).toBe(vipAlias.key(goal));
        bring(host, moved);
        expect(bring(host, moved)).toEqual([]);
        bring(host, undefined, moved);
        expect([...host.files]).toEqual(files);
        expect(host.addresses).toEqual(addresses);
        expect(host.devices.has("dummy0")).toBe(false);
      }),
    );
  });
});

describe.each(["ifcfg", "ifupdown", "networkd", "netplan"] as const)("a VIP has a file with %s", (manager) => {
  test("an edit by hand is drift, and is repaired", () => {
    const host = new FakeNetworkHost(manager);
    const goal = want({ ...director, boot: true });
    bring(host, goal);
    const [path = ""] = [...host.files.keys()].filter((name) => /eth0[:-]/.test(name));
    const text = host.files.get(path) ?? "";
    for (const broken of [
      text.replace("32", "24"),
      text.replaceAll("192.168.4.5", "192.168.4.6"),
      text.replaceAll("\n", "\r\n"),
      "",
    ]) {
      host.files.set(path, broken);
      const other = broken.includes("192.168.4.6") && manager === "ifcfg";
      const found = vipAlias.observe(host.seen(), goal);
      expect(found?.boot).toBe(false);
      if (broken !== "" && !other) expect(found?.bootFile).toBe("differs");
      if (other) host.files.delete(path);
      bring(host, goal);
      expect(host.files.get(path)).toBe(text);
    }
  });

  test("what means the same is right, and is left as it is", () => {
    const host = new FakeNetworkHost(manager);
    const goal = want({ ...director, boot: true });
    bring(host, goal);
    const [path = ""] = [...host.files.keys()].filter((name) => /eth0[:-]/.test(name));
    const same = `\n# mine\n${(host.files.get(path) ?? "").replaceAll(/^/gm, " ").replace(/ +$/, "")}`;
    host.files.set(path, same);
    expect(bring(host, goal)).toEqual([]);
    expect(host.files.get(path)).toBe(same);
  });

  test("boot: false takes away what boot: true has written", () => {
    const host = new FakeNetworkHost(manager);
    const files = [...host.files];
    bring(host, want({ ...director, boot: true }));
    expect(host.files.size).toBe(files.length + 1);
    bring(host, want(director));
    expect([...host.files]).toEqual(files);
  });
});

test.each([
  ["a comment of systemd's", (text: string) => `${text}; see ticket 12\n`],
  ["blanks around the equals signs", (text: string) => text.replaceAll(/^(\w+)=/gm, "$1 = ")],
  ["carriage returns", (text: string) => text.replaceAll("\n", "\r\n")],
])("the unit of a VIP on lo with NetworkManager says the same with %s, and stays", (_, respelled) => {
  const host = new FakeNetworkHost("networkmanager");
  const goal = want({ ...real, boot: true });
  bring(host, goal);
  const [path = ""] = [...host.files.keys()].filter((name) => name.endsWith("pulumi-lvs-vip-lo-192.168.4.5.service"));
  const text = respelled(host.files.get(path) ?? "");
  expect(text).not.toBe(host.files.get(path));
  host.files.set(path, text);
  expect(bring(host, goal)).toEqual([]);
  expect(host.files.get(path)).toBe(text);
  host.files.set(path, text.replaceAll("192.168.4.5", "192.168.4.6"));
  expect(bring(host, goal)).not.toEqual([]);
});

test.each(["ifcfg", "networkd"] as const)("files of ours with line ends of Windows go with the VIP: %s", (manager) => {
  const host = new FakeNetworkHost(manager);
  const files = [...host.files];
  const goal = want({ ...real, device: "dummy0", boot: true });
  bring(host, goal);
  const ours = [...host.files.keys()].filter((path) => !files.some(([one]) => one === path));
  expect(ours.length).toBeGreaterThan(2);
  for (const path of ours) host.files.set(path, (host.files.get(path) ?? "").replaceAll("\n", "\r\n"));
  bring(host, undefined, goal);
  expect([...host.files]).toEqual(files);
});

// The others take one label twice, as the kernel does.
describe.each(["ifcfg", "ifupdown"] as const)("a label is a name with %s", (manager) => {
  const one = want({ ...director, boot: true });
  const two = want({ ...director, boot: true, address: "192.168.4.6" });

  /** Both are planned from one observation, as in a batch. */
  function bringTogether(host: FakeNetworkHost, ...goals: readonly WantedVip[]): void {
    const seen = host.seen();
    for (const goal of goals) {
      host.take(vipAlias.plan(goal, vipAlias.observe(seen, goal)).flatMap((change) => vipAlias.render(change, seen)));
    }
  }

  test("two VIPs of one run by the default label: the second takes the next one", () => {
    const host = new FakeNetworkHost(manager);
    bringTogether(host, one, two);
    for (const goal of [two, one]) bring(host, goal);
    expect([one, two].map((goal) => vipAlias.observe(host.seen(), goal)?.label)).toEqual(["eth0:0", "eth0:1"]);
    for (const goal of [one, two]) expect(bring(host, goal)).toEqual([]);
    expect([...host.files.values()].filter((text) => text.includes("eth0:0"))).toHaveLength(1);
  });

  test("two VIPs of one run with one label of the program's: the first gets it, the second is told", () => {
    const host = new FakeNetworkHost(manager);
    const label = "eth0:web";
    bringTogether(host, { ...one, label }, { ...two, label });
    expect(() => bring(host, { ...two, label })).toThrow(/already/);
  });

  test("a label that only a file of another address has is not taken", () => {
    const host = new FakeNetworkHost(manager);
    bring(host, one);
    host.ip("addr del 192.168.4.5/32 dev eth0");
    bring(host, two);
    expect(vipAlias.observe(host.seen(), two)?.label).toBe("eth0:1");
    bring(host, one);
    expect(vipAlias.observe(host.seen(), one)?.label).toBe("eth0:0");
  });
});

test("a VIP that gets another network manager leaves nothing with the one before, in one pass", () => {
  const host = new FakeNetworkHost("both");
  const ours = () => [...host.files.keys()].filter((path) => /192-168-4-5|eth0:0/.test(path));
  const [scripts, stanza] = [
    "/etc/sysconfig/network-scripts/ifcfg-eth0:0",
    "/etc/network/interfaces.d/pulumi-lvs-eth0-192-168-4-5",
  ];
  for (const [networkManager, path] of [
    ["ifupdown", stanza],
    ["ifcfg", scripts],
    ["ifupdown", stanza],
  ] as const) {
    const goal = want({ ...director, boot: true, networkManager });
    bring(host, goal);
    expect([ours(), bring(host, goal)]).toEqual([[path], []]);
  }
  // What another manager has of the operator's stays his.
  host.files.set(scripts, "DEVICE=eth0:0\nIPADDR=192.168.4.5\nPREFIX=32\n");
  bring(host, want({ ...director, boot: true, networkManager: "ifupdown" }));
  expect(ours().sort()).toEqual([stanza, scripts]);
});
