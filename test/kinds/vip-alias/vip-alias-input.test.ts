import { vipAlias } from "../../../provider/kinds/vip-alias/kind";

const director = { role: "director", address: "192.168.4.5", device: "eth0" };
const real = { role: "realServer", address: "192.168.4.5" };

const refused: { why: string; input: object; says: string }[] = [
  {
    why: "a director needs a NIC",
    input: { role: "director", address: "192.168.4.5" },
    says: 'device is needed for a director: its NIC, such as "eth0"',
  },
  {
    why: "lo answers nobody",
    input: { ...director, device: "lo" },
    says: "device must be a NIC for a director: an address on lo answers no client",
  },
  {
    why: "arp_ignore=1 does not silence a NIC for its own addresses",
    input: { ...real, device: "eth0" },
    says:
      'device must be "lo", a dummy such as "dummy0", "tunl0" or "gre0" for a real server: on eth0 it would answer ARP for the VIP in ' +
      "spite of arp_ignore=1, and take the director's traffic",
  },
  {
    why: "/24 on lo makes the subnet local",
    input: { ...real, address: "192.168.4.5/24" },
    says:
      "address must have the prefix /32 for a real server, got /24: on lo the whole subnet would become local, and the host " +
      'would lose its network. Write "192.168.4.5"',
  },
  {
    why: "/64 on lo likewise",
    input: { ...real, address: "2001:db8::5/64" },
    says:
      "address must have the prefix /128 for a real server, got /64: on lo the whole subnet would become local, and the host " +
      'would lose its network. Write "2001:db8::5"',
  },
  {
    why: "a label has no room for more",
    input: { ...director, label: "eth0:abcdefghijkl" },
    says: 'label must have at most 15 characters, got 17 in "eth0:abcdefghijkl": the kernel has no room for more',
  },
  {
    why: "network-scripts skip it without a word",
    input: { ...director, label: "eth0:web-1" },
    says: 'label must have letters, digits or _ after the colon, such as "eth0:0", got "eth0:web-1": network-scripts refuse others',
  },
  {
    why: "nothing after the colon",
    input: { ...director, label: "eth0:" },
    says: 'label must have letters, digits or _ after the colon, such as "eth0:0", got "eth0:": network-scripts refuse others',
  },
  {
    why: "a label of another NIC",
    input: { ...director, label: "eth1:0" },
    says: 'label must start with the device, "eth0:", got "eth1:0"',
  },
  {
    why: "IPv6 has none",
    input: { ...director, address: "2001:db8::5", label: "eth0:0" },
    says: "label is for IPv4 only: the kernel keeps no label of an IPv6 address. Leave it out",
  },
  {
    why: "a device with an alias",
    input: { ...director, device: "eth0:0" },
    says: 'device names an alias; give the interface itself, such as "eth0", without the colon and what follows',
  },
  {
    why: "a device as ip addr prints it",
    input: { ...director, device: "eth0.100@eth0" },
    says: 'device is as `ip addr` prints it; give the name before the @, such as "eth0.100" for eth0.100@eth0',
  },
  {
    why: "a device that would end a shell word",
    input: { ...director, device: "eth0;id" },
    says: 'device must be the name of a network interface, such as "eth0": at most 15 of A-Z a-z 0-9 _ . -',
  },
  {
    why: "names are not looked up",
    input: { ...director, address: "www.example.com" },
    says: 'address "www.example.com" is not an IP address: names are not looked up, because the answer of DNS may change; write the address',
  },
  {
    why: "no such prefix",
    input: { ...director, address: "192.168.4.5/33" },
    says: 'address "192.168.4.5/33" has no valid prefix: write a number from 1 to 32 after the slash',
  },
  {
    why: "a whole address space",
    input: { ...director, address: "192.168.4.5/0" },
    says: 'address "192.168.4.5/0" has no valid prefix: write a number from 1 to 32 after the slash',
  },
  {
    why: "127/8 is everywhere",
    input: { ...director, address: "127.0.0.1" },
    says: 'address "127.0.0.1" is a loopback address: no client could reach it',
  },
  {
    why: "no such role",
    input: { ...director, role: "backup" },
    says: 'role must be "director" (answers ARP for the address) or "realServer" (accepts it and stays silent)',
  },
  {
    why: "no such manager",
    input: { ...director, networkManager: "netctl" },
    says:
      'networkManager must be "ifcfg" (network-scripts of RHEL), "ifupdown" (Debian), "networkd" (systemd-networkd), "netplan" (Ubuntu) or ' +
      '"networkmanager"',
  },
];

test.each(refused)("$why", ({ input, says }) => {
  const read = vipAlias.schema.safeParse(input);
  expect(read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual([
    says,
  ]);
});

const accepted = [
  {
    why: "a director's defaults",
    input: director,
    gives: { address: "192.168.4.5/32", label: "eth0:0", boot: true, live: true },
  },
  { why: "a real server's defaults", input: real, gives: { address: "192.168.4.5/32", device: "lo", label: "lo:0" } },
  {
    why: "IPv6 in its one spelling",
    input: { ...real, address: "2001:DB8:0::5" },
    gives: { address: "2001:db8::5/128", device: "lo" },
  },
  { why: "no label", input: { ...director, label: "" }, gives: { label: "eth0" } },
  { why: "no label, in the words of ip addr", input: { ...director, label: "eth0" }, gives: { label: "eth0" } },
  { why: "no label of IPv6", input: { ...director, address: "2001:db8::5", label: "" }, gives: { device: "eth0" } },
  {
    why: "a name that leaves no room",
    input: { ...director, device: "enp0s31f6np1v0" },
    gives: { label: "enp0s31f6np1v0" },
  },
  { why: "a VLAN", input: { ...director, device: "eth0.5" }, gives: { label: "eth0.5:0" } },
];

test.each(accepted)("$why", ({ input, gives }) => {
  const read = vipAlias.schema.parse(input);
  expect(read).toMatchObject(gives);
  expect(vipAlias.schema.parse(read)).toEqual(read);
});
