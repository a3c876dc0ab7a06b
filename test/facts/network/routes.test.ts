import { parseRoutes } from "../../../provider/facts/network/routes";

test("unicast routes of all tables, as ip(8) takes them again", () => {
  const output = `default via 192.168.4.1 dev eth0 proto dhcp src 192.168.4.2 metric 100 linkdown
10.0.0.0/8 via 192.168.4.1 dev eth0 table 100 src 192.168.4.5
default proto static \\\tnexthop via 192.168.2.1 dev eth1 weight 1 \\\tnexthop via 192.168.4.1 dev eth0 weight 1 dead
192.168.4.0/24 dev eth0 proto kernel scope link src 192.168.4.2
local 192.168.4.5 dev eth0 table local proto kernel scope host src 192.168.4.5
blackhole 10.9.0.0/16
2001:db8::/64 dev eth0 proto ra metric 1024 expires 2591990sec pref medium

`;
  expect(parseRoutes(output)).toEqual([
    {
      text: "default via 192.168.4.1 dev eth0 proto dhcp src 192.168.4.2 metric 100",
      devices: ["eth0"],
      source: "192.168.4.2",
      byKernel: false,
    },
    {
      text: "10.0.0.0/8 via 192.168.4.1 dev eth0 table 100 src 192.168.4.5",
      devices: ["eth0"],
      source: "192.168.4.5",
      byKernel: false,
    },
    {
      text: "default proto static nexthop via 192.168.2.1 dev eth1 weight 1 nexthop via 192.168.4.1 dev eth0 weight 1",
      devices: ["eth1", "eth0"],
      byKernel: false,
    },
    {
      text: "192.168.4.0/24 dev eth0 proto kernel scope link src 192.168.4.2",
      devices: ["eth0"],
      source: "192.168.4.2",
      byKernel: true,
    },
    {
      text: "2001:db8::/64 dev eth0 proto ra metric 1024 expires 2591990 pref medium",
      devices: ["eth0"],
      byKernel: false,
    },
  ]);
});
