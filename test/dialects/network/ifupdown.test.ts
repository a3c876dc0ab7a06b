import { ifupdown } from "../../../provider/dialects/network/ifupdown/ifupdown";
import { director, networkSeen, realServer, vip } from "./network-seen";

const MAIN = "/etc/network/interfaces";
const text = (input: typeof director) =>
  ifupdown.files(vip(input), networkSeen(["ifupdown"], {})).map((file) => `${file.path}\n${file.text}`);

test("a director's stanza", () => {
  expect(text(director)).toEqual([
    `${MAIN}.d/pulumi-lvs-eth0-192-168-4-5
# director VIP 192.168.4.5, by pulumi-lvs
auto eth0:0
iface eth0:0 inet manual
    up ip addr replace 192.168.4.5/32 dev eth0 label eth0:0
    down ip addr del 192.168.4.5/32 dev eth0 || true
`,
  ]);
});

test("IPv6 has no labels: one more stanza for the device, without a duplicate check", () => {
  expect(text({ ...director, address: "2001:db8::5" })).toEqual([
    `${MAIN}.d/pulumi-lvs-eth0-2001-db8--5
# director VIP 2001:db8::5, by pulumi-lvs
auto eth0
iface eth0 inet6 manual
    up ip addr replace 2001:db8::5/128 dev eth0 nodad
    down ip addr del 2001:db8::5/128 dev eth0 || true
`,
  ]);
});

test("a dummy is made before its address", () => {
  expect(text({ ...realServer, device: "dummy0" })[0]).toContain(
    `    pre-up [ -e /sys/class/net/dummy0 ] || ip link add dummy0 type dummy || [ -e /sys/class/net/dummy0 ]
    pre-up ip link set dummy0 alias pulumi-lvs up
`,
  );
});

test("a file's name has no dots, which source-directory would pass over", () => {
  const [file] = ifupdown.files(vip({ ...director, device: "eth0.5" }), networkSeen(["ifupdown"], {}));
  expect(file?.path).toBe(`${MAIN}.d/pulumi-lvs-eth0-5-192-168-4-5`);
});

const sources = [
  { line: "source /etc/network/interfaces.d/*", reads: true },
  { line: "source interfaces.d/*", reads: true },
  { line: "  source-directory   /etc/network/interfaces.d", reads: true },
  { line: "source-directory interfaces.d/", reads: true },
  { line: "source /etc/network/interfaces.d/*.cfg", reads: false },
  { line: "source /etc/network/other.d/*", reads: false },
  { line: "source /etc/network/interfaces.d/[z-a]*", reads: false },
  { line: "# source /etc/network/interfaces.d/*", reads: false },
  { line: "", reads: false },
];

test("a source line with a class of characters cannot be judged", () => {
  const config = networkSeen(["ifupdown"], { [MAIN]: `source ${MAIN}.d/[[:alpha:]]*\n` });
  expect(ifupdown.blockedBy(vip(director), config)).toContain(`${MAIN}, line 1, as ifup does: cannot expand "source`);
});

test.each(sources)('whether "$line" reads our file: $reads', ({ line, reads }) => {
  const config = networkSeen(["ifupdown"], { [MAIN]: `auto lo\niface lo inet loopback\n${line}\n` });
  const says = `${MAIN} does not read ${MAIN}.d: add the line "source ${MAIN}.d/*" to it, or set "boot: false"`;
  expect(ifupdown.blockedBy(vip(director), config)).toBe(reads ? undefined : says);
});

test("a stanza of the same name elsewhere would make ifup fail at the second", () => {
  const config = networkSeen(["ifupdown"], { [MAIN]: `source ${MAIN}.d/*\nauto eth0:0\niface eth0:0 inet static\n` });
  expect(ifupdown.blockedBy(vip(director), config)).toBe(
    `${MAIN}, line 3, has a stanza for eth0:0 already. Choose another label, or remove that stanza`,
  );
  expect(ifupdown.blockedBy(vip({ ...director, label: "eth0:1" }), config)).toBeUndefined();
});

test.each([
  { text: "#x\nCONFIGURE_INTERFACES='no'\n", says: "line 2, has CONFIGURE_INTERFACES=no, so nothing comes up at boot" },
  { text: 'EXCLUDE_INTERFACES="lo eth0:*"\n', says: "line 1, excludes eth0:0 at boot" },
  { text: "EXCLUDE_INTERFACES=eth1\nCONFIGURE_INTERFACES=yes\n", says: undefined },
])("what ifup passes over at boot: $text", ({ text: defaults, says }) => {
  const files = { [MAIN]: `source ${MAIN}.d/*\n`, "/etc/default/networking": defaults };
  const problem = ifupdown.blockedBy(vip(director), networkSeen(["ifupdown"], files));
  if (says === undefined) expect(problem).toBeUndefined();
  else expect(problem).toContain(says);
});
