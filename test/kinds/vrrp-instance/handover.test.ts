import { fragmentPath, instanceKeyOf } from "../../../provider/facts/keepalived/paths";
import { leaveToAliases, waitForAnother } from "../../../provider/kinds/vrrp-instance/handover";
import type { InstanceSeen } from "../../../provider/kinds/vrrp-instance/refuse";
import { vrrpInstance as schema } from "../../../provider/kinds/vrrp-instance/schema";
import { describeStep, run } from "../../../provider/step";

/** How addresses move between a VipAlias and keepalived: with nobody noticing. */

const NAME = "vrrp-eth0-51";
const want = (more: object = {}) =>
  schema.parse({ device: "eth0", virtualRouterId: 51, addresses: ["192.168.4.5"], priority: 254, ...more });

interface Situation {
  /** Addresses that are up. */
  readonly up?: readonly { ip: string; device: string; label?: string }[];
  readonly isLoaded?: boolean;
  /** Keys of VipAlias that somebody owns. */
  readonly aliases?: readonly string[];
}

function seen({ up = [], isLoaded = false, aliases = [] }: Situation): InstanceSeen {
  const addresses = up.map((one) => ({ prefix: 32, secondary: false, dadFailed: false, ...one }));
  return {
    keepalivedDaemon: {
      loaded: isLoaded ? [NAME] : [],
      unit: { activeState: isLoaded ? "active" : "inactive" },
    },
    addresses: { addresses },
    moved: ["192.168.4.5", "192.168.4.6"].map((ip) => ({ ip, file: fragmentPath(NAME), line: 9 })),
    owners: (kind: string, key: string) =>
      kind === "VipAlias" && aliases.includes(key) ? { names: ["shop/prod/vip"], desires: {} } : undefined,
  } as unknown as InstanceSeen;
}

const vip = { ip: "192.168.4.5", device: "eth0", label: "eth0:web" };

test.each<[string, string, Situation, object, readonly string[]]>([
  ["a host without the address", "it has nothing to lose", {}, {}, []],
  ["the holder of the address", "clients go to the other host first", { up: [vip] }, {}, ["ipv4 eth0 192.168.4.5 46"]],
  [
    "with quick adverts",
    "another one is master sooner",
    { up: [vip] },
    { advertInterval: 0.3 },
    ["ipv4 eth0 192.168.4.5 18"],
  ],
  ["whose keepalived has it up", "a change is read in place", { up: [vip], isLoaded: true }, {}, []],
  ["on another NIC", "keepalived does not take that off", { up: [{ ...vip, device: "eth1" }] }, {}, []],
])("%s: %s", (_, __, situation, more, waits) => {
  const steps = waitForAnother(want(more), seen(situation));
  expect(steps.map(({ command }) => ("args" in command ? command.args.join(" ") : ""))).toEqual(waits);
});

describe("an instance that goes", () => {
  const removal = [run("systemctl", "stop", "keepalived")];
  const steps = (situation: Situation) => leaveToAliases(NAME, seen(situation), removal);

  test("takes its addresses along", () => {
    expect(steps({ up: [vip], isLoaded: true })).toEqual(removal);
  });

  test("leaves those that a VipAlias has by now: back at once, and told to neighbours", () => {
    const all = steps({
      up: [vip, { ip: "192.168.4.9", device: "eth0" }],
      isLoaded: true,
      aliases: ["192.168.4.5 on eth0"],
    });
    expect(all).toHaveLength(3);
    expect(all[1]).toBe(removal[0]);
    const [before = "", , after = ""] = all.map(describeStep);
    expect(before).toContain("ip addr add");
    expect(before).toContain("sh 192.168.4.5/32 eth0 label eth0:web");
    expect(after).toContain("ip addr replace");
    expect(after).toContain("sh 192.168.4.5/32 eth0 192.168.4.5 label eth0:web");
  });
});

test("the file of an instance tells its key", () => {
  expect(instanceKeyOf(fragmentPath("vrrp-eth0-51"))).toBe("51 on eth0");
  expect(instanceKeyOf(fragmentPath("vrrp-bond0.10-7-ipv6"))).toBe("7 on bond0.10, IPv6");
  expect(instanceKeyOf(fragmentPath("tcp-192.168.4.5-80"))).toBeUndefined();
  expect(instanceKeyOf("/etc/keepalived/conf.d/vrrp-eth0-51.conf")).toBeUndefined();
});
