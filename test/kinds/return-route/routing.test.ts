import { parseRouting } from "../../../provider/kinds/return-route/facts";

/** A real server of the lab, Debian 12, iproute2 6.1, while it has a way back; and a route of each strange kind. */
const SAID = `0:	from all lookup local
20000:	from 192.168.2.100 lookup 20612
20001:	from 10.0.0.0/8 lookup lvs proto static
32766:	from all lookup main
32767:	from all lookup default
--
default via 192.168.2.2 dev eth1 table 20612 
192.168.2.0/24 dev eth1 table 20612 scope link src 192.168.2.100 
default proto static metric 50 \\	nexthop via 192.168.4.1 dev eth0 weight 1 \\	nexthop via 192.168.4.2 dev eth0 weight 1 linkdown 
blackhole 10.9.0.0/16 
10.8.0.0/16 via 192.168.2.9 dev eth1 table lvs 
10.7.0.0/16 via 192.168.2.9 dev eth1 table nobody-knows 
local 192.168.2.100 dev eth1 table local proto kernel scope host src 192.168.2.100 
--
255 local
254 main
253 default
0 unspec
0x2bc lvs\r
`;

test("rules and routes, with tables by number or by name", () => {
  expect(parseRouting(SAID)).toEqual({
    rules: [
      { priority: 0, from: "all", table: 255, text: "from all lookup local" },
      { priority: 20000, from: "192.168.2.100", table: 20612, text: "from 192.168.2.100 lookup 20612" },
      { priority: 20001, from: "10.0.0.0/8", table: 700, text: "from 10.0.0.0/8 lookup lvs proto static" },
      { priority: 32766, from: "all", table: 254, text: "from all lookup main" },
      { priority: 32767, from: "all", table: 253, text: "from all lookup default" },
    ],
    routes: [
      {
        to: "default",
        table: 20612,
        via: "192.168.2.2",
        device: "eth1",
        multipath: false,
        words: ["default", "via", "192.168.2.2", "dev", "eth1"],
      },
      {
        to: "192.168.2.0/24",
        table: 20612,
        device: "eth1",
        multipath: false,
        words: ["192.168.2.0/24", "dev", "eth1", "scope", "link", "src", "192.168.2.100"],
      },
      expect.objectContaining({ to: "default", table: 254, metric: 50, multipath: true }),
      expect.objectContaining({ to: "10.9.0.0/16", table: 254, type: "blackhole" }),
      expect.objectContaining({ to: "10.8.0.0/16", table: 700 }),
      expect.objectContaining({ to: "192.168.2.100", table: 255, type: "local" }),
    ],
  });
});

test("an IPv6 route as the kernel tells it", () => {
  const said =
    "0:	from all lookup local\n--\ndefault via 2001:DB8::2 dev eth1 table 20100 metric 1024 pref medium\n--\n";
  expect(parseRouting(said).routes).toEqual([
    {
      to: "default",
      table: 20100,
      via: "2001:db8::2",
      device: "eth1",
      metric: 1024,
      multipath: false,
      words: ["default", "via", "2001:DB8::2", "dev", "eth1", "metric", "1024", "pref", "medium"],
    },
  ]);
});

test.each([
  ["half an answer", "0:	from all lookup local\n", 'cannot read "0:	from all lookup local'],
  ["a rule that is none", "garbage\n--\n--\n", 'cannot read "garbage" as a rule, from ip rule'],
])("%s is an error", (_what, said, message) => {
  expect(() => parseRouting(said)).toThrow(message);
});
