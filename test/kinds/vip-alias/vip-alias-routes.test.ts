import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import { routesLostWith } from "../../../provider/kinds/vip-alias/lost-routes";
import type { VipInput, WantedVip } from "../../../provider/kinds/vip-alias/schema";
import type { Vip } from "../../../provider/model/network/vip";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { bring, director, real, want } from "./vip-operator";

const GATEWAY = "default via 192.168.2.1 dev eth1 ";
const SUBNET = "192.168.2.0/24 dev eth1 proto kernel scope link src 192.168.2.4 ";

/** A host whose own address on eth1 becomes a VIP: its only one there, without a label, and the way to its gateway. */
function hostWithGateway(manager: "none" | "ifupdown" = "none"): FakeNetworkHost {
  const host = new FakeNetworkHost(manager);
  host.ip("addr add 192.168.2.4/24 brd + dev eth1");
  host.ip("route add default via 192.168.2.1 dev eth1");
  return host;
}

const INTERFACES = `auto eth0
iface eth0 inet static
    address 192.168.4.2/24
    gateway 192.168.4.1
source /etc/network/interfaces.d/*
`;
const IFCFG = "DEVICE=eth0\nONBOOT=yes\nIPADDR=192.168.4.2\nPREFIX=24\nGATEWAY=192.168.4.1\n";

const own: VipInput = { ...director, device: "eth1", address: "192.168.2.4/24" };

/** One pass of an update or a destroy, which knows what earlier runs have seen. */
function pass(host: FakeNetworkHost, goal: WantedVip | undefined, subject: WantedVip, known?: Vip): string[] {
  return host.pass(vipAlias, goal, subject, known);
}

describe("the host's own address as a VIP", () => {
  test.each<VipInput>([own, { ...own, label: "eth1:web" }, { ...own, label: "" }, { ...own, boot: true }])(
    "stays as it is, with its routes, from the adoption to the destroy: %o",
    (input) => {
      const host = hostWithGateway("ifupdown");
      const [addresses, routes, files] = [[...host.addresses], host.routes, [...host.files]];
      const goal = want(input);
      bring(host, goal);
      const have = vipAlias.observe(host.seen(), goal);
      expect(have).toMatchObject({ address: "192.168.2.4/24", label: "eth1", live: true, adopted: true });
      expect(vipAlias.plan(goal, have)).toEqual([]);
      const relabelled = want({ ...input, label: "eth1:other" });
      pass(host, relabelled, relabelled, have);
      expect([host.addresses, host.routes]).toEqual([addresses, routes]);
      pass(host, undefined, relabelled, have);
      expect(vipAlias.plan(undefined, vipAlias.observe(host.seen(), relabelled, have))).toEqual([]);
      expect([host.addresses, host.routes, [...host.files]]).toEqual([addresses, routes, files]);
    },
  );

  test.each(["ifcfg", "ifupdown", "networkd", "netplan", "networkmanager"] as const)(
    "that %s brings up at boot stays in its files, from the adoption to the destroy",
    (manager) => {
      const host = new FakeNetworkHost(manager);
      const profile = "/etc/NetworkManager/system-connections/Wired connection 1.nmconnection";
      if (manager === "ifupdown") host.files.set("/etc/network/interfaces", INTERFACES);
      if (manager === "ifcfg") host.files.set("/etc/sysconfig/network-scripts/ifcfg-eth0", IFCFG);
      host.ip("route add default via 192.168.4.1 dev eth0");
      const [addresses, routes, files] = [[...host.addresses], host.routes, [...host.files]];
      const goal = want({ role: "director", device: "eth0", address: "192.168.4.2/24" });
      bring(host, goal);
      const have = vipAlias.observe(host.seen(), goal);
      expect(have).toMatchObject({ boot: true, adopted: true });
      expect([host.addresses, host.routes]).toEqual([addresses, routes]);
      for (const [path, text] of files) expect(host.files.get(path)).toBe(text);
      if (manager === "networkmanager") {
        const other = { ...goal, address: "192.168.4.2/32" };
        expect(() => pass(host, other, other, have)).toThrow(
          `${profile} has 192.168.4.2/24 as the address of eth0 itself, and 192.168.4.2/32 would take its place`,
        );
      }
      pass(host, undefined, goal, have);
      expect(vipAlias.plan(undefined, vipAlias.observe(host.seen(), goal, have))).toEqual([]);
      expect([host.addresses, host.routes, [...host.files]]).toEqual([addresses, routes, files]);
    },
  );

  test("stays also where the route has gone that showed whose it is", () => {
    const host = new FakeNetworkHost("none");
    const route = "10.0.0.0/8 via 192.168.4.1 dev eth0 src 192.168.4.5";
    host.ip("addr add 192.168.4.5/32 dev eth0");
    host.ip(`route add ${route}`);
    const { addresses } = host;
    bring(host, want(director));
    const have = vipAlias.observe(host.seen(), want(director));
    host.ip(`route del ${route}`);
    expect(vipAlias.observe(host.seen(), want(director), have)).toMatchObject({ adopted: true });
    expect(pass(host, undefined, want(director), have)).toEqual([]);
    expect(host.addresses).toEqual(addresses);
  });

  test("with another prefix length gets the desired one beside it, which goes with the destroy", () => {
    const host = hostWithGateway();
    const [addresses, routes] = [[...host.addresses], host.routes];
    const goal = want({ ...own, address: "192.168.2.4", gratuitousArp: false });
    expect(bring(host, goal)).toEqual(["ip addr add 192.168.2.4/32 dev eth1 label eth1:0"]);
    const have = vipAlias.observe(host.seen(), goal);
    expect(have).toMatchObject({ address: "192.168.2.4/32", label: "eth1:0", live: true });
    expect(bring(host, goal)).toEqual([]);
    expect(pass(host, undefined, goal, have)).toEqual(["ip addr del 192.168.2.4/32 dev eth1"]);
    expect([host.addresses, host.routes]).toEqual([addresses, routes]);
  });

  test("of IPv6 keeps its prefix length: an interface has it only once", () => {
    const host = new FakeNetworkHost("none");
    host.ip("addr add 2001:db8::5/64 dev eth0 nodad");
    host.ip("route add default via 2001:db8::1 dev eth0");
    const routes = host.routes;
    const goal = want({ ...director, address: "2001:db8::5" });
    expect(bring(host, goal)).toEqual([]);
    const have = host.observe(vipAlias, goal);
    expect(have).toMatchObject({ address: "2001:db8::5/64", adopted: true });
    expect(pass(host, undefined, goal, have)).toEqual([]);
    expect(host.routes).toEqual(routes);
  });

  test("is known by a route that has it as its source, in any table", () => {
    const host = new FakeNetworkHost("none");
    host.ip("addr add 192.168.4.5/32 dev eth0");
    host.ip("route add default via 192.168.4.1 dev eth0 table 100 src 192.168.4.5");
    expect(bring(host, want(director))).toEqual([]);
    expect(vipAlias.observe(host.seen(), want(director))).toMatchObject({ label: "eth0", adopted: true });
  });

  test.each([true, false])(
    "stays the first of its subnet, whether the kernel promotes the next one or not: %s",
    (promotes) => {
      const host = new FakeNetworkHost("none");
      if (promotes) host.promotes.add("eth0");
      host.ip("addr add 192.168.4.3/24 dev eth0");
      const addresses = [...host.addresses];
      const goal = want({ ...director, address: "192.168.4.2/24" });
      expect(bring(host, goal)).toEqual([]);
      expect(pass(host, undefined, goal, vipAlias.observe(host.seen(), goal))).toEqual([]);
      expect(host.addresses).toEqual(addresses);
    },
  );

  test("on lo stays with a route that has it as its source", () => {
    const host = new FakeNetworkHost("none");
    host.ip("addr add 192.168.4.5/32 dev lo");
    host.ip("route add default via 192.168.4.1 dev eth0 src 192.168.4.5");
    const goal = want(real);
    expect(bring(host, goal)).toEqual([]);
    expect(pass(host, undefined, goal, vipAlias.observe(host.seen(), goal))).toEqual([]);
  });
});

describe("a VIP of ours that gives its NIC a subnet", () => {
  const goal = want({ ...own, gratuitousArp: false, allowDuplicateAddress: true });

  test("is told from the host's own by a record, also by a run that has no state", () => {
    const host = new FakeNetworkHost("none");
    const [addresses, files] = [[...host.addresses], [...host.files]];
    bring(host, goal);
    expect(vipAlias.observe(host.seen(), goal)).not.toHaveProperty("adopted");
    expect(bring(host, undefined, goal)[0]).toBe("ip -batch - <<'END'\naddr del 192.168.2.4/24 dev eth1\nEND");
    expect([host.addresses, host.routes.includes(SUBNET), [...host.files]]).toEqual([addresses, false, files]);
  });

  test("is deleted under the rollback, because our way may lead over that subnet", () => {
    const host = new FakeNetworkHost("none");
    bring(host, goal);
    const seen = host.seen();
    const have = vipAlias.observe(seen, goal);
    const [step] = vipAlias.plan(undefined, have).flatMap((change) => vipAlias.render(change, seen));
    expect(step).toMatchObject({
      undo: { run: ["ip", "-force", "-batch", "-"], stdin: "addr add 192.168.2.4/24 dev eth1 label eth1:0\n" },
    });
  });

  test("is not deleted while somebody's routes depend on it, and they are named", () => {
    const host = new FakeNetworkHost("none");
    bring(host, goal);
    host.ip("route add default via 192.168.2.1 dev eth1");
    const before = [host.addresses, host.routes];
    expect(() => bring(host, undefined, goal)).toThrow(
      `removing 192.168.2.4/24 from eth1 would remove routes that depend on it:\n  ${GATEWAY.trim()}\nDelete them on the host`,
    );
    expect([host.addresses, host.routes]).toEqual(before);
  });

  test("gets another label, and the routes that go with it for a moment come back", () => {
    const host = new FakeNetworkHost("none");
    bring(host, goal);
    host.ip("route add default via 192.168.2.1 dev eth1");
    host.ip("route add 10.0.0.0/8 via 192.168.2.1 dev eth1 src 192.168.2.4");
    const routes = [...host.routes].sort();
    bring(host, { ...goal, label: "eth1:web" });
    expect(host.addresses.find(({ device }) => device === "eth1")?.label).toBe("eth1:web");
    expect([...host.routes].sort()).toEqual(routes);
  });
});

test.each([
  { why: "an address beside others, without a subnet", del: "192.168.4.5/32", lost: [] },
  {
    why: "the first of a subnet, which the next one inherits",
    del: "192.168.4.2/24",
    lost: ["10.2.0.0/16 via 192.168.4.1 dev eth0 src 192.168.4.2 "],
  },
  { why: "the only one of a NIC", del: "192.168.2.4/24", lost: [GATEWAY, SUBNET] },
])("the kernel removes the routes that are foreseen: $why", ({ del, lost }) => {
  const host = hostWithGateway();
  host.promotes.add("eth0");
  for (const address of ["192.168.4.3/24", "192.168.4.5/32"]) host.ip(`addr add ${address} dev eth0`);
  host.ip("route add 10.2.0.0/16 via 192.168.4.1 dev eth0 src 192.168.4.2");
  const seen = host.seen();
  const address = seen.addresses.addresses.find((one) => `${one.ip}/${one.prefix}` === del);
  if (address === undefined) throw new Error(`${del} is missing`);
  const before = host.routes;
  host.ip(`addr del ${del} dev ${address.device}`);
  // The route to a subnet that the next address of it inherits is no loss.
  const left = host.routes.map((line) => line.split(" ")[0]);
  expect(before.filter((line) => !left.includes(line.split(" ")[0])).sort()).toEqual([...lost].sort());
  expect(
    routesLostWith(address, seen)
      .map(({ text }) => `${text} `)
      .sort(),
  ).toEqual([...lost].sort());
});
