import { returnRoute } from "../../../provider/kinds/return-route/kind";
import { FakeRouter } from "../../fakes/fake-router";
import { bring, gateway, want } from "./return-route-operator";

describe("refused", () => {
  const foreign = "table 20612 is in use on this host, by";

  test("a table that somebody else's rule leads to", () => {
    const host = new FakeRouter();
    host.ip("rule add from 10.0.0.1 lookup 20612 priority 7");
    expect(() => bring(host, want())).toThrow(
      `${foreign} the rule "from 10.0.0.1 lookup 20612". Choose another with "table"`,
    );
  });

  test("a table with somebody else's routes", () => {
    const host = new FakeRouter();
    host.ip("route replace default via 192.168.2.9 dev eth1 table 20612");
    expect(() => bring(host, want())).toThrow(
      `${foreign} the route "default via 192.168.2.9 dev eth1". Choose another with "table"`,
    );
  });

  test("an address that the device does not have", () => {
    expect(() => bring(new FakeRouter(), want({ device: "eth0" }))).toThrow(
      "192.168.2.100 is not an address of eth0 on this host, which has 192.168.4.100",
    );
    expect(() => bring(new FakeRouter(), want({ device: "eth7" }))).toThrow(
      "this host has no device eth7, only lo, eth0, eth1",
    );
  });

  test("a default route with several gateways", () => {
    const host = new FakeRouter();
    host.routes.push(
      "default \\ nexthop via 192.168.4.1 dev eth0 weight 1 \\ nexthop via 192.168.4.2 dev eth0 weight 1",
    );
    expect(() => bring(host, gateway())).toThrow(
      'this host has a default route with several gateways, which is not replaced. Use mode "policy"',
    );
  });
});

describe("input", () => {
  test.each([
    [
      { address: undefined },
      "address is needed: the real server's own address, as in the director's rule, such as \"192.168.2.100\"",
    ],
    [
      { address: "web1" },
      'address "web1" is not an IP address: names are not looked up, because the answer of DNS may change; write the address',
    ],
    [
      { gateway: undefined },
      "gateway is needed: the director's address on the real server's network, such as \"192.168.2.2\"",
    ],
    [{ gateway: "2001:db8::2" }, "gateway must be of the same family as 192.168.2.100"],
    [{ gateway: "192.168.2.100" }, "gateway must be the director's address, not the real server's own"],
    [{ device: undefined }, 'device must be the name of a network interface, such as "eth0"'],
    [{ table: 254 }, "table must not be 253, 254 or 255, which the kernel uses itself"],
    [{ table: 0 }, "table must be a whole number from 1 to 4294967295, not 0"],
    [{ priority: 32766 }, "priority must be a whole number from 1 to 32765, not 32766"],
    [
      { localNetworks: ["192.168.2.1/24"] },
      'localNetworks.0 "192.168.2.1/24" is not a network; write "192.168.2.0/24"',
    ],
    [{ localNetworks: ["192.168.2.0"] }, 'localNetworks.0 "192.168.2.0" is not a network, such as "192.168.2.0/24"'],
    [
      { localNetworks: ["2001:db8::/64"] },
      "localNetworks must be of the same family as 192.168.2.100, not 2001:db8::/64",
    ],
    [{ mode: "default" }, 'address is for mode "policy" only: a default gateway is for all addresses'],
    [{ live: false }, "live is an output: whether the route is there"],
  ])("%j", (input, says) => {
    const read = returnRoute.schema.safeParse({
      address: "192.168.2.100",
      gateway: "192.168.2.2",
      device: "eth1",
      ...input,
    });
    expect(read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual([
      says,
    ]);
  });

  test("canonical input stays as it is", () => {
    for (const goal of [want(), want({ localNetworks: ["192.168.2.0/24", "10.0.0.0/8"] }), gateway()]) {
      expect(returnRoute.schema.parse(goal)).toEqual(goal);
    }
    expect(returnRoute.key(want())).toBe("from 192.168.2.100");
    expect(want({ address: "2001:db8::1:64", gateway: "2001:db8::2" }).table).toBe(20100);
  });
});
