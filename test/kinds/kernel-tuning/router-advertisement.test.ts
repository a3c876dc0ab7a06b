import { parseAdvertised } from "../../../provider/kinds/kernel-tuning/nat-facts";

test("default routes that a router advertised, by NIC; those that somebody set are none", () => {
  const output = `default via fe80::1 dev eth0 proto ra metric 1024 expires 1790sec hoplimit 64 pref medium
default via fe80::2 dev eth0 proto ra metric 1024 expires 1700sec pref medium
default via 2001:db8::1 dev eth1 metric 1024 pref medium
default via 2001:db8::2 dev eth2.5 proto static metric 1024 pref medium
default proto ra metric 1024 expires 1790sec pref medium\\\tnexthop via fe80::3 dev eth3 weight 1 \\\tnexthop via fe80::4 dev eth4 weight 1
`;
  expect(parseAdvertised(output)).toEqual(["eth0", "eth3", "eth4"]);
  expect(parseAdvertised("")).toEqual([]);
});
