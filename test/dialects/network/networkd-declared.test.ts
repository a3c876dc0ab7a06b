import { declaredByNetworkd } from "../../../provider/dialects/network/networkd/declared";
import { networkSeen } from "./network-seen";

const FILE = "/etc/systemd/network/10-eth0.network";
const HEAD = "[Match]\nName=eth0\n";

function declared(files: Readonly<Record<string, string>>, address = "192.168.4.5/32") {
  const config = networkSeen(["networkd"], files, { eth0: { networkFile: FILE } });
  return declaredByNetworkd({ address }, config).map((one) => [one.line, one.address, one.label, one.unclear]);
}

test.each([
  { text: "[Network]\nAddress=192.168.4.5/32\n", says: [[4, "192.168.4.5/32", "eth0", undefined]] },
  { text: "[Network]\n  Address = 192.168.4.5/32 \n", says: [[4, "192.168.4.5/32", "eth0", undefined]] },
  { text: "[Network]\nAddress=192.168.4.5\n", says: [[4, undefined, "eth0", expect.stringContaining("no prefix")]] },
  { text: "[Network]\rAddress=192.168.4.5/24\r\n", says: [[3, "192.168.4.5/24", "eth0", undefined]] },
  { text: "[Network]\nAddress=192.168.4.5/024\n", says: [[4, "192.168.4.5/20", "eth0", undefined]] },
  { text: "[Network]\nAddress=192.168.4.5/0x18\n", says: [[4, "192.168.4.5/24", "eth0", undefined]] },
  { text: "[Network]\nAddress=192.168.4.5/255.255.255.0\n", says: [] },
  { text: '[Network]\nAddress="192.168.4.5/32"\nAddress=192.168.4.5/32 # x\naddress=192.168.4.5/32\n', says: [] },
  { text: "[Network]\nAddress=192.168.4.5/32\\ \nAddress=192.168.4.5/32\\\\\n", says: [] },
  { text: "[ Network ]\nAddress=192.168.4.5/32\n", says: [] },
  { text: "[Network]\nAddress=192.168.4.5/32\n[Address] # x\n", says: [] },
  { text: "[Address]\nAddress=192.168.4.5/32\nLabel=waytoolongalabel\n", says: [] },
  {
    text: "[Address]\nLabel=\nAddress=192.168.4.5/32\n",
    says: [[5, undefined, "eth0", expect.stringContaining("an empty Label=")]],
  },
  { text: "[Address]\nAddress=192.168.4.5/32\nAddress=x\n", says: [] },
  { text: "[Address]\nAddress=192.168.4.5/32\nAddress=192.168.4.9/32\n", says: [] },
  {
    text: "[Address]\nAddress=192.168.4.5/32\nLabel=eth0:1\n[Network]\nAddress=192.168.4.5/24\nAddress=192.168.4.5/32\n",
    says: [
      [7, "192.168.4.5/24", "eth0", undefined],
      [8, undefined, "eth0", expect.stringContaining("a line above says something else")],
    ],
  },
  {
    text: "[Address]\nAddress=192.168.4.5/32\nScope=x\n",
    says: [[4, undefined, "eth0", "line 5 has Scope=x, which we do not know"]],
  },
  {
    text: "[Address]\nAddress=192.168.4.5/32\nAddress=\nAddress=2001:db8::5/128\n",
    says: [[6, undefined, "eth0", expect.stringContaining("an empty Address= too")]],
  },
  {
    text: "[Address]\n# one\nLabel=eth0:web\nAddress=\\\n; two\n  192.168.4.5/24\n[Address]\nLabel=eth0:x\n",
    says: [[6, "192.168.4.5/24", "eth0:web", undefined]],
  },
  {
    text: "[Address]\nAddress=192.168.4.5/32\n[Network]\nAddress=\nAddress=192.168.4.9/24\n",
    says: [[4, undefined, "eth0", expect.stringContaining("takes it back on newer versions")]],
  },
  {
    text: "[Network]\nAddress=192.168.4.5/24\nAddress=\nAddress=192.168.4.5/24\n",
    says: [[6, "192.168.4.5/24", "eth0", undefined]],
  },
  { text: "[Network]\n;Address=192.168.4.5/32\nGateway=192.168.4.5\n[Route]\nAddress=192.168.4.5\n", says: [] },
  {
    text: "[Address]\nAddress=192.168.4.5/32\nPeer=192.168.4.8/32\n",
    says: [[4, undefined, "eth0", "it has a peer"]],
  },
])("a .network file: $text", ({ text, says }) => {
  expect(declared({ [FILE]: HEAD + text })).toEqual(says);
});

test("drop-ins of all folders count, each name once, and ours do not", () => {
  const dropIn = "[Address]\nAddress=2001:0DB8::5/128\n";
  const files = {
    [FILE]: HEAD,
    "/run/systemd/network/10-eth0.network.d/b.conf": dropIn,
    "/etc/systemd/network/10-eth0.network.d/b.conf": "",
    "/usr/lib/systemd/network/10-eth0.network.d/a.conf": dropIn,
    [`${FILE}.d/pulumi-lvs-eth0-2001-db8--5.conf`]: dropIn,
    [`${FILE}.d/c.txt`]: dropIn,
    "/etc/systemd/network/20-eth1.network": `[Match]\nName=eth1\n[Network]\nAddress=2001:db8::5/64\n`,
  };
  expect(declared(files, "2001:db8::5/128")).toEqual([[2, "2001:db8::5/128", undefined, undefined]]);
});

test("two lines that mean the same are one, and of IPv6 two prefixes are a contradiction", () => {
  const same = `${HEAD}[Network]\nAddress=2001:db8::5/128\nAddress=2001:db8:0::5/0x80\n`;
  expect(declared({ [FILE]: same }, "2001:db8::5/128")).toEqual([[5, "2001:db8::5/128", undefined, undefined]]);
  expect(declared({ [FILE]: same.replace("/128", "/64") }, "2001:db8::5/128")).toEqual([
    [5, undefined, undefined, expect.stringContaining("a line above says something else")],
  ]);
});
