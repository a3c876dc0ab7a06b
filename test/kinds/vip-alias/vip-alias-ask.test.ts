import { schedule } from "../../../provider/host/session/schedule";
import { holderIn } from "../../../provider/kinds/vip-alias/ask";
import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { brief, director, real, want } from "./vip-operator";

function stepsFor(address: string, settings = {}) {
  const goal = want({ ...director, ...settings, address });
  const seen = new FakeNetworkHost("none").seen();
  return vipAlias.plan(goal, vipAlias.observe(seen, goal)).flatMap((change) => vipAlias.render(change, seen));
}

test("all VIPs of a batch are asked for at once, so that the wait is one for all", () => {
  const jobs = ["192.168.4.5", "192.168.4.6", "2001:db8::5"].map((address) => ({
    steps: stepsFor(address),
    isolated: false,
  }));
  const summaries = schedule(jobs, () => undefined).map(({ summary }) => summary);
  expect(summaries.filter((line) => line.includes("sleep"))).toHaveLength(1);
  const wait = summaries.findIndex((line) => line.includes("sleep"));
  expect(brief(summaries.slice(0, wait))).toEqual(["ask who has it", "ask who has it", "ask who has it"]);
});

test.each([
  ["a director whose program allows a duplicate", { allowDuplicateAddress: true }],
  ["a real server, which answers nobody", { ...real, device: "lo" }],
])("%s asks nobody", (_, settings) => {
  const steps = stepsFor("192.168.4.5", settings);
  expect(JSON.stringify(steps)).not.toContain("ip neigh");
  expect(vipAlias.commands(want({ ...director, ...settings })).join()).not.toContain("who has");
});

test("the card of the other host is read from the error", () => {
  const said =
    "VipAlias 192.168.4.5 on eth0: ... 192.168.4.5 is in use on the network of eth0, by 02:00:63:00:15:01\nThe address";
  expect(holderIn(said)).toBe("02:00:63:00:15:01");
  expect(holderIn("RTNETLINK answers: File exists")).toBeUndefined();
  expect(vipAlias.advice?.find(({ when }) => when.test(said))?.say).toContain("arp_ignore=1");
});

test("an address that keepalived moves is left to it, whether it is there or not", () => {
  const host = new FakeNetworkHost("none");
  host.keepalived = "7\t/etc/keepalived/keepalived.conf\t  192.168.4.5/24 dev eth0 label eth0:1\n";
  const refusal =
    "/etc/keepalived/keepalived.conf, line 7, gives 192.168.4.5 to keepalived, which moves it between hosts. Leave it to keepalived, or delete it there";
  for (const prepare of ["", "addr add 192.168.4.5/24 dev eth0 label eth0:1"]) {
    if (prepare !== "") host.ip(prepare);
    const before = host.seen().addresses;
    expect(() => host.pass(vipAlias, want({ ...director, address: "192.168.4.5" }))).toThrow(refusal);
    expect(host.seen().addresses).toEqual(before);
  }
  expect(() => host.pass(vipAlias, want({ ...director, address: "192.168.4.6", boot: false }))).not.toThrow();
});

test("an address of a VrrpInstance is taken over by the same stack, which has replaced that one, and by no other", () => {
  const vip = want({ ...director, address: "192.168.4.5", boot: false });
  const steps = (resource: string, owner: string) => {
    const host = new FakeNetworkHost("none");
    const file = "/etc/keepalived/pulumi-lvs.d/vrrp-eth0-51.conf";
    const owners = (kind: string, key: string) =>
      kind === "VrrpInstance" && key === "51 on eth0" ? { names: [owner], desires: {} } : undefined;
    const seen = { ...host.seen(), keepalived: [{ ip: "192.168.4.5", file, line: 13 }], owners };
    const [change] = vipAlias.plan(vip, undefined);
    if (change === undefined) throw new Error("no change");
    return vipAlias.render(change, seen as never, resource).length;
  };
  expect(steps("shop/prod/vip", "shop/prod/director1")).toBeGreaterThan(0);
  for (const owner of ["shop/dev/director1", "mail/prod/director1"])
    expect(() => steps("shop/prod/vip", owner)).toThrow("gives 192.168.4.5 to keepalived");
});
