import { vipAlias } from "../../../provider/kinds/vip-alias/kind";
import { FakeNetworkHost } from "../../fakes/fake-network-host";
import { bring, director as live, want } from "./vip-operator";

const director = { ...live, boot: true };

/** The host's own lines that bring the address of a VIP up at boot. */
const INTERFACES = "/etc/network/interfaces";
const OWN = `${INTERFACES}.d/pulumi-lvs-eth0-192-168-4-5`;

function hostWith(lines: string): FakeNetworkHost {
  const host = new FakeNetworkHost("ifupdown");
  host.files.set(INTERFACES, `auto eth0\niface eth0 inet dhcp\nsource ${INTERFACES}.d/*\n${lines}`);
  return host;
}

const same = [
  { why: "a stanza", lines: "auto eth0:0\niface eth0:0 inet static\n    address 192.168.4.5/32\n" },
  { why: "a netmask", lines: "auto eth0:0\niface eth0:0 inet static\naddress 192.168.4.5\nnetmask 255.255.255.255\n" },
  {
    why: "tabs, comments and continued lines",
    lines: "auto eth1 \\\n  eth0:0\n#x\\\niface eth0:0 inet\tstatic\n\taddress \\\n192.168.4.5/32\r\n",
  },
  {
    why: "a command of the NIC's own stanza",
    lines: "iface eth0 inet static\nup ip a add 192.168.4.5 dev eth0 label eth0:0 || true\n",
  },
  {
    why: "a variable of ifup",
    lines: "iface eth0 inet manual\n post-up /sbin/ip -4 addr replace 192.168.4.5/32 dev $IFACE label $IFACE:0\n",
  },
  {
    why: "options of another stanza",
    lines: "iface web inet static\naddress 192.168.4.5/32\nauto eth0:0\niface eth0:0 inherits web\n",
  },
];

test.each(same)(
  "$why that means the same is the boot configuration: nothing is written, and it stays when the VIP goes",
  ({ lines }) => {
    const host = hostWith(lines);
    const files = [...host.files];
    bring(host, want(director));
    expect(vipAlias.observe(host.seen(), want(director))).toMatchObject({ boot: true, live: true });
    expect([...host.files]).toEqual(files);
    expect(bring(host, want(director))).toEqual([]);
    bring(host, undefined, want(director));
    expect([...host.files]).toEqual(files);
    expect(host.addresses.some((one) => one.local.startsWith("192.168.4.5/"))).toBe(false);
  },
);

test("a stanza that the operator writes later takes the place of ours: the second of the two would fail at boot", () => {
  const host = hostWith("");
  bring(host, want(director));
  expect(host.files.has(OWN)).toBe(true);
  host.files.set(
    INTERFACES,
    `${host.files.get(INTERFACES) ?? ""}auto eth0:0\niface eth0:0 inet static\naddress 192.168.4.5/32\n`,
  );
  expect(vipAlias.observe(host.seen(), want(director))).toMatchObject({ boot: false, bootFile: "differs" });
  bring(host, want(director));
  expect(host.files.has(OWN)).toBe(false);
  expect(vipAlias.observe(host.seen(), want(director))).toMatchObject({ boot: true });
});

const at = (line: number) => `${INTERFACES}, line ${line},`;
const other = [
  {
    why: "another prefix",
    lines: "auto eth0:1\niface eth0:1 inet static\naddress 192.168.4.5/24\n",
    says: `${at(6)} brings 192.168.4.5/24 up at boot, and 192.168.4.5/32 is wanted. Write "address: 192.168.4.5/24", remove it there, or set "boot: false"`,
  },
  {
    why: "the class of the address as its prefix",
    lines: "auto eth0:1\niface eth0:1 inet static\naddress 192.168.4.5\n",
    says: `${at(6)} brings 192.168.4.5/24 up`,
  },
  {
    why: "another NIC",
    lines: "auto eth1\niface eth1 inet static\naddress 192.168.4.5/32\n",
    says: `${at(6)} brings 192.168.4.5 up on eth1 at boot, and eth0 is wanted`,
  },
  {
    why: "another label",
    label: "eth0:web",
    lines: "auto eth0:7\niface eth0:7 inet static\naddress 192.168.4.5/32\n",
    says: `${at(6)} brings 192.168.4.5 up at boot with the label eth0:7, and "eth0:web" is wanted. Set "label: eth0:7", or remove it there`,
  },
  {
    why: "a command that is not known",
    lines: "auto eth0\niface eth0 inet manual\nup /usr/local/sbin/vip 192.168.4.5\n",
    says: `${at(6)} may bring 192.168.4.5 up at boot, which cannot be judged: "up" has a command or a setting that we do not know`,
  },
  {
    why: "a file in which ifup stops reading",
    lines: "auto eth0:0\niface eth0:0 inet static\naddress 192.168.4.5/32\niface\n",
    says: `${at(6)} may bring 192.168.4.5 up at boot, which cannot be judged: ifup stops reading at ${INTERFACES}, line 7: iface without a name`,
  },
  ...["mapping eth0:*\nscript /usr/local/sbin/which\nauto eth0:0\n", "auto /eth0:*\n#\n#\n"].map((lines) => ({
    why: `a stanza behind ${JSON.stringify(lines)}`,
    lines: `${lines}iface eth0:0 inet static\naddress 192.168.4.5/32\n`,
    says: `${at(8)} may bring 192.168.4.5 up at boot, which cannot be judged: a pattern or a mapping chooses whether its stanza comes up`,
  })),
  {
    why: "two stanzas",
    lines:
      "auto eth0:0\niface eth0:0 inet static\naddress 192.168.4.5/32\niface eth0:0 inet static\naddress 192.168.4.5/32\n",
    says: `${at(6).slice(0, -1)}, and ${INTERFACES}, line 8, both bring 192.168.4.5 up at boot`,
  },
];

test("another NIC is refused with its line, also where its name is the label of an address", () => {
  const host = hostWith("auto eth1\niface eth1 inet static\naddress 192.168.4.5/32\n");
  host.ip("addr add 192.168.2.4/24 dev eth1");
  expect(() => bring(host, want(director))).toThrow(`${at(6)} brings 192.168.4.5 up on eth1 at boot`);
});

test.each(other)("$why is refused with its line, and is drift", ({ lines, says, label = "eth0:0" }) => {
  const host = hostWith(lines);
  const files = [...host.files];
  const goal = want({ ...director, label });
  expect(() => bring(host, goal)).toThrow(says);
  host.ip(`addr add 192.168.4.5/32 dev eth0 label ${label}`);
  expect(vipAlias.observe(host.seen(), goal)).toMatchObject({ boot: false, bootFile: "differs" });
  expect([...host.files]).toEqual(files);
});

test.each([
  { label: "eth0:7", lines: "auto eth0:7\niface eth0:7 inet static\naddress 192.168.4.5/32\n" },
  { label: "eth0", lines: "auto eth0\niface eth0 inet manual\nup ip addr add 192.168.4.5/32 dev eth0\n" },
])("the default label is what the operator's lines say: $label", ({ label, lines }) => {
  for (const before of [[], [`addr add 192.168.4.5/32 dev eth0 label ${label}`]]) {
    const host = hostWith(lines);
    for (const line of before) host.ip(line);
    const files = [...host.files];
    bring(host, want(director));
    expect(host.addresses.find(({ local }) => local === "192.168.4.5/32")?.label).toBe(label);
    expect(bring(host, want(director))).toEqual([]);
    expect([...host.files]).toEqual(files);
  }
});

const nothing = [
  "iface eth0:1 inet static\naddress 192.168.4.5/32\n",
  "allow-hotplug eth0:1\niface eth0:1 inet static\naddress 192.168.4.5/32\n",
  "auto eth0:1\niface eth0:1 inet static\naddress 192.168.4.50/32\ngateway 192.168.4.5\n",
  "auto eth0:1\niface eth0:1 inet manual\naddress 192.168.4.5/32\n",
  "auto eth0:1\niface eth0:1 inet manual\ndown ip addr add 192.168.4.5/32 dev eth0\n",
];

test.each(nothing)("does not bring it up at boot, so ours is written: %j", (lines) => {
  const host = hostWith(lines);
  bring(host, want(director));
  expect(host.files.has(OWN)).toBe(true);
});

test("boot: false leaves what the operator wrote to the operator, whatever it says", () => {
  for (const { lines } of [...same, ...other]) {
    const host = hostWith(lines);
    const goal = want({ ...director, boot: false });
    const files = [...host.files];
    bring(host, goal);
    expect(bring(host, goal)).toEqual([]);
    expect(vipAlias.observe(host.seen(), goal)).not.toHaveProperty("bootFile");
    expect([...host.files]).toEqual(files);
  }
});
