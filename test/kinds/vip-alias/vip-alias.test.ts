import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import type { VipInput } from "../../../provider/kinds/vip-alias/schema";
import { describeStep } from "../../../provider/step";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { brief, bring, director, real, want } from "./vip-operator";

const cases: { name: string; why: string; want: VipInput; host: (host: FakeNetworkHost) => void; steps: string[] }[] = [
  {
    name: "new on a director",
    why: "nobody else has the address, it comes up with its label, then the neighbours hear of it",
    want: director,
    host: () => undefined,
    steps: ["ask who has it", "ip addr add 192.168.4.5/32 dev eth0 label eth0:0", "tell the neighbours"],
  },
  {
    name: "new on a real server",
    why: "lo, alone in its network, and not a word to anybody",
    want: real,
    host: () => undefined,
    steps: ["ip addr add 192.168.4.5/32 dev lo label lo:0"],
  },
  {
    name: "quiet director",
    why: "gratuitousArp: false is heeded",
    want: { ...director, gratuitousArp: false },
    host: () => undefined,
    steps: ["ask who has it", "ip addr add 192.168.4.5/32 dev eth0 label eth0:0"],
  },
  {
    name: "a whole network",
    why: "a director may have the prefix of the network, with its broadcast address",
    want: { ...director, address: "192.168.4.5/24", gratuitousArp: false },
    host: () => undefined,
    steps: [
      "ask who has it",
      'edit /var/lib/pulumi-lvs/before: record how 192.168.4.5 on eth0 was: "absent"',
      "ip addr add 192.168.4.5/24 brd + dev eth0 label eth0:0",
    ],
  },
  {
    name: "IPv6",
    why: "no label, no ARP, and no duplicate check: a real server that holds the VIP would make the director give it up",
    want: { ...director, address: "2001:DB8::5" },
    host: () => undefined,
    steps: ["ask who has it", "ip addr add 2001:db8::5/128 dev eth0 nodad"],
  },
  {
    name: "equal",
    why: "a converged host is left alone",
    want: director,
    host: (host) => host.ip("addr add 192.168.4.5/32 dev eth0 label eth0:0"),
    steps: [],
  },
  {
    name: "there without a label",
    why: "adopted, and labelled in one process; no neighbour is told what it knows",
    want: director,
    host: (host) => host.ip("addr add 192.168.4.5/32 dev eth0"),
    steps: [
      "ip -batch - <<'END'\naddr del 192.168.4.5/32 dev eth0\naddr add 192.168.4.5/32 dev eth0 label eth0:0\nEND",
    ],
  },
  {
    name: "there with another prefix",
    why: "the wanted form comes before the other one goes",
    want: director,
    host: (host) => host.ip("addr add 192.168.4.5/24 dev eth0 label eth0:0"),
    steps: ["ip addr add 192.168.4.5/32 dev eth0 label eth0:0", "ip addr del 192.168.4.5/24 dev eth0"],
  },
  {
    name: "IPv6 with another prefix",
    why: "an interface has an IPv6 address once, so the other form goes first, in the same process",
    want: { ...director, address: "2001:db8::5" },
    host: (host) => {
      host.ip("addr add 2001:db8::1/64 dev eth0 nodad");
      host.ip("addr add 2001:db8::5/64 dev eth0 nodad");
    },
    steps: ["ip -batch - <<'END'\naddr del 2001:db8::5/64 dev eth0\naddr add 2001:db8::5/128 dev eth0 nodad\nEND"],
  },
  {
    name: "there twice",
    why: "one address can have two prefixes: the stray one goes",
    want: real,
    host: (host) => {
      host.ip("addr add 192.168.4.5/32 dev lo label lo:0");
      host.ip("addr add 192.168.4.5/24 dev lo");
    },
    steps: ["ip addr del 192.168.4.5/24 dev lo"],
  },
  {
    name: "on another device",
    why: "what another NIC has is another object",
    want: director,
    host: (host) => host.ip("addr add 192.168.4.5/32 dev eth1"),
    steps: ["ask who has it", "ip addr add 192.168.4.5/32 dev eth0 label eth0:0", "tell the neighbours"],
  },
  {
    name: "a second one",
    why: "the default label is the first that is free",
    want: { ...director, gratuitousArp: false, allowDuplicateAddress: true },
    host: (host) => host.ip("addr add 192.168.4.9/32 dev eth0 label eth0:0"),
    steps: ["ip addr add 192.168.4.5/32 dev eth0 label eth0:1"],
  },
  {
    name: "there with another number",
    why: "the default label stands for any number",
    want: director,
    host: (host) => host.ip("addr add 192.168.4.5/32 dev eth0 label eth0:7"),
    steps: [],
  },
  {
    name: "without a label",
    why: '"" is none',
    want: { ...director, label: "", gratuitousArp: false, allowDuplicateAddress: true },
    host: () => undefined,
    steps: ["ip addr add 192.168.4.5/32 dev eth0"],
  },
  {
    name: "on a long name",
    why: "no label fits",
    want: { ...director, device: "enp0s31f6.4000", gratuitousArp: false, allowDuplicateAddress: true },
    host: (host) => {
      host.devices.add("enp0s31f6.4000");
      host.ip("addr add 10.0.0.1/8 dev enp0s31f6.4000");
    },
    steps: ["ip addr add 192.168.4.5/32 dev enp0s31f6.4000"],
  },
  {
    name: "on a dummy",
    why: "the link is made, marked and brought up before the address",
    want: { ...real, device: "dummy0" },
    host: () => undefined,
    steps: ["make the dummy", "ip addr add 192.168.4.5/32 dev dummy0 label dummy0:0"],
  },
];

describe("live", () => {
  test.each(cases)("$name: $why", ({ want: input, host: prepare, steps }) => {
    const host = new FakeNetworkHost("none");
    prepare(host);
    const others = host.addresses.filter(({ local }) => !/^(?:192\.168\.4\.5|2001:db8::5)\//.test(local));
    expect(brief(bring(host, want(input)))).toEqual(steps);
    expect(bring(host, want(input))).toEqual([]);
    expect(host.addresses).toEqual(expect.arrayContaining(others));
  });

  test("an IPv6 address that failed its duplicate check is not live, and is added anew without one", () => {
    const host = new FakeNetworkHost("none");
    const seen = host.seen();
    const failed = { device: "eth0", ip: "2001:db8::5", prefix: 128, secondary: false, dadFailed: true };
    const broken = { ...seen, addresses: { ...seen.addresses, addresses: [...seen.addresses.addresses, failed] } };
    const goal = want({ ...director, address: "2001:db8::5" });
    const have = vipAlias.observe(broken, goal);
    expect(have?.live).toBe(false);
    expect(
      vipAlias
        .plan(goal, have)
        .flatMap((change) => vipAlias.render(change, broken))
        .map(describeStep),
    ).toEqual(["ip -batch - <<'END'\naddr del 2001:db8::5/128 dev eth0\naddr add 2001:db8::5/128 dev eth0 nodad\nEND"]);
  });

  test("deleting what is gone already is already done", () => {
    expect(bring(new FakeNetworkHost("ifupdown"), undefined, want({ ...director, boot: true }))).toEqual([]);
  });
});

test("an address that the kernel will take away is not live, and made to last in place", () => {
  const host = new FakeNetworkHost("none");
  const seen = () => host.observe(vipAlias, want(director));
  host.ip("addr add 192.168.4.5/32 dev eth0 label eth0:0 valid_lft 60 preferred_lft 60");
  expect(seen()?.live).toBe(false);
  expect(brief(bring(host, want(director)))).toContain(
    "ip addr change 192.168.4.5/32 dev eth0 valid_lft forever preferred_lft forever",
  );
  expect(seen()?.live).toBe(true);
  expect(bring(host, want(director))).toEqual([]);
});
