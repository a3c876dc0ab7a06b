import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addresses, parseAddresses } from "../../../provider/facts/network/addresses";

const recorded = readFileSync(join(__dirname, "..", "fixtures", "addresses", "debian-12.txt"), "utf8");

test("a Debian 12 host with a VIP, a secondary address, a peer, a VLAN, a dummy and IPv6", () => {
  const read = parseAddresses(recorded);
  expect(read.devices).toEqual(["dummy0", "eth0", "eth0.5", "eth1", "lo", "mgmt0"]);
  expect(read.markedDevices).toEqual(["dummy0"]);
  expect(read.promoteSecondaries).toEqual([]);
  const of = (ip: string) => read.addresses.filter((one) => one.ip === ip);
  const plain = { secondary: false, dadFailed: false };
  expect(of("192.168.4.5")).toEqual([{ device: "eth0", ip: "192.168.4.5", prefix: 32, label: "eth0:0", ...plain }]);
  expect(of("192.168.4.6")).toEqual([
    {
      device: "eth0",
      ip: "192.168.4.6",
      prefix: 24,
      label: "eth0",
      ...plain,
      secondary: true,
      attributes: ["brd", "192.168.4.255"],
    },
  ]);
  expect(of("192.168.4.9")).toEqual([{ device: "lo", ip: "192.168.4.9", prefix: 32, label: "lo:0", ...plain }]);
  expect(of("10.9.9.1")).toEqual([
    { device: "eth1", ip: "10.9.9.1", prefix: 32, label: "eth1", ...plain, attributes: ["peer", "10.9.9.2/32"] },
  ]);
  expect(of("2001:db8::5")).toEqual([
    { device: "eth0", ip: "2001:db8::5", prefix: 128, ...plain, attributes: ["nodad"] },
  ]);
  expect(read.addresses).toHaveLength(recorded.match(/ inet6? /g)?.length ?? 0);
});

const lines = [
  {
    why: "an old ip shows links too, and no lifetimes",
    text: "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 16436 qdisc noqueue state UNKNOWN \\    link/loopback 00:00:00:00:00:00\n1: lo    inet 127.0.0.1/8 scope host lo\n",
    gives: [{ ip: "127.0.0.1", prefix: 8, label: "lo" }],
  },
  {
    why: "words after the scope are flags, until the label",
    text: "2: eth0    inet 192.168.4.5/24 brd 192.168.4.255 scope global secondary dynamic noprefixroute eth0:web\\       valid_lft 85sec preferred_lft 85sec\n",
    gives: [
      {
        ip: "192.168.4.5",
        label: "eth0:web",
        secondary: true,
        attributes: ["brd", "192.168.4.255", "noprefixroute", "valid_lft", "85", "preferred_lft", "85"],
      },
    ],
  },
  {
    why: "an address without a label",
    text: "5: tun0    inet 10.8.0.1/24 scope global tun0\\       valid_lft forever preferred_lft forever\n",
    gives: [{ ip: "10.8.0.1", label: "tun0" }],
  },
  {
    why: "duplicate address detection found another host",
    text: "2: eth0    inet6 2001:db8::5/128 scope global dadfailed tentative \\       valid_lft forever preferred_lft forever\n",
    gives: [{ ip: "2001:db8::5", dadFailed: true }],
  },
];

test.each(lines)("$why", ({ text, gives }) => {
  const read = parseAddresses(text).addresses;
  expect(read).toHaveLength(gives.length);
  expect(read).toMatchObject(gives);
});

test("what is no address is said, with its line", () => {
  expect(() => parseAddresses("2: eth0    inet 192.168.4/24 scope global eth0\n")).toThrow(
    'cannot read "2: eth0    inet 192.168.4/24 scope global eth0" as an address, from ip -o addr',
  );
});

test("the question is answered by this machine's own shell and ip", () => {
  if (!("sh" in addresses.command)) throw new Error("asked by a shell");
  const said = execFileSync("sh", ["-c", addresses.command.sh, "sh", ...(addresses.command.args ?? [])], {
    encoding: "utf8",
  });
  const read = addresses.parse(said);
  expect(read.devices).toContain("lo");
  expect(read.addresses).toContainEqual({
    device: "lo",
    ip: "127.0.0.1",
    prefix: 8,
    label: "lo",
    secondary: false,
    dadFailed: false,
    attributes: ["scope", "host"],
  });
});
