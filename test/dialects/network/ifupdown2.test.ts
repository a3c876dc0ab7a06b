import { ifupdown } from "../../../provider/dialects/network/ifupdown/ifupdown";
import { OTHER_PROGRAMS } from "../../../provider/dialects/network/ifupdown/ifupdown-files";
import type { NetworkConfig } from "../../../provider/facts/network/managers";
import type { VipInput } from "../../../provider/kinds/vip-alias/schema";
import { director, networkSeen, realServer, vip } from "./network-seen";

const MAIN = "/etc/network/interfaces";
const SOURCE = `source ${MAIN}.d/*\n`;
const LO = "auto lo\niface lo inet loopback\n";
const ETH0 = "auto eth0\niface eth0 inet static\n    address 192.168.4.2/24\n";
const six = { ...director, address: "2001:db8::5" };

function host(files: Readonly<Record<string, string>>): NetworkConfig {
  const seen = networkSeen(["ifupdown"], files);
  return { ...seen, presentPaths: new Set([...seen.presentPaths, OTHER_PROGRAMS[0]]) };
}

function linesOf(input: VipInput, files: Readonly<Record<string, string>>): readonly string[] | undefined {
  return ifupdown
    .files(vip(input), host(files))[0]
    ?.text.split("\n")
    .slice(1, -1)
    .map((line) => line.trim());
}

const byCommand = [
  "iface eth0",
  "up ip addr replace 192.168.4.5/32 dev eth0 label eth0:0",
  "down ip addr del 192.168.4.5/32 dev eth0 || true",
];
const byCommand6 = [
  "iface eth0",
  "up ip addr replace 2001:db8::5/128 dev eth0 nodad",
  "down ip addr del 2001:db8::5/128 dev eth0 || true",
];
const byAddress6 = [
  "iface eth0",
  "address 2001:db8::5/128",
  'up [ -n "$(ip -o addr show dev eth0 to 2001:db8::5/128 nodad)" ] || { ip addr del 2001:db8::5/128 dev eth0 2>/dev/null; ip addr replace 2001:db8::5/128 dev eth0 nodad; }',
];

describe("the stanza", () => {
  test.each([
    { why: "with a label: by a command", input: director, main: LO + ETH0 + SOURCE, lines: byCommand },
    { why: "before the host's own", input: director, main: SOURCE + LO + ETH0, lines: byCommand },
    {
      why: "without a label: ifreload would take it away",
      input: { ...director, label: "" },
      main: LO + ETH0 + SOURCE,
      lines: ["iface eth0", "address 192.168.4.5/32"],
    },
    {
      why: "before the host's own, where an address would become the first",
      input: { ...director, label: "" },
      main: LO + SOURCE + ETH0,
      lines: [
        "iface eth0",
        "up ip addr replace 192.168.4.5/32 dev eth0",
        "down ip addr del 192.168.4.5/32 dev eth0 || true",
      ],
    },
    {
      why: "before one more of the host's own, with a first address before both",
      input: { ...director, label: "" },
      main: `${LO}${ETH0}${SOURCE}iface eth0:9 inet static\n    address 192.168.4.15/32\n`,
      lines: ["iface eth0", "address 192.168.4.5/32"],
    },
    {
      why: "before one more of the host's own, whose netmask would be that of our address",
      input: six,
      main: `${LO}${ETH0}${SOURCE}iface eth0:9 inet static\n    address 192.168.4.15\n    netmask 24\n`,
      lines: byCommand6,
    },
    { why: "IPv6", input: six, main: LO + ETH0 + SOURCE, lines: byAddress6 },
    { why: "IPv6 before the host's own", input: six, main: SOURCE + ETH0, lines: byCommand6 },
    {
      why: "IPv6 of a DHCP client, which has no addresses",
      input: six,
      main: `auto eth0\niface eth0 inet dhcp\n${SOURCE}`,
      lines: byCommand6,
    },
    {
      why: "on lo",
      input: realServer,
      main: LO + SOURCE,
      lines: [
        "iface lo",
        "up ip addr replace 192.168.4.5/32 dev lo label lo:0",
        "down ip addr del 192.168.4.5/32 dev lo || true",
      ],
    },
    {
      why: "on a tunnel that has no stanza",
      input: { ...realServer, device: "tunl0" },
      main: LO + SOURCE,
      lines: [
        "iface lo",
        "up ip addr replace 192.168.4.5/32 dev tunl0 label tunl0:0",
        "down ip addr del 192.168.4.5/32 dev tunl0 || true",
      ],
    },
  ])("$why", ({ input, main, lines }) => {
    expect(linesOf(input, { [MAIN]: main })).toEqual(lines);
    expect(ifupdown.blockedBy(vip(input), host({ [MAIN]: main }))).toBeUndefined();
  });

  test("a dummy without a stanza is made with lo, one with a stanza with that", () => {
    const input = { ...realServer, device: "dummy0" };
    expect(linesOf(input, { [MAIN]: LO + SOURCE })?.slice(0, 3)).toEqual([
      "iface lo",
      "pre-up [ -e /sys/class/net/dummy0 ] || ip link add dummy0 type dummy || [ -e /sys/class/net/dummy0 ]",
      "pre-up ip link set dummy0 alias pulumi-lvs up",
    ]);
    const own = `${LO}auto dummy0\niface dummy0\n    link-type dummy\n${SOURCE}`;
    expect(linesOf(input, { [MAIN]: own })?.[0]).toBe("iface dummy0");
  });

  test("is not that of an earlier version", () => {
    const [file] = ifupdown.files(vip(director), host({ [MAIN]: LO + ETH0 + SOURCE }));
    const old = "auto eth0:0\niface eth0:0 inet manual\n    up ip addr replace 192.168.4.5/32 dev eth0 label eth0:0";
    expect(file?.matches(old.split("\n"))).toBe(false);
  });
});

test.each([
  {
    why: "a stanza of its own is missing",
    files: { [MAIN]: LO + SOURCE },
    says: `${MAIN} has no stanza for eth0, and with one of ours alone ifupdown2 would take the other addresses of eth0 away`,
  },
  {
    why: "auto behind the stanza, which has no effect",
    files: { [MAIN]: `iface eth0 inet static\nauto eth0\n${SOURCE}` },
    says: `${MAIN}, line 1, the stanza of eth0, does not come up at boot by itself: write "auto eth0" before it`,
  },
  {
    why: "auto of an alias",
    files: { [MAIN]: `auto eth0:0\niface eth0:0 inet static\n${SOURCE}` },
    says: `${MAIN}, line 2, the stanza of eth0, does not come up`,
  },
  {
    why: "DHCP behind ours",
    files: { [MAIN]: `${SOURCE}auto eth0\niface eth0 inet dhcp\n` },
    says: `${MAIN}, line 3, has the method "dhcp" for eth0, and ifupdown2 may read our file before it`,
  },
  {
    why: "DHCP beside ours",
    files: { [MAIN]: `auto eth0\n${SOURCE}`, [`${MAIN}.d/eth0`]: "iface eth0 inet dhcp\n" },
    says: `${MAIN}.d/eth0, line 1, has the method "dhcp"`,
  },
  {
    why: "source-directory",
    files: { [MAIN]: `${ETH0}source-directory ${MAIN}.d\n` },
    says: `${MAIN} does not read ${MAIN}.d: add the line "source ${MAIN}.d/*" to it`,
  },
  { why: "a second pattern", files: { [MAIN]: `${ETH0}source /etc/x ${MAIN}.d/*\n` }, says: "does not read" },
  {
    why: "a relative source",
    files: { [MAIN]: `${ETH0}source interfaces.d/*\n` },
    says: `${MAIN}, line 4, as ifup does: "source interfaces.d/*" is no absolute path`,
  },
  { why: "a list of characters", files: { [MAIN]: `${ETH0}source ${MAIN}.d/[^x]*\n` }, says: "cannot expand" },
  { why: "a file that reads itself", files: { [MAIN]: `${ETH0}source ${MAIN}\n` }, says: "reads itself" },
  {
    why: "a stanza without a name",
    files: { [MAIN]: `${ETH0}${SOURCE}iface\n` },
    says: `${MAIN}, line 5, as ifup does: iface without a name`,
  },
  {
    why: "a template",
    files: { [MAIN]: `${ETH0}${SOURCE}% for x in y:\n` },
    says: `line 5, as ifup does: a template of Mako`,
  },
  {
    why: "ranges",
    files: { [MAIN]: `${ETH0}${SOURCE}iface swp[1-4]\n` },
    says: "ranges of interfaces are not understood here",
  },
  {
    why: "a regular expression that finds the name",
    files: { [MAIN]: ETH0 + SOURCE, "/etc/default/networking": 'EXCLUDE_INTERFACES="th"\n' },
    says: "/etc/default/networking, line 1, excludes eth0 at boot, or may",
  },
  {
    why: "another file",
    files: {
      [MAIN]: ETH0 + SOURCE,
      "/etc/network/ifupdown2/ifupdown2.conf": `default_interfaces_configfile=${MAIN}.new\n`,
    },
    says: "/etc/network/ifupdown2/ifupdown2.conf, line 1, makes ifupdown2 read another file",
  },
])("refused: $why", ({ files, says }) => {
  expect(ifupdown.blockedBy(vip(director), host(files))).toContain(says);
});

test.each([
  { why: "a percent sign in a comment", files: { [MAIN]: `# 100%\n${ETH0}${SOURCE}` } },
  {
    why: "a name that only begins alike",
    files: { [MAIN]: ETH0 + SOURCE, "/etc/default/networking": "EXCLUDE_INTERFACES='eth1 ^th'\n" },
  },
  {
    why: "CONFIGURE_INTERFACES, which ifupdown2 does not know",
    files: { [MAIN]: ETH0 + SOURCE, "/etc/default/networking": "CONFIGURE_INTERFACES=no\n" },
  },
  { why: "allow-hotplug", files: { [MAIN]: `allow-hotplug eth0\niface eth0 inet static\n${SOURCE}` } },
  { why: "auto with a range", files: { [MAIN]: `auto eth[0-3]\niface eth0 inet static\n${SOURCE}` } },
  { why: "auto all", files: { [MAIN]: `auto all\niface eth0 inet static\n${SOURCE}` } },
  {
    why: "the usual file",
    files: {
      [MAIN]: ETH0 + SOURCE,
      "/etc/network/ifupdown2/ifupdown2.conf": `default_interfaces_configfile=${MAIN}\n`,
    },
  },
])("right: $why", ({ files }) => {
  expect(ifupdown.blockedBy(vip(director), host(files))).toBeUndefined();
});

test.each([
  { why: "auto and its stanza", one: "auto eth1\n", two: "iface eth1\naddress 192.168.4.5/32\n" },
  {
    why: "two methods",
    one: "auto eth1\niface eth1 inet dhcp\n",
    two: "auto eth1\niface eth1\naddress 192.168.4.5/32\n",
  },
  {
    why: "a netmask by its number",
    one: "auto eth1\niface eth1\naddress 192.168.4.9/24\n",
    two: "auto eth1\niface eth1\naddress 192.168.4.5\nnetmask 24\n",
  },
])("$why in two files that come in any order cannot be judged", ({ one, two }) => {
  const files = { [MAIN]: ETH0 + SOURCE, [`${MAIN}.d/1`]: one, [`${MAIN}.d/2`]: two };
  expect(ifupdown.declares?.(vip(director), host(files))).toMatchObject([
    { unclear: expect.stringContaining("order") as unknown },
  ]);
});

describe("the host's own lines for the address", () => {
  const eth0 = "auto eth0\niface eth0 inet static\n";
  test.each([
    { lines: `${eth0}address 192.168.4.2/24\naddress 192.168.4.5/32\n`, found: ["4 192.168.4.5/32 eth0 eth0"] },
    { lines: `${eth0}address 192.168.4.5\n`, found: ["3 192.168.4.5/32 eth0 eth0"] },
    {
      lines: `${eth0}address 192.168.4.2\nnetmask 24\naddress 192.168.4.5\nnetmask 255.255.255.0\n`,
      found: ["5 192.168.4.5/24 eth0 eth0"],
    },
    {
      lines: `${eth0}address 192.168.4.2/24\niface eth0\naddress 192.168.4.5\nnetmask 24\n`,
      found: ["5 192.168.4.5/32 eth0 eth0"],
    },
    { lines: `${eth0}iface eth0:9 inet static\naddress 192.168.4.5/32\n`, found: ["4 192.168.4.5/32 eth0 eth0"] },
    {
      lines: `${eth0}iface eth0:9\nup ip addr add 192.168.4.5/32 dev eth0 label $IFACE\n`,
      found: ["4 192.168.4.5/32 eth0 eth0:9"],
    },
    { lines: `${eth0}post_up ip a add 192.168.4.5 dev eth0\n`, found: ["3 192.168.4.5/32 eth0 eth0"] },
    {
      lines: `${eth0}iface eth0\naddress 192.168.4.5/32\niface eth0\naddress 192.168.4.5/32\n`,
      found: ["4 192.168.4.5/32 eth0 eth0"],
    },
    { lines: `${eth0}# x \\\naddress 192.168.4.5/32\n`, found: [] },
    { lines: `${eth0}address \\\n\n  192.168.4.5/32\n`, found: ["3 192.168.4.5/32 eth0 eth0"] },
    { lines: "auto eth0\niface eth0 inet dhcp\naddress 192.168.4.5/32\n", found: [] },
    { lines: "iface eth0\naddress 192.168.4.5/32\n", found: [] },
    { lines: "auto eth0\nvlan eth0\naddress 192.168.4.5/32\n", found: [] },
    { lines: `${eth0}address-virtual 00:00:5e:00:01:01 192.168.4.5/32\n`, found: ["3 unclear"] },
    { lines: `${eth0}address 192.168.4.02/24\naddress 192.168.4.5/32\n`, found: ["4 unclear"] },
    { lines: `${eth0}address 192.168.4.5/0.0.0.255\n`, found: ["3 unclear"] },
    { lines: "iface eth0\naddress 192.168.4.5/32\nauto br0\niface br0\nbridge-ports eth0\n", found: ["2 unclear"] },
  ])("$lines", ({ lines, found }) => {
    const declared = ifupdown.declares?.(vip(director), host({ [MAIN]: `${lines}${SOURCE}` })) ?? [];
    const words = declared.map(({ line, address, device, label, unclear }) =>
      [line, ...(unclear === undefined ? [address, device, label] : ["unclear"])].join(" "),
    );
    expect(words).toEqual(found);
  });
});
